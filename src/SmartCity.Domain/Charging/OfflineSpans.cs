using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>A pile was OFFLINE during [From, Until).</summary>
/// <param name="IsOpen">It has not been heard since; Until is the evaluation then.</param>
public readonly record struct OfflineSpan(Instant From, Instant Until, bool IsOpen);

/// <summary>When a pile was OFFLINE: it lives in silences that are too long, and begins earlier where a Will says so.</summary>
public static class OfflineSpans
{
    /// <summary>The spans up to the evaluation, oldest first.</summary>
    public static IReadOnlyList<OfflineSpan> Of(PileHistory history, Instant evaluation)
    {
        var spans = new List<OfflineSpan>();
        foreach (var silence in history.Silences.Distinct().OrderBy(s => s.From))
        {
            var until = Instant.Earlier(silence.Until ?? evaluation, evaluation);
            var limit = OfflineAfter(history, silence.From);
            if (until - silence.From > limit)
            {
                spans.Add(new OfflineSpan(Start(history.Wills, silence.From, silence.From + limit), until,
                    silence.Until is not { } heard || heard > evaluation));
            }
        }
        return spans;
    }

    /// <summary>Whether the pile is in a silence that is too long at the evaluation.</summary>
    public static bool IsSilentAt(PileHistory history, Instant evaluation) =>
        Of(history, evaluation) is { Count: > 0 } spans && spans[^1].IsOpen;

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
