using SmartCity.Domain.Registry;

namespace SmartCity.Domain.Charging;

/// <summary>How the ports of one kind in a compound were used in a period: what advice about their number is made of. Hours are local
/// hours of the day, 0..23.</summary>
public sealed class CapacityUse
{
    /// <summary>Hours in a day.</summary>
    public const int Hours = 24;

    /// <summary>The compound.</summary>
    public required string CompoundId { get; init; }

    /// <summary>The kind of its piles.</summary>
    public required PileKind Kind { get; init; }

    /// <summary>Ports commissioned at the period's end.</summary>
    public required int Ports { get; init; }

    /// <summary>By hour the time in which enough ports were seen and one was free, ms.</summary>
    public long[] OpenMs { get; } = new long[Hours];

    /// <summary>By hour the time in which it was saturated, ms: who came went away, and nobody knows how many did.</summary>
    public long[] SaturatedMs { get; } = new long[Hours];

    /// <summary>Time in which too few ports were seen, or none was in order, ms.</summary>
    public long UnknownMs { get; set; }

    /// <summary>By hour the sessions for which somebody came while a port was free.</summary>
    public int[] Arrivals { get; } = new int[Hours];

    /// <summary>Sessions that began on ports that were seen, whether the last one was free or not.</summary>
    public int Sessions { get; set; }

    /// <summary>Each time that a port was taken (occupied or reserved) without a break, within the period, ms; in order of
    /// length.</summary>
    public required IReadOnlyList<long> StaysMs { get; init; }

    /// <summary>Port time UNAVAILABLE or FAULTED while enough ports were seen, ms.</summary>
    public long BrokenMs { get; set; }

    /// <summary>How long a session takes a port for on average, h; null without sessions.</summary>
    public double? HoldHours => Sessions == 0 ? null : StaysMs.Sum() / MsPerHour / Sessions;

    /// <summary>How many ports were UNAVAILABLE or FAULTED on average; null when too few were ever seen.</summary>
    public double? BrokenPorts => KnownMs == 0 ? null : (double)BrokenMs / KnownMs;

    internal const double MsPerHour = 3_600_000;

    internal long KnownMs => OpenMs.Sum() + SaturatedMs.Sum();
}
