using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>One route, or one truck, in one window of one service date: what it has served, and what is left.</summary>
internal sealed class RouteRun
{
    // A crew that goes back more often than this does not follow the order that is registered.
    private const double BackwardsMax = 1.0 / 3;

    private readonly List<ObligationOutcome> left;
    private readonly List<ObligationOutcome> served;

    public RouteRun(IEnumerable<ObligationOutcome> stops, AtRiskRules rules)
    {
        List<ObligationOutcome> all = [.. stops.Where(s => s.Verdict is not Verdict.Cancelled)
            .OrderBy(SequenceOf).ThenBy(s => s.Obligation.Point.Id, StringComparer.Ordinal)];
        Count = all.Count;
        served = [.. all.Where(s => s.Primary is not null).OrderBy(s => s.Primary!.Decision)];
        left = all.FindAll(IsOpen);
        var gaps = served.Zip(served.Skip(1), (a, b) => b.Primary!.Decision - a.Primary!.Decision).ToList();
        Pace = served.Count >= rules.PaceStopsMin ? Median(gaps) : null;
        Dwell = Median([.. served.Select(s => s.Primary!.Stopped).Where(t => t > TimeSpan.Zero)]);
        var backwards = served.Zip(served.Skip(1), (a, b) => SequenceOf(b) < SequenceOf(a)).Count(isBack => isBack);
        IsOrdered = all.Select(SequenceOf).Distinct().Count() == all.Count && backwards <= BackwardsMax * gaps.Count;
    }

    /// <summary>Its stops, served or not.</summary>
    public int Count { get; }

    /// <summary>How many of them were served.</summary>
    public int Served => served.Count;

    /// <summary>When the last one was served.</summary>
    public Instant? Last => served.Count > 0 ? served[^1].Primary!.Decision : null;

    /// <summary>The median time from one stop to the next; null while too few were served.</summary>
    public TimeSpan? Pace { get; }

    /// <summary>The median time its trucks stood at a stop; null before the first.</summary>
    public TimeSpan? Dwell { get; }

    /// <summary>Each stop has a place of its own in the route, and the crews follow that.</summary>
    public bool IsOrdered { get; }

    /// <summary>The trucks that have served a stop.</summary>
    public IEnumerable<string> Trucks => served.Select(s => s.Primary!.TruckId).Where(id => id.Length > 0).Distinct();

    public int ServedBy(string truckId) => served.Count(s => s.Primary!.TruckId == truckId);

    /// <summary>The open stops that come before one; without a known order all others that are open.</summary>
    public IReadOnlyList<ObligationOutcome> Before(ObligationOutcome stop) => left.FindAll(
        s => s.Obligation.Id != stop.Obligation.Id && (!IsOrdered || SequenceOf(s) < SequenceOf(stop)));

    /// <summary>How many later stops were served. One may be a detour.</summary>
    public int ServedBeyond(ObligationOutcome stop) =>
        IsOrdered ? served.Count(s => SequenceOf(s) > SequenceOf(stop)) : 0;

    public static bool IsOpen(ObligationOutcome outcome) =>
        outcome.Verdict is Verdict.Upcoming or Verdict.Pending or Verdict.Overdue;

    /// <summary>The middle one; of two the longer. Null of none.</summary>
    public static TimeSpan? Median(List<TimeSpan> spans)
    {
        spans.Sort();
        return spans.Count == 0 ? null : spans[spans.Count / 2];
    }

    private static int SequenceOf(ObligationOutcome outcome) => outcome.Obligation.Assignment.Sequence;
}
