using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Charging;

/// <summary>Sums what piles did: whole days that are over from memory, the rest of a period from what was read.</summary>
internal sealed class UsageSummer(UsageReader reader, UsageDays days, HistoryLoader loader)
{
    /// <summary>Adds the piles of a question to a table.</summary>
    /// <param name="isWhole">No group cuts through a compound.</param>
    /// <returns>When the newest record of the period was received; null without records.</returns>
    public async Task<Instant?> SumAsync(
        Asked asked, HistoryQuery query, Bucket bucket, UtilizationTable table, bool isWhole, CancellationToken cancellation)
    {
        var (first, count) = DaysOf(asked, bucket);
        var settled = count == 0
            ? []
            : await days.ReadAsync(
                WholeCompound.Of(query.Piles, asked.Registry, asked.From, asked.Until).Where(c => !isWhole || IsOneGroup(c)), first,
                count, query, asked.Zone, cancellation);
        var rows = Enumerable.Range(0, count).Select(day => table.Buckets.RowAt(first + (PileDay.Length * day))).ToArray();
        var asks = query.Piles.Select(pile => pile.Id).ToHashSet(StringComparer.Ordinal);
        Instant? latest = null;
        foreach (var same in settled.GroupBy(compound => compound.Days.Count))
        {
            latest = Later(
                latest,
                await AddAsync([.. same], first, first + (PileDay.Length * same.Key), rows, query, table, isWhole, cancellation));
            asks.ExceptWith(same.SelectMany(c => c.Compound.Piles).Select(pile => pile.Id));
        }
        var rest = query with { Piles = [.. query.Piles.Where(pile => asks.Contains(pile.Id))] };
        var latestOfRest = loader.LatestAsync(rest, cancellation);
        var reading = reader.ReadOnlyAsync(
            rest, (pile, did) => table.Add(did.History, pile.Groups, did.Segments, did.Postings, did.Sessions, query.Evaluation),
            cancellation);
        await Task.WhenAll(latestOfRest, reading);
        return Later(latest, await latestOfRest);
    }

    private async Task<Instant?> AddAsync(
        List<SettledCompound> settled, Instant from, Instant until, int[] rows, HistoryQuery query, UtilizationTable table,
        bool isWhole, CancellationToken cancellation)
    {
        var asked = query.Piles.Select(pile => pile.Id).ToHashSet(StringComparer.Ordinal);
        List<ScopedPile> piles = [.. settled.SelectMany(c => c.Compound.Piles).Where(pile => asked.Contains(pile.Id))];
        Instant? latest = null;
        var edges = piles.ToDictionary(pile => pile.Id, _ => new Edges(), StringComparer.Ordinal);
        foreach (var (begin, end) in ((Instant, Instant)[])[(query.From, from), (until, query.Until)])
        {
            if (end > begin)
            {
                var edge = query with { Piles = piles, From = begin, Until = end };
                await reader.ReadOnlyAsync(edge, (pile, did) => edges[pile.Id].Add(did, begin, end), cancellation);
                latest = Later(latest, await loader.LatestAsync(edge, cancellation));
            }
        }
        foreach (var (compound, compoundDays) in settled)
        {
            for (var pile = 0; pile < compound.Piles.Count; pile++)
            {
                if (edges.TryGetValue(compound.Piles[pile].Id, out var own))
                {
                    var (id, versions, groups) = compound.Piles[pile];
                    table.Add(
                        new PileHistory(id, versions), groups, compoundDays.Select((day, i) => (rows[i], day.Piles[pile])).ToArray(),
                        own.Segments, own.Postings, own.Sessions, query.Evaluation);
                    latest = Later(latest, compoundDays.Max(day => day.LatestReceived[pile]));
                }
            }
            var group = isWhole ? GroupsOf(compound).First() : -1;
            for (var day = 0; day < compoundDays.Count; day++)
            {
                foreach (var kind in compoundDays[day].Kinds)
                {
                    table.AddCompoundDay(group, rows[day], kind);
                }
            }
        }
        return latest;
    }

    private static Instant? Later(Instant? a, Instant? b) => a is { } one && b is { } other ? Instant.Later(one, other) : a ?? b;

    private static IEnumerable<int> GroupsOf(WholeCompound compound) =>
        compound.Piles.SelectMany(pile => pile.Groups.FirstOfVersion).Where(group => group >= 0).Distinct();

    private static bool IsOneGroup(WholeCompound compound) => GroupsOf(compound).Count() == 1;

    /// <summary>The whole local days of a period, where each is in one row and all have 24 hours.</summary>
    private static (Instant First, int Count) DaysOf(Asked asked, Bucket bucket)
    {
        if (bucket is Bucket.Hour or Bucket.HourOfDay || asked.From < EventTime.Oldest)
        {
            return (asked.From, 0);
        }
        var offset = asked.Zone.GetUtcOffset(asked.From.ToDateTimeOffset());
        var into = (asked.From + offset - EventTime.Oldest).Ticks % PileDay.Length.Ticks;
        var first = into == 0 ? asked.From : asked.From + (PileDay.Length - TimeSpan.FromTicks(into));
        var until = Instant.Earlier(asked.Until, asked.Evaluation);
        if (first >= until)
        {
            return (first, 0);
        }
        var count = (int)((until - first) / PileDay.Length);
        for (var day = 0; day <= count; day++)
        {
            // The clocks are changed at night, and back in another.
            if (asked.Zone.GetUtcOffset((first + (PileDay.Length * day)).ToDateTimeOffset()) != offset)
            {
                return (first, 0);
            }
        }
        return (first, count);
    }

    /// <summary>What a pile did in a period outside its settled days.</summary>
    private sealed class Edges
    {
        public List<StatusSegment> Segments { get; } = [];

        public List<EnergyPosting> Postings { get; } = [];

        public List<ChargingSession> Sessions { get; } = [];

        public void Add(PileUsage did, Instant from, Instant until)
        {
            Segments.AddRange(did.Segments);
            Segments.Sort(static (a, b) => a.Port != b.Port ? a.Port.CompareTo(b.Port) : a.From.CompareTo(b.From));
            Postings.AddRange(did.Postings.Where(posting => posting.At >= from && posting.At < until));
            Sessions.AddRange(did.Sessions.Where(session => session.Start >= from && session.Start < until));
        }
    }
}
