using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>Tells what piles did in a period: from digests as far as they hold, from records where they do not. The answer is the
/// same either way, only sooner.</summary>
internal sealed class UsageReader(HistoryLoader loader, IDigestStore store, ChargingRules rules)
{
    // Of a hundred piles a month of digests is about 30 MB.
    private const double PileDaysAtATime = 3_000;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <summary>Calls <paramref name="use"/> with each pile, in no order.</summary>
    /// <param name="query">Its parts say whether energy and sessions are needed, too.</param>
    public async Task<HistoryFacts> ReadAsync(
        HistoryQuery query, Action<ScopedPile, PileUsage> use, CancellationToken cancellation)
    {
        var facts = loader.FactsAsync(query, cancellation);
        await Task.WhenAll(facts, ReadOnlyAsync(query, use, cancellation));
        return await facts;
    }

    /// <summary>The same, without finding out how complete the records are.</summary>
    public async Task ReadOnlyAsync(HistoryQuery query, Action<ScopedPile, PileUsage> use, CancellationToken cancellation)
    {
        var days = Math.Max(1, (query.Until - query.From).TotalDays);
        foreach (var some in query.Piles.Chunk((int)Math.Clamp(PileDaysAtATime / days, 1, 10_000)))
        {
            await ReadSomeAsync(query with { Piles = some }, use, cancellation);
        }
    }

    private async Task ReadSomeAsync(HistoryQuery query, Action<ScopedPile, PileUsage> use, CancellationToken cancellation)
    {
        var digests = await store.ReadAsync(query.Ids, query.From, query.Until, rules, cancellation);
        var records = new List<ScopedPile>();
        var digested = new List<ScopedPile>();
        foreach (var pile in query.Piles)
        {
            (digests.TryGetValue(pile.Id, out var found) && Holds(found.Mark, pile, query) ? digested : records).Add(pile);
        }
        await ReadRecordsAsync(query with { Piles = records }, use, cancellation);
        foreach (var group in digested.GroupBy(pile => digests[pile.Id].Mark.Until))
        {
            var part = query with { Piles = [.. group] };
            var edges = await EdgesAsync(part, Instant.Earlier(group.Key, query.Until), cancellation);
            var unsure = await ReadTailsAsync(part, group.Key, pile => (digests[pile].Digest, edges[pile]), use, cancellation);
            await ReadRecordsAsync(query with { Piles = unsure }, use, cancellation);
        }
    }

    // It begins early enough, was made of what the question knows, and says at least something.
    private bool Holds(in DigestMark mark, ScopedPile pile, HistoryQuery query) =>
        query.From >= EventTime.Oldest && mark.Computed <= query.Evaluation
        && PileDigest.FloorOf(Instant.Earlier(mark.Until, query.Until)) >= PileDigest.CeilingOf(query.From)
        && mark.Basis == DigestBasis.Of(pile.Versions, rules);

    private Task ReadRecordsAsync(HistoryQuery query, Action<ScopedPile, PileUsage> use, CancellationToken cancellation)
    {
        var segments = new List<StatusSegment>();
        var ledger = new SessionLedger(rules);
        return loader.ReadOnlyAsync(query, (pile, history) =>
        {
            WriteSegments(history, query.From, query.Until, query.Evaluation, segments);
            ledger.Read(history, query.Evaluation);
            use(pile, new PileUsage(history, segments, ledger.Postings, ledger.Sessions));
        }, cancellation);
    }

