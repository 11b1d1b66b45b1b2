using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>One moment of a visit: a fix inside, or evidence that counts.</summary>
/// <param name="Episode">Numbers the episodes of a visit; -1 for evidence.</param>
/// <param name="Index">The evidence's place among its truck's records; -1 for fixes and the point's sensors.</param>
internal readonly record struct Moment(Instant Time, Finding Finding, float Metres, int Episode, int Index);

/// <summary>A visit in the making.</summary>
internal sealed class VisitDraft(TruckEvidence truck, Fence fence)
{
    private bool isSorted = true;

    public TruckEvidence Truck => truck;

    public Fence Fence => fence;

    public List<Moment> Moments { get; private init; } = [];

    /// <summary>When it may have stood there unseen, by time.</summary>
    public List<PossibleStop> PossibleStops { get; private init; } = [];

    /// <summary>When it was seen outside again; null when nothing shows it.</summary>
    public Instant? Left { get; set; }

    /// <summary>The first and the last fix inside; the first and the last evidence of a visit without fixes.</summary>
    public (Instant First, Instant Last) Span { get; set; }

    public void Add(Moment moment)
    {
        Moments.Add(moment);
        isSorted = false;
    }

    public void Sort()
    {
        if (!isSorted)
        {
            Moments.Sort(static (a, b) =>
            {
                var order = a.Time.CompareTo(b.Time);
                order = order != 0 ? order : a.Finding.CompareTo(b.Finding);
                return order != 0 ? order : a.Index.CompareTo(b.Index);
            });
            isSorted = true;
        }
    }

    /// <summary>How far a span of time lies from the visit; null when it is too far to belong to it.</summary>
    public TimeSpan? DistanceTo(Instant from, Instant until, TimeSpan join)
    {
        var (first, last) = Span;
        var distance = until < first ? first - until
            : from > last && !(from <= Left) ? from - last
            : TimeSpan.Zero;
        return distance <= join ? distance : null;
    }

    /// <summary>The parts before and after a moment.</summary>
    public (VisitDraft Before, VisitDraft After) SplitAt(Instant at)
    {
        var before = Part(Moments.FindAll(m => m.Time < at), PossibleStops.FindAll(s => s.FirstInside < at), at);
        var after = Part(Moments.FindAll(m => m.Time >= at), PossibleStops.FindAll(s => s.LastInside >= at), Left);
        return (before, after);
    }

    private VisitDraft Part(List<Moment> moments, List<PossibleStop> stops, Instant? left) => new(truck, fence)
    {
        Moments = moments, PossibleStops = stops, Left = left, Span = (moments[0].Time, moments[^1].Time),
    };
}

/// <summary>The evidence of one truck, sorted and without copies, and what it is worth.</summary>
internal sealed record TruckEvidence(string TruckId, EvidenceRecord[] Records)
{
    public static readonly TruckEvidence Nobody = new("", []);

    public JudgedEvidence[] Judged { get; } = new JudgedEvidence[Records.Length];
}
