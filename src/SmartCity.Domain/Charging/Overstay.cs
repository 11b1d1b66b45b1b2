using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>A plug was in a port and nothing flowed during [Since, Until).</summary>
/// <param name="Status">What the port was last: PLUGGED, SUSPENDED_BY_PILE or FINISHED_PLUGGED.</param>
/// <param name="Version">The place of the pile's version at the end.</param>
/// <param name="Session">The last session of this plug; null when none is known or it has not begun.</param>
public readonly record struct Overstay(
    int Port, Instant Since, Instant Until, PortStatus Status, int Version, string? Session)
{
    /// <summary>How long nothing flowed.</summary>
    public TimeSpan Duration => Until - Since;

    /// <summary>How much of it lies in [from, until).</summary>
    public TimeSpan Within(Instant from, Instant until)
    {
        var (first, last) = (Instant.Later(Since, from), Instant.Earlier(Until, until));
        return last > first ? last - first : TimeSpan.Zero;
    }
}
