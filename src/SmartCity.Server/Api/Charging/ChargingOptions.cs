using System.ComponentModel.DataAnnotations;
using SmartCity.Domain.Charging;

namespace SmartCity.Server.Api.Charging;

/// <summary>What a city may set about its figures: section <c>charging</c>.</summary>
internal sealed class ChargingOptions
{
    /// <summary>A session without an end is closed this many hours after its last record.</summary>
    [Range(1, 168)]
    public double MaxSessionHours { get; set; } = 12;

    /// <summary>The most energy a port may give, as a multiple of its rated power.</summary>
    [Range(1, 10)]
    public double RiseFactor { get; set; } = 1.5;

    /// <summary>What the resolution of a counter may add to a rise, Wh.</summary>
    [Range(0, 1000)]
    public double RiseAllowanceWh { get; set; } = 10;

    /// <summary>How many of a compound's ports have to be seen to know whether it is full, %.</summary>
    [Range(1, 100)]
    public int SeenPercentMin { get; set; } = 80;

    public ChargingRules ToRules() => new()
    {
        MaxSession = TimeSpan.FromHours(MaxSessionHours),
        RiseFactor = RiseFactor,
        RiseAllowanceWh = RiseAllowanceWh,
        SeenPercentMin = SeenPercentMin,
    };
}
