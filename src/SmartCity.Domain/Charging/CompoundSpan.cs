using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>What the ports of one kind in a compound were together for a while: so many were free, taken, and so on.</summary>
/// <param name="Broken">UNAVAILABLE or FAULTED.</param>
internal readonly record struct CompoundSpan(Instant From, Instant Until, int Free, int Taken, int Broken, int Offline, int Unknown)
{
    /// <summary>All its ports.</summary>
    public int Ports => Free + Taken + Broken + Offline + Unknown;

    /// <summary>How long it lasted, ms.</summary>
    public long Milliseconds => Until.Milliseconds - From.Milliseconds;

    /// <summary>Every port was down.</summary>
    public bool IsBlackout => Broken + Offline == Ports;

    /// <summary>Enough ports were seen to tell whether one was free.</summary>
    public bool IsKnown(int seenPercentMin) => (Free + Taken + Broken) * 100L >= (long)Ports * seenPercentMin;

    /// <summary>Enough were seen, at least one was in order, and none was free.</summary>
    public bool IsSaturated(int seenPercentMin) => IsKnown(seenPercentMin) && Taken > 0 && Free == 0;

    /// <summary>Enough were seen, and one was free: who came was served.</summary>
    public bool IsOpen(int seenPercentMin) => IsKnown(seenPercentMin) && Free > 0;
}