    /// <summary>Energy is digested in slots: a period that begins or ends within one needs the records of that one.</summary>
    private async Task<Dictionary<string, List<EnergyPosting>>> EdgesAsync(
        HistoryQuery query, Instant end, CancellationToken cancellation)
    {
        var edges = query.Piles.ToDictionary(pile => pile.Id, _ => new List<EnergyPosting>(), StringComparer.Ordinal);
        (Instant From, Instant Until)[] parts =
            [(query.From, PileDigest.CeilingOf(query.From)), (PileDigest.FloorOf(end), end)];
        var ledger = new SessionLedger(rules);
        foreach (var (from, until) in parts)
        {
            if (until > from && query.Parts.HasFlag(HistoryParts.Energy))
            {
                var part = query with { From = from, Until = until, Parts = HistoryParts.Energy };
                await loader.ReadOnlyAsync(part, (pile, history) =>
                {
                    ledger.Read(history, query.Evaluation);
                    edges[pile.Id].AddRange(ledger.Postings.Where(posting => posting.At >= from && posting.At < until));
                }, cancellation);
            }
        }
        return edges;
    }

    /// <returns>Piles of which the tail says that it takes more than itself to understand it.</returns>
    private async Task<List<ScopedPile>> ReadTailsAsync(
        HistoryQuery query, Instant mark, Func<string, (PileDigest Digest, List<EnergyPosting> Edges)> digestOf,
        Action<ScopedPile, PileUsage> use, CancellationToken cancellation)
    {
        // Sessions of the period may have spoken after it; their last words are not digested yet.
        var last = query.Parts.HasFlag(HistoryParts.Energy) ? query.Evaluation + Moment : mark;
        var tail = query with { From = mark, Until = Instant.Later(query.Until, last) };
        var (first, edge) = (PileDigest.CeilingOf(query.From), PileDigest.FloorOf(Instant.Earlier(mark, query.Until)));
        var segments = new List<StatusSegment>();
        var ledger = new SessionLedger(rules);
        var unsure = new List<ScopedPile>();
        await loader.ReadOnlyAsync(tail, (pile, history) =>
        {
            ledger.Read(history, query.Evaluation);
            if (ledger.FirstNameless is not null)
            {
                unsure.Add(pile);
                return;
            }
            var (digest, edges) = digestOf(pile.Id);
            WriteSegments(history, mark, query.Until, query.Evaluation, segments);
            edges.AddRange(digest.Energy.Where(posting => posting.At >= first && posting.At < edge));
            edges.AddRange(ledger.Postings.Where(posting => posting.At >= mark));
            use(pile, new PileUsage(history, Joined(digest, segments), edges, Joined(digest, ledger)));
        }, cancellation);
        return unsure;
    }

    private static void WriteSegments(
        PileHistory history, Instant from, Instant until, Instant evaluation, List<StatusSegment> into)
    {
        var faults = FaultLog.Of(history.Faults, evaluation).Faults;
        var offline = OfflineSpans.Of(history, evaluation);
        into.Clear();
        if (until > from)
        {
            StatusTimeline.Write(history, faults, offline, from, until, evaluation, into);
        }
    }

    /// <summary>By port and time; a port's stretch that goes on at the seam is one.</summary>
    private static List<StatusSegment> Joined(PileDigest digest, List<StatusSegment> tail)
    {
        var all = new List<StatusSegment>(digest.Segments.Count + tail.Count);
        var (i, j) = (0, 0);
        while (i < digest.Segments.Count || j < tail.Count)
        {
            var takesDigest = j == tail.Count || (i < digest.Segments.Count && digest.Segments[i].Port <= tail[j].Port);
            var next = takesDigest ? digest.Segments[i++] : tail[j++];
            if (all.Count > 0 && all[^1] is var last && last.Port == next.Port && last.Until == next.From
                && last.Status == next.Status && last.Version == next.Version)
            {
                all[^1] = last with { Until = next.Until };
            }
            else
            {
                all.Add(next);
            }
        }
        return all;
    }

    /// <summary>What records say of a session goes before what a digest said.</summary>
    private static List<ChargingSession> Joined(PileDigest digest, SessionLedger ledger)
    {
        var read = ledger.Sessions.Select(session => (session.Port, session.Id)).ToHashSet();
        return [.. digest.Sessions.Where(session => !read.Contains((session.Port, session.Id))), .. ledger.Sessions];
    }
}
