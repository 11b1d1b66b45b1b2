using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>Rule 14: the figures of some obligations.</summary>
internal sealed class OracleFigures
{
    private static readonly Verdict[] OpenOnes = [Verdict.Upcoming, Verdict.Pending, Verdict.Overdue];

    private readonly List<OracleOutcome> row;
    private readonly List<long> responses = [];

    /// <param name="asked">Those that count, of one row.</param>
    /// <param name="all">All of the points: a collection ends a gap whether or not it was asked about.</param>
    /// <param name="extras">Visits between the windows.</param>
    public OracleFigures(
        IEnumerable<OracleOutcome> asked, IReadOnlyList<OracleOutcome> all, IReadOnlyList<(string PointId, long At)> extras)
    {
        row = [.. asked.OrderBy(o => o.Due.Start)];
        foreach (var ofPoint in row.GroupBy(o => o.Due.PointId))
        {
            var streak = 0;
            foreach (var outcome in ofPoint)
            {
                streak = outcome.Verdict == Verdict.Missed ? streak + 1 : outcome.Primary is not null ? 0 : streak;
                MissStreak = Math.Max(MissStreak, streak);
                var before = all.Where(o => o.Due.PointId == ofPoint.Key && o.Primary?.Decision < outcome.Primary?.Decision)
                    .Max(o => o.Primary?.Decision);
                AddResponse(outcome, all, extras);
                MaxGap = Max(MaxGap, outcome.Primary?.Decision - before);
            }
        }
    }

    public long? MaxGap { get; }

    public int MissStreak { get; }

    private int Due => row.Count(IsDue);

    private int Served => Count(Verdict.OnTime) + Count(Verdict.Early) + Count(Verdict.Late);

    public override string ToString()
    {
        var known = Due - Count(Verdict.Undetermined);
        var days = row.GroupBy(o => (o.Due.PointId, o.Due.Date)).Where(d => d.Any(IsDue) && !d.Any(IsOpen)).ToList();
        var full = days.Count(d => d.Where(IsDue).All(o => o.Verdict == Verdict.OnTime));
        return string.Join(
            ' ', row.Count, Count(Verdict.Cancelled), Count(Verdict.Excused), row.Count(IsOpen), Due, Count(Verdict.OnTime),
            Count(Verdict.Early), Count(Verdict.Late), Count(Verdict.Missed), Count(Verdict.Undetermined), "rates", Rate(Served, Due),
            Rate(Count(Verdict.OnTime), Due), Rate(Count(Verdict.Missed), Due), Rate(Served, known),
            Rate(Count(Verdict.OnTime), known), Rate(full, days.Count), Rate(Points(o => o.Primary is not null), Points(IsDue)),
            Rate(known, Due), "of", row.Count(o => o.Primary?.Probable == true), row.Count(o => o.Substituted), full, days.Count,
            Points(_ => true), MaxGap, MissStreak, Deviation(50), Deviation(90),
            "after", responses.Count, Percentile(responses, 50), Percentile(responses, 90));
    }

    /// <summary>The same of the domain.</summary>
    public static string Tell(ComplianceFigures f) => string.Join(
        ' ', f.Scheduled, f.Cancelled, f.Excused, f.Open, f.Due, f.OnTime, f.Early, f.Late, f.Missed, f.Undetermined, "rates",
        f.CompletionRate, f.OnTimeRate, f.MissedRate, f.CompletionRateDetermined, f.OnTimeRateDetermined, f.FullDayCompliance,
        f.Coverage, f.Completeness, "of", f.Probable, f.Substituted, f.FullDays, f.DaysDue, f.Points, f.MaxGap?.TotalMilliseconds,
        f.LongestMissStreak, f.DeviationP50?.TotalMilliseconds, f.DeviationP90?.TotalMilliseconds, "after", f.MissesFollowed,
        f.MissResponseP50?.TotalMilliseconds, f.MissResponseP90?.TotalMilliseconds);

    private void AddResponse(
        OracleOutcome outcome, IReadOnlyList<OracleOutcome> all, IReadOnlyList<(string PointId, long At)> extras)
    {
        List<long> later =
        [
            .. all.Where(o => o.Due.PointId == outcome.Due.PointId && o.Primary is not null).Select(o => o.Primary!.Decision)
                .Concat(extras.Where(e => e.PointId == outcome.Due.PointId).Select(e => e.At)).Where(at => at >= outcome.Due.Until),
        ];
        if (outcome.Verdict == Verdict.Missed && later.Count > 0)
        {
            responses.Add(later.Min() - outcome.Due.Until);
        }
    }

    private static bool IsOpen(OracleOutcome outcome) => OpenOnes.Contains(outcome.Verdict);

    private static bool IsDue(OracleOutcome outcome) =>
        !IsOpen(outcome) && outcome.Verdict is not (Verdict.Cancelled or Verdict.Excused);

    private static double? Rate(int part, int whole) => whole == 0 ? null : (double)part / whole;

    private static long? Max(long? a, long? b) => a is null || b > a ? b ?? a : a;

    private int Count(Verdict verdict) => row.Count(o => o.Verdict == verdict);

    private int Points(Func<OracleOutcome, bool> has) => row.Where(has).Select(o => o.Due.PointId).Distinct().Count();

    /// <summary>The smallest that so many of a hundred do not exceed.</summary>
    private long? Deviation(int percent) =>
        Percentile(row.Where(o => o.Primary is not null).Select(o => o.Due.DeviationOf(o.Primary!.Decision)), percent);

    private static long? Percentile(IEnumerable<long> values, int percent)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? null : sorted.First(d => sorted.Count(other => other <= d) * 100 >= percent * sorted.Count);
    }
}
