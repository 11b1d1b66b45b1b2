using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>What happened at one point: the visits of all trucks, cut at the windows, and which obligation each serves.</summary>
internal static class OraclePoint
{
    private const long SplitMs = 10 * 60_000;

    /// <summary>The visits with their roles.</summary>
    public static List<OracleVisit> Of(OracleTown town, string pointId, List<OracleVisit> visits, List<OracleDue> due)
    {
        AddDrops(town, pointId, visits);
        List<OracleVisit> cut = [.. visits.SelectMany(v => Cut(v, due))];
        foreach (var visit in cut)
        {
            var bins = town.Registry.Bins.Count(b => b.PointId == pointId && OracleTown.Holds(b, visit.First));
            visit.Completeness = visit.Tags == 0 || bins == 0 ? 0 : visit.Tags >= 0.9 * bins ? 2 : 1;
        }
        Match(cut, due);
        return cut;
    }

    /// <summary>Bins that were emptied between two readings; each goes to the best visit that it can belong to.</summary>
    private static void AddDrops(OracleTown town, string pointId, List<OracleVisit> visits)
    {
        var loose = new List<OracleMark>();
        foreach (var (after, seen) in Drops(town, pointId).OrderBy(d => d.Seen))
        {
            var mark = new OracleMark(seen, Shown.FillDrop, -1, null, 0);
            var best = visits.Where(v => v.DistanceOf(after, seen) is not null).OrderByDescending(v => v.Grade)
                .ThenByDescending(v => v.StoppedMs).ThenBy(v => v.First).ThenBy(v => v.Truck, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best is null)
            {
                loose.Add(mark);
            }
            else
            {
                best.Marks.Add(mark with { At = Math.Min(seen, best.Last) });
            }
        }
        visits.AddRange(OracleVisits.Chained(town, "", pointId, loose));
    }

    private static IEnumerable<(long After, long Seen)> Drops(OracleTown town, string pointId)
    {
        var device = OracleTown.FirstPoint + OracleTown.NumberOf(pointId);
        var readings = OracleRecords.Of(town.Deliveries, device, town.Evaluation).Where(r => !r.Undatable)
            .Select(r => (r.At, Filled: (Filled)r.Delivery.What)).Where(r => r.Filled.Ratio is not null);
        foreach (var bin in readings.GroupBy(r => r.Filled.Bin))
        {
            foreach (var (before, after) in bin.Zip(bin.Skip(1)))
            {
                if ((decimal)before.Filled.Ratio! - (decimal)after.Filled.Ratio! >= 0.3m && (decimal)after.Filled.Ratio <= 0.2m
                    && after.At - before.At <= 90 * 60 && town.PointAt(pointId, after.At * 1000) is not null)
                {
                    yield return (before.At * 1000, after.At * 1000);
                }
            }
        }
    }

    /// <summary>Rule 10: a visit that meets two acceptances, also of cancelled windows, is cut where most time passed between two
    /// of its moments, or between two tags.</summary>
    private static IEnumerable<OracleVisit> Cut(OracleVisit visit, List<OracleDue> due)
    {
        var (first, last) = (visit.Marks.Min(m => m.At), visit.Marks.Max(m => m.At));
        var met = due.Count(d => d.From < d.Until && first < d.Until && last >= d.From);
        var middle = met < 2 ? null : LongestHole(visit.Marks) ?? LongestHole(visit.Marks.Where(m => m.Tag is not null));
        return middle is not { } at ? [visit] :
        [
            .. Cut(visit with { Marks = [.. visit.Marks.Where(m => m.At < at)], Left = null, Whole = visit.Whole ?? visit.Marks }, due),
            .. Cut(visit with { Marks = [.. visit.Marks.Where(m => m.At >= at)], Whole = visit.Whole ?? visit.Marks }, due),
        ];
    }

    private static long? LongestHole(IEnumerable<OracleMark> marks)
    {
        var times = marks.Select(m => m.At).Order().ToList();
        var holes = times.Zip(times.Skip(1)).Where(p => p.Second - p.First >= SplitMs).ToList();
        return holes.Count == 0 ? null
            : holes.OrderByDescending(p => p.Second - p.First).Select(p => (p.First + p.Second) / 2).First();
    }

    private static void Match(List<OracleVisit> visits, List<OracleDue> due)
    {
        List<OracleVisit> free = [.. visits.Where(v => v.Grade >= EvidenceGrade.C)];
        var open = due.Where(d => !d.IsCancelled).ToList();
        foreach (var window in open)
        {
            Credit(window, free, free.Where(v => window.IsOnTime(v.Decision)).OrderByDescending(v => v.Grade)
                .ThenByDescending(v => v.Completeness).ThenBy(v => v.Decision));
        }
        foreach (var window in open.Where(w => visits.TrueForAll(v => v.DueId != w.Id)))
        {
            Credit(window, free, free.Where(v => window.Accepts(v.Decision))
                .OrderBy(v => Math.Abs(window.DeviationOf(v.Decision))).ThenBy(v => v.Decision));
        }
        foreach (var visit in visits.Where(v => v.DueId is null))
        {
            var window = visit.Grade < EvidenceGrade.C ? null : open.Find(d => d.Accepts(visit.Decision));
            visit.DueId = window?.Id;
            visit.Role = visit.Grade < EvidenceGrade.C ? VisitRole.Transit : window is null ? VisitRole.Extra : VisitRole.Duplicate;
        }
    }

    private static void Credit(OracleDue window, List<OracleVisit> free, IOrderedEnumerable<OracleVisit> candidates)
    {
        if (candidates.ThenBy(v => v.Truck, StringComparer.Ordinal).ThenBy(v => v.First).FirstOrDefault() is { } best)
        {
            (best.Role, best.DueId) = (VisitRole.Primary, window.Id);
            free.Remove(best);
        }
    }
}
