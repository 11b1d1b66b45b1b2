using System.Runtime.InteropServices;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>
/// What a pile did in a span that is over, made once from its records: a hundredth of them, and figures made from it are the
/// same. It holds until a record comes that is older than its end.
/// </summary>
/// <param name="Pile">Whose.</param>
/// <param name="From">Where it begins.</param>
/// <param name="Until">Where it ends; on the edge of a slot.</param>
public sealed record PileDigest(string Pile, Instant From, Instant Until)
{
    /// <summary>Energy is summed in quarters of an hour: every time zone's hours are made of them.</summary>
    public static readonly TimeSpan Slot = TimeSpan.FromMinutes(15);

    /// <summary>The derived statuses of its ports, by port and time.</summary>
    public List<StatusSegment> Segments { get; init; } = [];

    /// <summary>For each port, slot and version the energy, at the moment of the last that counted.</summary>
    public List<EnergyPosting> Energy { get; init; } = [];

    /// <summary>Sessions that had been quiet for <see cref="SessionReach"/> at <see cref="Until"/>; all others are read from
    /// records.</summary>
    public List<ChargingSession> Sessions { get; init; } = [];

    /// <summary>Sessions whose start a later record may still move, with the moment of their earliest record that
    /// counts here.</summary>
    public List<(int Port, string Session, Instant Start)> Unstarted { get; init; } = [];

    /// <summary>The first edge of a slot that is not before the moment.</summary>
    public static Instant CeilingOf(Instant at) => FloorOf(at) == at ? at : FloorOf(at) + Slot;

    /// <summary>The last edge of a slot that is not after the moment.</summary>
    public static Instant FloorOf(Instant at)
    {
        var slot = (long)Slot.TotalMilliseconds;
        return new Instant(at.Milliseconds - (((at.Milliseconds % slot) + slot) % slot));
    }

    /// <summary>How long before a moment a session's last record has to be for the session to be left to the digest.</summary>
    public static TimeSpan SessionReach(ChargingRules rules) => rules.MaxSession * 2;

    /// <summary>Digests what the rules made of a pile's records.</summary>
    /// <param name="history">Settled, with the whole sessions of the span.</param>
    /// <param name="segments">Its statuses in the span.</param>
    /// <param name="ledger">After it read the history.</param>
    /// <returns>Null when nothing of the span may be digested: it begins with energy of which the pile does not say to which
    /// session it belongs. A later such sample ends the digest before it.</returns>
    public static PileDigest? Of(
        PileHistory history, Instant from, Instant until, List<StatusSegment> segments, SessionLedger ledger, ChargingRules rules)
    {
        var end = Instant.Earlier(until, FloorOf(ledger.FirstNameless ?? until));
        if (end <= from)
        {
            return null;
        }
        var digest = new PileDigest(history.Id, from, until);
        digest.Segments.AddRange(segments);
        AddEnergy(history, digest, ledger.Postings);
        var quiet = until - SessionReach(rules);
        foreach (var session in ledger.Sessions)
        {
            // What was quiet long before this span is in the digest of an earlier one.
            if (session.Last < quiet && session.Last >= from - SessionReach(rules))
            {
                digest.Sessions.Add(session);
            }
            if (!session.StartReported && session.Start >= from && session.Start < until)
            {
                digest.Unstarted.Add((session.Port, session.Id, session.Start));
            }
        }
        return end == until ? digest : digest.EndingAt(end, rules);
    }

    /// <summary>The same, but ending earlier: at the edge of a slot.</summary>
    public PileDigest EndingAt(Instant until, ChargingRules rules)
    {
        var shorter = new PileDigest(Pile, From, until)
        {
            Energy = Energy.FindAll(posting => posting.At < until),
            Sessions = Sessions.FindAll(session => session.Last < until - SessionReach(rules)),
            Unstarted = Unstarted.FindAll(session => session.Start < until),
        };
        foreach (var segment in Segments)
        {
            if (segment.From < until)
            {
                shorter.Segments.Add(segment with { Until = Instant.Earlier(segment.Until, until) });
            }
        }
        return shorter;
    }

    private static void AddEnergy(PileHistory history, PileDigest digest, List<EnergyPosting> postings)
    {
        var places = new Dictionary<(int Port, Instant Slot, int Version), int>();
        foreach (ref readonly var posting in CollectionsMarshal.AsSpan(postings))
        {
            if (posting.At < digest.From || posting.At >= digest.Until)
            {
                continue;
            }
            var key = (posting.Port, FloorOf(posting.At), history.VersionAt(posting.At));
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, key, out var exists);
            if (!exists)
            {
                place = digest.Energy.Count;
                digest.Energy.Add(posting);
                continue;
            }
            ref var sum = ref CollectionsMarshal.AsSpan(digest.Energy)[place];
            sum = posting with { MicroWh = sum.MicroWh + posting.MicroWh, Suspects = sum.Suspects + posting.Suspects };
        }
    }
}
