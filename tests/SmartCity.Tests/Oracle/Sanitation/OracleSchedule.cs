using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>An obligation. Milliseconds since the Unix epoch; every interval contains its start and not its end.</summary>
/// <param name="Until">C, the cutoff.</param>
internal sealed record OracleDue(
    string PointId, DateOnly Date, CollectionPoint Point, CollectionWindow Window, Assignment Assignment, long Start, long End,
    long OnTimeFrom, long OnTimeUntil, long From, long Until)
{
    public string Id => $"{PointId}/{Date:yyyy-MM-dd}/{Window.Key}";

    public bool IsCancelled { get; init; }

    public IReadOnlyList<ObligationException> Excuses { get; init; } = [];

    public bool IsExcused => Excuses.Any(e => e.IsBySupervisor || e.Declared.Milliseconds <= Until + (48 * 3_600_000));

    public bool Accepts(long at) => at >= From && at < Until;

    public bool IsOnTime(long at) => Accepts(at) && at >= OnTimeFrom && at < OnTimeUntil;

    public long DeviationOf(long at) => at < Start ? at - Start : at >= End ? at - End : 0;
}

/// <summary>Rules 1-4 and 13: what is due at a point, and when.</summary>
internal static class OracleSchedule
{
    /// <summary>Neighbours this many dates away can still move an acceptance interval, or be moved near.</summary>
    private const int Margin = 2;

    /// <summary>All obligations of a point around the dates asked about, by start.</summary>
    public static List<OracleDue> Of(OracleTown town, string pointId)
    {
        var all = new List<OracleDue>();
        for (var date = town.First.AddDays(-Margin); date <= town.Last.AddDays(Margin); date = date.AddDays(1))
        {
            foreach (var key in town.Registry.Assignments.Where(a => a.PointId == pointId).Select(a => a.WindowKey).Distinct())
            {
                if (Find(town, pointId, key, date) is { } due)
                {
                    all.Add(Excepted(due, town));
                }
            }
        }
        return Bounded([.. all.OrderBy(d => d.Start).ThenBy(d => d.Id, StringComparer.Ordinal)]);
    }

    private static OracleDue? Find(OracleTown town, string pointId, string key, DateOnly date)
    {
        bool IsInForce(IAsset version, TimeZoneInfo zone) =>
            OracleTown.Holds(version, Moment(date, TimeOnly.MinValue, zone, isLater: false));

        var window = town.Registry.Windows.Where(w => w.Key == key)
            .FirstOrDefault(w => IsInForce(w, TimeZoneInfo.FindSystemTimeZoneById(w.TimeZone)));
        if (window is null)
        {
            return null;
        }
        var zone = TimeZoneInfo.FindSystemTimeZoneById(window.TimeZone);
        var weekday = ((int)date.DayOfWeek + 6) % 7;
        var assignment = town.Registry.Assignments.Where(a => a.PointId == pointId && a.WindowKey == key)
            .Where(a => IsInForce(a, zone) && ((a.Weekdays >> weekday) & 1) == 1)
            .OrderByDescending(a => a.Validity.From).ThenBy(a => a.Id, StringComparer.Ordinal).FirstOrDefault();
        var startDate = window.Start < new TimeOnly(3, 0) ? date.AddDays(1) : date;
        var start = Moment(startDate, window.Start, zone, isLater: false);
        var end = Moment(window.End <= window.Start ? startDate.AddDays(1) : startDate, window.End, zone, isLater: true);
        return assignment is null || town.PointAt(pointId, start) is not { } point ? null : new OracleDue(
            pointId, date, point, window, assignment, start, end, start - Ms(window.EarlyTolerance), end + Ms(window.LateGrace),
            start - Ms(window.AcceptBefore), end + Ms(window.AcceptAfter));
    }

    /// <summary>A wall-clock time as a moment: it is told by asking every offset that may hold which moments show that time.</summary>
    private static long Moment(DateOnly date, TimeOnly time, TimeZoneInfo zone, bool isLater)
    {
        var wall = new DateTimeOffset(date.ToDateTime(time), TimeSpan.Zero);
        var offsets = new[] { zone.GetUtcOffset(wall.AddDays(-1)), zone.GetUtcOffset(wall.AddDays(1)) };
        var showing = offsets.Select(o => wall - o).Where(at => at + zone.GetUtcOffset(at) == wall).Order().ToList();
        var moment = showing.Count == 0
            ? wall - offsets[0] // Skipped: as far after the jump as it lies in the gap.
            : isLater ? showing[^1] : showing[0];
        return moment.ToUnixTimeMilliseconds();
    }

    private static OracleDue Excepted(OracleDue due, OracleTown town)
    {
        var approved = town.Exceptions.Where(e => e.Approver is not null && e.Approver != e.DeclaredBy
            && e.Approved?.Milliseconds >= e.Declared.Milliseconds && e.Approved?.Milliseconds <= town.Evaluation * 1000);
        var covering = approved.Where(e => due.Date >= e.First && due.Date <= e.Last && (e.WindowKey ?? due.Window.Key) == due.Window.Key
            && e.PointIds?.Contains(due.PointId) != false);
        foreach (var exception in covering.OrderBy(e => e.Declared.Milliseconds).ThenBy(e => e.Id, StringComparer.Ordinal))
        {
            due = Excepted(due, exception);
        }
        return due;
    }

    private static OracleDue Excepted(OracleDue due, ObligationException exception)
    {
        var by = Ms(exception.By);
        if (exception.Kind == ExceptionKind.Excuse || exception.Declared.Milliseconds >= due.Start)
        {
            return exception.Reason == "VEHICLE_BREAKDOWN" ? due : due with { Excuses = [.. due.Excuses, exception] };
        }
        return exception.Kind switch
        {
            ExceptionKind.Cancel => due with { IsCancelled = true },
            ExceptionKind.ExtendGrace => due with { OnTimeUntil = due.OnTimeUntil + by, Until = due.Until + by },
            _ => due with
            {
                Start = due.Start + by, End = due.End + by, OnTimeFrom = due.OnTimeFrom + by, OnTimeUntil = due.OnTimeUntil + by,
                From = due.From + by, Until = due.Until + by,
            },
        };
    }

    /// <summary>Neighbours meet half-way between their on-time intervals; what is accepted for one is accepted for no other.</summary>
    private static List<OracleDue> Bounded(List<OracleDue> all)
    {
        var bounded = new List<OracleDue>();
        for (var i = 0; i < all.Count; i++)
        {
            var (from, until) = (all[i].From, all[i].Until);
            if (i > 0)
            {
                from = Math.Max(from, (all[i - 1].OnTimeUntil + all[i].OnTimeFrom) / 2);
                from = Math.Max(from, bounded.Max(b => b.Until));
            }
            if (i + 1 < all.Count)
            {
                until = Math.Min(until, (all[i].OnTimeUntil + all[i + 1].OnTimeFrom) / 2);
            }
            bounded.Add(all[i] with { From = from, Until = Math.Max(from, until) });
        }
        return bounded;
    }

    private static long Ms(TimeSpan span) => (long)span.TotalMilliseconds;
}
