using SmartCity.Domain.Faults;

namespace SmartCity.Domain.Charging;

/// <summary>What a city may set of the rules that turn records into figures. The defaults are the documented ones.</summary>
public sealed record ChargingRules
{
    /// <summary>The defaults.</summary>
    public static ChargingRules Default { get; } = new();

    /// <summary>A session without an end is closed this long after its last record.</summary>
    public TimeSpan MaxSession { get; init; } = TimeSpan.FromHours(12);

    /// <summary>The most energy a port may give, as a multiple of its rated power.</summary>
    public double RiseFactor { get; init; } = 1.5;

    /// <summary>What a counter's resolution may add to a rise, Wh.</summary>
    public double RiseAllowanceWh { get; init; } = 10;

    /// <summary>A compound's saturation is known when at least this share of its ports is seen, %.</summary>
    public int SeenPercentMin { get; init; } = 80;

    /// <summary>When the server raises faults by itself.</summary>
    public FaultThresholds Thresholds { get; init; } = FaultThresholds.Default;
}
