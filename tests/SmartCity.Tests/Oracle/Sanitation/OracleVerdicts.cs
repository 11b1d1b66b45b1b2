using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>What became of an obligation.</summary>
internal sealed record OracleOutcome(OracleDue Due, Verdict Verdict, OracleVisit? Primary, bool Final, bool Substituted);

/// <summary>Rules 11 and 12: every obligation asked about with its verdict.</summary>
internal sealed class OracleVerdicts
{
    private const double UnseenMetresPerMs = 60 / 3600.0;

    private readonly OracleTown town;
    private readonly Dictionary<string, OracleTruck> trucks;
    private readonly long evaluation;

    public OracleVerdicts(OracleTown town)
    {
        (this.town, evaluation) = (town, town.Evaluation * 1000);
        trucks = Enumerable.Range(0, OracleTown.FirstPoint).Select(number => new OracleTruck(town, number)).ToDictionary(t => t.Id);
        var due = town.PointIds.ToDictionary(id => id, id => OracleSchedule.Of(town, id));
        List<OracleDue> allDue = [.. due.Values.SelectMany(d => d)];
        List<OracleVisit> all = [.. trucks.Values.SelectMany(t => OracleVisits.Of(town, t, allDue))];
        foreach (var id in town.PointIds)
        {
            var visits = OraclePoint.Of(town, id, all.FindAll(v => v.PointId == id), due[id]);
            Visits.AddRange(visits);
            Extras.AddRange(visits.FindAll(v => v.Role == VisitRole.Extra && EndsWait(v.Decision, due[id])).Select(v => (id, v.Decision)));
            Outcomes.AddRange(due[id].Where(d => d.Date >= town.First && d.Date <= town.Last).Select(d => Judge(d, visits)));
        }
    }

    public List<OracleVisit> Visits { get; } = [];

    public List<OracleOutcome> Outcomes { get; } = [];

    /// <summary>When somebody came between the windows, within a day of the last one, if that was asked about.</summary>
    public List<(string PointId, long At)> Extras { get; } = [];

    private bool EndsWait(long at, List<OracleDue> due)
    {
        var before = due.FindAll(d => d.From <= at);
        return before.Exists(d => d.From == before.Max(b => b.From) && at < d.Until + (24 * 3_600_000)
            && d.Date >= town.First && d.Date <= town.Last);
    }

    private OracleOutcome Judge(OracleDue due, List<OracleVisit> visits)
    {
        var primary = visits.Find(v => v.Role == VisitRole.Primary && v.DueId == due.Id);
        var verdict = due switch
        {
            { IsCancelled: true } => Verdict.Cancelled,
            _ when primary is not null => primary.Decision < due.OnTimeFrom ? Verdict.Early
                : primary.Decision >= due.OnTimeUntil ? Verdict.Late : Verdict.OnTime,
            { IsExcused: true } => Verdict.Excused,
            _ when evaluation < due.From => Verdict.Upcoming,
            _ when evaluation >= due.Until => IsBlind(due) || visits.Exists(v => MayHaveStood(v, due))
                ? Verdict.Undetermined : Verdict.Missed,
            _ => evaluation < due.OnTimeUntil ? Verdict.Pending : Verdict.Overdue,
        };
        return new OracleOutcome(due, verdict, primary, evaluation >= due.Until + (24 * 3_600_000), IsSubstituted(due, primary));
    }

    private bool IsSubstituted(OracleDue due, OracleVisit? primary)
    {
        if (primary is null || primary.Truck.Length == 0)
        {
            return false;
        }
        var ofRoute = OfRoute(due);
        return due.Assignment.TruckId is { } planned
            ? primary.Truck != planned : ofRoute.Count > 0 && ofRoute.TrueForAll(t => t.Id != primary.Truck);
    }

    private List<Truck> InForce(long at) => [.. town.Registry.Trucks.Where(t => OracleTown.Holds(t, at))];

    private List<Truck> OfRoute(OracleDue due) => due.Assignment.RouteId is { } route
        ? InForce(due.Start).FindAll(t => t.RouteId == route) : [];

