using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>What is due at each point on a range of service dates, and what is due just before and after.</summary>
public sealed class ObligationPlan
{
    private readonly Dictionary<string, PointPlan> byPoint;

    private ObligationPlan(RegistrySnapshot registry, SanitationRules rules, List<PointPlan> points)
    {
        (Registry, Rules, Points) = (registry, rules, points);
        byPoint = points.ToDictionary(p => p.PointId, StringComparer.Ordinal);
        Count = points.Sum(p => p.Asked.Count);
        AcceptFrom = points.SelectMany(p => p.Asked).Select(o => o.AcceptFrom).DefaultIfEmpty(Instant.Max).Min();
        AcceptUntil = points.SelectMany(p => p.Asked).Select(o => o.AcceptUntil).DefaultIfEmpty(Instant.Min).Max();
    }

    /// <summary>The registry that everything was derived from.</summary>
    public RegistrySnapshot Registry { get; }

    /// <summary>The rules that were applied.</summary>
    public SanitationRules Rules { get; }

    /// <summary>The points asked about, by id; also those where nothing is due.</summary>
    public IReadOnlyList<PointPlan> Points { get; }

    /// <summary>How many obligations are asked about.</summary>
    public int Count { get; }

    /// <summary>The earliest moment at which one of them may be served; after everything when there is none.</summary>
    public Instant AcceptFrom { get; }

    /// <summary>The last cutoff of them; before everything when there is none.</summary>
    public Instant AcceptUntil { get; }

    /// <summary>The plan of a point; null when nobody asked about it.</summary>
    public PointPlan? Find(string pointId) => byPoint.GetValueOrDefault(pointId);

    /// <summary>Derives what is due from the schedule in force on each date.</summary>
    /// <param name="first">The first service date, inclusive.</param>
    /// <param name="last">The last service date, inclusive.</param>
    /// <param name="points">Only these; null: all.</param>
    /// <param name="exceptions">Those that hold at the moment of evaluation; null: none.</param>
    public static ObligationPlan Of(
        RegistrySnapshot registry, SanitationRules rules, DateOnly first, DateOnly last, IReadOnlySet<string>? points = null,
        ApprovedExceptions? exceptions = null)
    {
        var schedule = new Schedule(registry, rules, exceptions ?? ApprovedExceptions.None, first, last);
        var plans = registry.Points.Select(p => p.Id).Distinct().Where(id => points is null || points.Contains(id))
            .Select(id => schedule.PlanOf(id)).ToList();
        return new ObligationPlan(registry, rules, plans);
    }
}

/// <summary>What is due at one point. Acceptance intervals do not overlap.</summary>
/// <param name="All">By start; also the neighbours of the dates asked about.</param>
/// <param name="Asked">Those of the dates asked about, by start.</param>
public sealed record PointPlan(string PointId, IReadOnlyList<Obligation> All, IReadOnlyList<Obligation> Asked)
{
    /// <summary>The obligation that a visit with this decision instant may serve; null between the windows.</summary>
    public Obligation? AcceptingAt(Instant at)
    {
        var index = IndexAfter(at) - 1;
        return index >= 0 && All[index].Accepts(at) ? All[index] : null;
    }

    /// <summary>How many obligations may be served at some moment in [from, until], counted up to 2.</summary>
    public bool MeetsTwo(Instant from, Instant until)
    {
        var met = 0;
        for (var i = Math.Max(0, IndexAfter(from) - 1); i < All.Count && All[i].AcceptFrom <= until; i++)
        {
            met += All[i].AcceptUntil > from && All[i].AcceptFrom < All[i].AcceptUntil ? 1 : 0;
        }
        return met >= 2;
    }

    /// <summary>When an obligation may next be served from the start; null when none is known.</summary>
    public Instant? NextAcceptance(Instant after) => IndexAfter(after) is var next && next < All.Count ? All[next].AcceptFrom : null;

    /// <summary>The first obligation whose acceptance starts after a moment.</summary>
    private int IndexAfter(Instant at)
    {
        var (low, high) = (0, All.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = All[middle].AcceptFrom <= at ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
