using System.Runtime.InteropServices;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>Finds how the ports of compounds were used, by pile kind. Only the ports in scope are a compound's ports here.</summary>
/// <param name="buckets">The period.</param>
/// <param name="end">The period's end, or the evaluation when that comes first.</param>
/// <param name="rules">The city's settings.</param>
public sealed class CapacityTable(Buckets buckets, Instant end, ChargingRules rules)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly CompoundChanges changes = new(buckets.From);
    private readonly Dictionary<CompoundKey, Draft> drafts = [];

    /// <summary>Adds one pile.</summary>
    /// <param name="history">The pile.</param>
    /// <param name="of">Which of its versions are in scope.</param>
    /// <param name="segments">Its statuses within the period, by port and time.</param>
    /// <param name="sessions">Its sessions; those that began in the period count.</param>
    public void Add(PileHistory history, PileGroups of, List<StatusSegment> segments, IEnumerable<ChargingSession> sessions)
    {
        var last = history.VersionAt(end - Moment);
        if (of.Of(last, 1) >= 0)
        {
            DraftOf(history.Versions[last]).Ports += history.Versions[last].Ports;
        }
        changes.Add(history, of, segments, byGroup: false);
        var (stays, stayOf) = StaysOf(history, of, segments);
        foreach (var stay in stays)
        {
            DraftOf(history.Versions[stay.Version]).Stays.Add(stay.Until.Milliseconds - stay.From.Milliseconds);
        }
        var begun = sessions.Where(s => s.Start >= buckets.From && s.Start < end);
        AddArrivals(history, of, segments, stays, stayOf, begun.OrderBy(s => s.Port).ThenBy(s => s.Start));
    }

    /// <summary>The compounds that have ports at the end, by id and kind. Once all piles were added.</summary>
    public IReadOnlyList<CapacityUse> Uses() =>
    [
        .. drafts.Where(d => d.Value.Ports > 0).OrderBy(d => d.Key.Compound, StringComparer.Ordinal).ThenBy(d => d.Key.Kind)
            .Select(d => UseOf(d.Key, d.Value)),
    ];

    /// <summary>Times that ports were taken without a break, and of each segment the place of the one that it is part of, or
    /// -1.</summary>
    private static (List<StatusSegment> Stays, int[] StayOf) StaysOf(
        PileHistory history, PileGroups of, List<StatusSegment> segments)
    {
        var stays = new List<StatusSegment>();
        var stayOf = new int[segments.Count];
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (PortClasses.Of(segment.Status) != PortClass.Taken || of.Of(segment.Version, segment.Port) < 0)
            {
                stayOf[i] = -1;
                continue;
            }
            if (stays.Count > 0 && stays[^1] is var last && last.Port == segment.Port && last.Until == segment.From
                && KeyOf(history.Versions[last.Version]) == KeyOf(history.Versions[segment.Version]))
            {
                stays[^1] = last with { Until = segment.Until };
            }
            else
            {
                stays.Add(segment);
            }
            stayOf[i] = stays.Count - 1;
        }
        return (stays, stayOf);
    }

    /// <summary>Somebody came for a session when its port was taken; for a further one in the same stay, when that one
    /// started.</summary>
    private void AddArrivals(
        PileHistory history, PileGroups of, List<StatusSegment> segments, List<StatusSegment> stays, int[] stayOf,
        IEnumerable<ChargingSession> sessions)
    {
        var (at, served) = (0, -1);
        foreach (var session in sessions)
        {
            while (at < segments.Count
                && (segments[at].Port < session.Port || (segments[at].Port == session.Port && segments[at].Until <= session.Start)))
            {
                at++;
            }
            if (at == segments.Count || segments[at].Port != session.Port || segments[at].From > session.Start
                || of.Of(segments[at].Version, session.Port) < 0)
            {
                continue;
            }
            var stay = stayOf[at];
            var came = stay >= 0 && stay != served ? stays[stay].From : session.Start;
            served = stay >= 0 ? stay : served;
            // Who was there when the period began came before it.
            if (came > buckets.From)
            {
                var draft = DraftOf(history.Versions[segments[at].Version]);
                draft.Arrivals.Add(came);
                draft.Sessions += UtilizationTable.IsSeen(segments[at].Status) ? 1 : 0;
            }
        }
    }

    private CapacityUse UseOf(CompoundKey key, Draft draft)
    {
        draft.Arrivals.Sort();
        draft.Stays.Sort();
        var use = new CapacityUse
        {
            CompoundId = key.Compound, Kind = key.Kind, Ports = draft.Ports, Sessions = draft.Sessions, StaysMs = draft.Stays,
        };
        var next = 0;
        foreach (var span in changes.Spans(key))
        {
            var isOpen = span.IsOpen(rules.SeenPercentMin);
            var isSaturated = span.IsSaturated(rules.SeenPercentMin);
            // Who takes the last free port comes just before there is none.
            for (; next < draft.Arrivals.Count && draft.Arrivals[next] <= span.Until; next++)
            {
                use.Arrivals[HourAt(draft.Arrivals[next])] += isOpen && draft.Arrivals[next] > span.From ? 1 : 0;
            }
            if (isOpen || isSaturated)
            {
                AddHours(span, isOpen ? use.OpenMs : use.SaturatedMs);
                use.BrokenMs += span.Milliseconds * span.Broken;
            }
            else
            {
                use.UnknownMs += span.Milliseconds;
            }
        }
        return use;
    }

    private void AddHours(in CompoundSpan span, long[] into)
    {
        var (at, until) = (span.From.Milliseconds, span.Until.Milliseconds);
        for (var cell = buckets.CellAt(span.From); at < until; cell++)
        {
            var cellEnd = Math.Min(buckets.Edges[cell + 1], until);
            into[buckets.HourOf[cell]] += cellEnd - at;
            at = cellEnd;
        }
    }

    private int HourAt(Instant at) => buckets.HourOf[buckets.CellAt(at)];

    private Draft DraftOf(Pile pile)
    {
        ref var draft = ref CollectionsMarshal.GetValueRefOrAddDefault(drafts, KeyOf(pile), out _);
        return draft ??= new Draft();
    }

    private static CompoundKey KeyOf(Pile pile) => new(pile.CompoundId, pile.Kind, -1);

    private sealed class Draft
    {
        public int Ports { get; set; }

        public int Sessions { get; set; }

        public List<Instant> Arrivals { get; } = [];

        public List<long> Stays { get; } = [];
    }
}