    private List<Truck> Relevant(OracleDue due)
    {
        if (due.Assignment.TruckId is { } planned)
        {
            var versions = town.Registry.Trucks.Where(t => t.Id == planned).OrderBy(t => t.Validity.From).ToList();
            return [versions.Find(t => OracleTown.Holds(t, due.Start)) ?? versions[^1]];
        }
        var ofRoute = OfRoute(due);
        return ofRoute.Count > 0 ? ofRoute
            : InForce(due.Start).FindAll(t => t.Tracked && t.DistrictId == DistrictOf(due.Point.CompoundId, due.Start));
    }

    private string? DistrictOf(string? areaId, long at)
    {
        var area = town.Registry.Areas.FirstOrDefault(a => a.Id == areaId && OracleTown.Holds(a, at));
        return area is null || area.Kind == AreaKind.District ? area?.Id : DistrictOf(area.ParentId, at);
    }

    private bool IsBlind(OracleDue due)
    {
        var relevant = Relevant(due);
        return !relevant.Exists(t => t.Tracked) || relevant.Exists(t => CouldHaveComeUnseen(t.Id, due));
    }

    private bool CouldHaveComeUnseen(string truckId, OracleDue due)
    {
        var fixes = trucks[truckId].Fixes;
        for (var i = -1; i < fixes.Count; i++)
        {
            if (IsChance(truckId, due, i < 0 ? null : fixes[i], i + 1 < fixes.Count ? fixes[i + 1] : null))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether it could have come between two fixes: before its first, or after its last, one of them is null.</summary>
    private bool IsChance(string truckId, OracleDue due, OracleFix? before, OracleFix? after)
    {
        var length = (after?.At ?? evaluation) - before?.At;
        var earliest = before is null ? due.From : Math.Max(due.From, before.At + MsTo(due.Point, before));
        var latest = after is null ? Math.Min(due.Until, evaluation) : Math.Min(due.Until, after.At - MsTo(due.Point, after));
        return (length is null || length > LimitMs(truckId, before!, after)) && latest - earliest >= due.Point.MinDwell.TotalMilliseconds;
    }

    /// <summary>Whether a truck that was seen there, though nothing is proven, may have stood for long enough between two fixes
    /// that do not stand there.</summary>
    private bool MayHaveStood(OracleVisit visit, OracleDue due)
    {
        if (visit.Grade >= EvidenceGrade.C || visit.Truck.Length == 0)
        {
            return false;
        }
        var fixes = trucks[visit.Truck].Fixes;
        return (visit.Whole ?? visit.Marks).Where(m => m.Stay >= 0).GroupBy(m => m.Stay).Any(stay =>
        {
            var point = town.PointAt(visit.PointId, stay.First().At)!;
            var standing = stay.Where(m => m.Shown == Shown.Stop).Select(m => m.At).ToHashSet();
            var seen = visit.Marks.Where(m => m.Stay == stay.Key).Select(m => m.At).ToHashSet();
            var others = fixes.FindAll(f => !standing.Contains(f.At)).Select(OracleFix? (f) => f);
            return others.Prepend(null).Zip(others.Append(null)).Any(pair =>
            {
                var (before, after) = pair;
                var between = fixes.FindAll(f => f.Index >= (before?.Index ?? 0) && f.Index <= (after?.Index ?? int.MaxValue));
                var begin = before is null ? due.From : Math.Max(due.From, before.At + (long)MsTo(point, before));
                var end = after is null ? due.Until : Math.Min(due.Until, after.At - (long)MsTo(point, after));
                return between.Exists(f => seen.Contains(f.At)) && end - begin > point.MinDwell.TotalMilliseconds
                    && !(between.Count == 2 && after!.At - before!.At <= 15 * 60_000 && IsParked(before, after));
            });
        });
    }

    private static bool IsParked(OracleFix before, OracleFix? after) => before.Stopped && after?.Stopped == true
        && OracleTown.Metres(before.Lat, before.Lon, after.Lat, after.Lon) <= 100;

    private double LimitMs(string truckId, OracleFix before, OracleFix? after)
    {
        var isParked = IsParked(before, after);
        var version = town.Registry.Trucks.FirstOrDefault(t => t.Id == truckId && OracleTown.Holds(t, before.At));
        return Math.Max(isParked ? 15 * 60_000 : 0, 2 * version?.PositionInterval.TotalMilliseconds ?? 0);
    }

    private static double MsTo(CollectionPoint point, OracleFix fix) =>
        OracleTown.Metres(fix.Lat, fix.Lon, point.Location.Lat, point.Location.Lon) / UnseenMetresPerMs;
}
