using System.ComponentModel.DataAnnotations;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;

namespace SmartCity.Server.Api.Charging;

/// <summary>What a city may set about its figures: section <c>charging</c>.</summary>
internal sealed class ChargingOptions
{
    /// <summary>A session without an end is closed this many hours after its last record.</summary>
    [Range(1.0, 168.0)]
    public double MaxSessionHours { get; set; } = 12;

    /// <summary>The most energy a port may give, as a multiple of its rated power.</summary>
    [Range(1.0, 10.0)]
    public double RiseFactor { get; set; } = 1.5;

    /// <summary>What the resolution of a counter may add to a rise, Wh.</summary>
    [Range(0.0, 1000.0)]
    public double RiseAllowanceWh { get; set; } = 10;

    /// <summary>How many of a compound's ports have to be seen to know whether it is full, %.</summary>
    [Range(1, 100)]
    public int SeenPercentMin { get; set; } = 80;

    /// <summary>102 is raised at this temperature of a port, C.</summary>
    [Range(30.0, 80.0)]
    public double PortTempC { get; set; } = FaultThresholds.Default.PortTempC;

    /// <summary>107 is raised below this temperature of the air, C.</summary>
    [Range(-60.0, 10.0)]
    public double AmbientMinC { get; set; } = FaultThresholds.Default.AmbientMinC;

    /// <summary>204 is raised above this multiple of the rated power.</summary>
    [Range(1.0, 3.0)]
    public double PowerFactor { get; set; } = FaultThresholds.Default.PowerFactor;

    /// <summary>106 is raised this much above what power and air explain, K.</summary>
    [Range(10.0, 60.0)]
    public double RiseExcessK { get; set; } = FaultThresholds.Default.RiseExcessK;

    /// <summary>705 is raised at so many changes in 10 minutes.</summary>
    [Range(2, 100)]
    public int FlapChanges { get; set; } = FaultThresholds.Default.FlapChanges;

    public ChargingRules ToRules() => new()
    {
        MaxSession = TimeSpan.FromHours(MaxSessionHours),
        RiseFactor = RiseFactor,
        RiseAllowanceWh = RiseAllowanceWh,
        SeenPercentMin = SeenPercentMin,
        Thresholds = new FaultThresholds
        {
            PortTempC = PortTempC,
            AmbientMinC = AmbientMinC,
            PowerFactor = PowerFactor,
            RiseExcessK = RiseExcessK,
            FlapChanges = FlapChanges,
        },
    };
}
