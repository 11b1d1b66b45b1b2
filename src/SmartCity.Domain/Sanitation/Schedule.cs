using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>The windows of every date in a range, worked out once for all points.</summary>
internal sealed class Schedule
{
    private readonly RegistrySnapshot registry;
    private readonly SanitationRules rules;
    private readonly ApprovedExceptions exceptions;
    private readonly DateOnly first;
    private readonly DateOnly last;
    private readonly DateOnly from;
    private readonly Dictionary<string, Day[]> daysByKey = new(StringComparer.Ordinal);
    private readonly ILookup<string, Assignment> assignments;

    public Schedule(
        RegistrySnapshot registry, SanitationRules rules, ApprovedExceptions exceptions, DateOnly first, DateOnly last)
    {
        (this.registry, this.rules, this.exceptions, this.first, this.last) = (registry, rules, exceptions, first, last);
        assignments = registry.Assignments.ToLookup(a => a.PointId, StringComparer.Ordinal);
        var windows = registry.Windows.ToLookup(w => w.Key, StringComparer.Ordinal);
        var margin = MarginDays(registry.Windows);
        from = first.AddDays(-margin);
        foreach (var key in registry.Assignments.Select(a => a.WindowKey).Distinct())
        {
            var versions = windows[key].Select(w => (Window: w, Zone: TimeZoneInfo.FindSystemTimeZoneById(w.TimeZone))).ToList();
            daysByKey[key] = [.. Dates(from, last.AddDays(margin)).Select(date => DayOf(versions, date, rules))];
        }
    }

    public PointPlan PlanOf(string pointId)
    {
        var due = new List<Obligation>();
        foreach (var ofWindow in assignments[pointId].GroupBy(a => a.WindowKey))
        {
            Assignment[] versions = [.. ofWindow.OrderByDescending(a => a.Validity.From).ThenBy(a => a.Id, StringComparer.Ordinal)];
            foreach (var day in daysByKey[ofWindow.Key])
            {
                if (day.Window is { } window && Find(versions, day) is { } assignment && PointAt(pointId, day.Start) is { } point)
                {
                    due.Add(exceptions.Change(new Obligation(
                        Obligation.IdOf(pointId, day.Date, window.Key), day.Date, point, window, assignment, day.Start, day.End,
                        day.Start - window.AcceptBefore, day.End + window.AcceptAfter)));
                }
            }
        }
        due.Sort(ByStart);
        List<Obligation> all = [.. Bounded(due).Select(o => ApprovedExceptions.DropLateExcuse(o, rules))];
        return new PointPlan(pointId, all, all.FindAll(o => o.ServiceDate >= first && o.ServiceDate <= last));
    }

    /// <summary>Neighbours share the time between them: acceptance ends, or starts, half-way between their on-time intervals.</summary>
    private static IEnumerable<Obligation> Bounded(List<Obligation> due)
    {
        var taken = Instant.Min; // Only windows that overlap oddly need it; it keeps acceptance disjoint even then.
        for (var i = 0; i < due.Count; i++)
        {
            var acceptFrom = Instant.Later(due[i].AcceptFrom, taken);
            var acceptUntil = due[i].AcceptUntil;
            if (i > 0)
            {
                acceptFrom = Instant.Later(acceptFrom, Middle(due[i - 1], due[i]));
            }
            if (i + 1 < due.Count)
            {
                acceptUntil = Instant.Earlier(acceptUntil, Middle(due[i], due[i + 1]));
            }
            taken = Instant.Later(acceptFrom, acceptUntil);
            yield return due[i] with { AcceptFrom = acceptFrom, AcceptUntil = taken };
        }
    }

    private static Instant Middle(Obligation before, Obligation after) =>
        new((before.OnTimeUntil.Milliseconds + after.OnTimeFrom.Milliseconds) / 2);

    private static int ByStart(Obligation a, Obligation b)
    {
        var order = a.Start.CompareTo(b.Start);
        return order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
    }

    private static Assignment? Find(Assignment[] versions, Day day) => Array.Find(
        versions, a => a.Validity.Contains(day.Midnight) && (a.Weekdays & (1 << (((int)day.Date.DayOfWeek + 6) % 7))) != 0);

    private CollectionPoint? PointAt(string pointId, Instant at) =>
        registry.FindPoint(pointId, at) is { } point && point.Validity.Contains(at) ? point : null;

    private static Day DayOf(List<(CollectionWindow Window, TimeZoneInfo Zone)> versions, DateOnly date, SanitationRules rules)
    {
        var day = new Day(date, null, default, default, default);
        foreach (var (window, zone) in versions)
        {
            var midnight = LocalDay.StartOf(date, zone);
            if (window.Validity.Contains(midnight) && (day.Window is null || IsNewer(window, day.Window)))
            {
                var (start, end) = ServiceClock.Of(window, date, zone, rules.ServiceDayStart);
                day = new Day(date, window, midnight, start, end);
            }
        }
        return day;
    }

    // The registry keeps versions of one window apart; two windows may still share a key by mistake, and one has to win.
    private static bool IsNewer(CollectionWindow a, CollectionWindow b) =>
        a.Validity.From > b.Validity.From || (a.Validity.From == b.Validity.From && string.CompareOrdinal(a.Id, b.Id) < 0);

    /// <summary>Days around the range on which a neighbour could still move an acceptance interval.</summary>
    private static int MarginDays(IReadOnlyList<CollectionWindow> windows) => 3 + windows.Aggregate(
        0, (most, w) => Math.Max(most, (int)Math.Ceiling((w.AcceptBefore + w.AcceptAfter + w.EarlyTolerance + w.LateGrace).TotalDays)));

    private static IEnumerable<DateOnly> Dates(DateOnly from, DateOnly until)
    {
        for (var date = from; date <= until; date = date.AddDays(1))
        {
            yield return date;
        }
    }

    private readonly record struct Day(DateOnly Date, CollectionWindow? Window, Instant Midnight, Instant Start, Instant End);
}
