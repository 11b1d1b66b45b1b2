using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Adds up verdicts.</summary>
public static class Compliance
{
    /// <summary>A miss is followed for this long after its cutoff, so the response does not depend on the dates asked about.</summary>
    public static readonly TimeSpan FollowMax = TimeSpan.FromDays(3);

    /// <summary>The figures of every group and bucket that has an obligation, by group, then by bucket.</summary>
    /// <param name="outcomes">By point, then by start.</param>
    /// <param name="isCounted">Which of them count. The others still end the gaps between collections, and answer misses.</param>
    /// <param name="groupOf">The group of an obligation.</param>
    /// <param name="first">The first service date asked about.</param>
    /// <param name="last">The last service date asked about, inclusive.</param>
    public static IReadOnlyList<(ComplianceKey Key, ComplianceFigures Figures)> Of(
        IEnumerable<ObligationOutcome> outcomes, Func<Obligation, bool> isCounted, Func<Obligation, string> groupOf,
        ServiceDateBucket bucket, DateOnly first, DateOnly last)
    {
        var rows = new Dictionary<ComplianceKey, ComplianceTally>();
        string? point = null;
        Instant? before = null;
        var missed = new List<(Instant Cutoff, ComplianceTally Row)>();
        foreach (var outcome in outcomes)
        {
            var obligation = outcome.Obligation;
            if (point != obligation.Point.Id)
            {
                (point, before) = (obligation.Point.Id, null);
                missed.Clear();
            }
            if (missed.Count > 0 && outcome.Primary is { } visit)
            {
                Follow(missed, visit.Decision);
            }
            var gap = outcome.Primary?.Decision - before;
            before = outcome.Primary?.Decision ?? before;
            if (isCounted(obligation))
            {
                var key = ComplianceKey.Of(groupOf(obligation), obligation.ServiceDate, bucket, first, last);
                var row = rows.TryGetValue(key, out var known) ? known : rows[key] = new ComplianceTally();
                row.Add(outcome, gap);
                if (outcome.Verdict == Verdict.Missed)
                {
                    missed.Add((obligation.AcceptUntil, row));
                }
            }
            if (outcome.Extra is { } extra)
            {
                Follow(missed, extra);
            }
        }
        return
        [
            .. rows.Select(r => (r.Key, r.Value.ToFigures())).OrderBy(r => r.Key.GroupId, StringComparer.Ordinal)
                .ThenBy(r => r.Key.First).ThenBy(r => r.Key.Weekday),
        ];
    }

    /// <summary>A visit ends the wait of the missed ones whose cutoff it comes after.</summary>
    private static void Follow(List<(Instant Cutoff, ComplianceTally Row)> missed, Instant served)
    {
        foreach (var (cutoff, row) in missed.Where(miss => miss.Cutoff <= served))
        {
            if (served - cutoff <= FollowMax)
            {
                row.AddResponse(served - cutoff);
            }
        }
        missed.RemoveAll(miss => miss.Cutoff <= served);
    }
}
