using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>A span of time, [From, Until).</summary>
public readonly record struct InstantSpan(Instant From, Instant Until);

/// <summary>When a pile was OFFLINE: it lives in silences that are too long, and begins earlier where a Will says so.</summary>
public static class OfflineSpans
{
    /// <summary>The spans up to the evaluation, oldest first. The last one is still going on if it ends at the evaluation.</summary>
    public static IReadOnlyList<InstantSpan> Of(PileHistory history, Instant evaluation)
    {
        var spans = new List<InstantSpan>();
        foreach (var silence in history.Silences.Distinct().OrderBy(s => s.From))
        {
            var until = Instant.Earlier(silence.Until ?? evaluation, evaluation);
            var limit = OfflineAfter(history, silence.From);
            if (until - silence.From > limit)
            {
                spans.Add(new InstantSpan(Start(history.Wills, silence.From, silence.From + limit), until));
            }
        }
        return spans;
    }

    /// <summary>Whether the pile is in a silence that is too long at the evaluation.</summary>
    public static bool IsSilentAt(PileHistory history, Instant evaluation) =>
        Of(history, evaluation) is { Count: > 0 } spans && spans[^1].Until >= evaluation;

    /// <summary>How long this pile may be silent from a moment on: by the version then, else the next, else the last.</summary>
    private static TimeSpan OfflineAfter(PileHistory history, Instant at)
    {
        var found = history.VersionAt(at);
        for (var i = 0; found < 0 && i < history.Versions.Count; i++)
        {
            found = history.Versions[i].Validity.From > at ? i : -1;
        }
        var version = found >= 0 ? history.Versions[found] : history.Versions[^1];
        return DerivedStatus.OfflineAfter(version.ReportInterval);
    }

    private static Instant Start(List<Instant> wills, Instant from, Instant latest)
    {
        foreach (var will in wills)
        {
            if (will >= from)
            {
                return Instant.Earlier(will, latest);
            }
        }
        return latest;
    }
}
