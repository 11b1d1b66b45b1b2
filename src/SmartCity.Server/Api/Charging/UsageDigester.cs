using System.Diagnostics;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>Digests what piles did once it is over, and again where late records made a digest wrong.</summary>
internal sealed partial class UsageDigester(
    IDigestStore store, HistoryLoader loader, RegistryStore registry, ChargingRules rules, TimeProvider clock,
    ILogger<UsageDigester> logger) : BackgroundService
{
    /// <summary>How often it looks for work.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // New digests come in portions: they are work for the disk, too.
    private static readonly TimeSpan Portion = TimeSpan.FromHours(1);

    // What is under way for longer than this comes late.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    private const int PilesAtATime = 25;

    // Piles whose records allow no digest, and until when that was found.
    private readonly Dictionary<string, Instant> refused = new(StringComparer.Ordinal);

    private IReadOnlyDictionary<string, long> late = new Dictionary<string, long>();

    /// <summary>What piles did before is digested; null while one of them has no digest. Piles that allow none do not
    /// count.</summary>
    public Instant? Until { get; private set; }

    /// <summary>Digests what is due now, but nothing of piles whose back-fill is coming in.</summary>
    /// <returns>How many piles it digested.</returns>
    public async Task<int> DigestAsync(CancellationToken cancellation)
    {
        var before = late;
        late = store.LateMessages;
        var marks = await store.ReadMarksAsync(cancellation);
        var now = Instant.From(clock.GetUtcNow());
        var due = new List<DuePile>();
        var until = Instant.Max;
        foreach (var versions in RegistryScope.Piles(registry.Current, AssetScope.City).GroupBy(p => p.Id, StringComparer.Ordinal))
        {
            var pile = DuePile.Of(versions.Key, [.. versions], marks, rules, now - Settling);
            until = refused.ContainsKey(pile.Id) ? until : Instant.Earlier(until, pile.From);
            var from = Instant.Later(pile.From, refused.GetValueOrDefault(pile.Id, Instant.Min));
            if (pile.Until - from >= Portion && Late(before, pile.Id) == Late(late, pile.Id))
            {
                due.Add(pile);
            }
        }
        Until = until > EventTime.Oldest && until < Instant.Max ? until : null;
        foreach (var same in due.GroupBy(pile => (pile.From, pile.Until)))
        {
            foreach (var some in same.OrderBy(pile => pile.Id, StringComparer.Ordinal).Chunk(PilesAtATime))
            {
                await DigestAsync(some, now, cancellation);
            }
        }
        return due.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                var watch = Stopwatch.StartNew();
                if (await DigestAsync(stopping) is > 0 and var piles)
                {
                    Log.Digested(logger, piles, watch.Elapsed.TotalSeconds);
                }
            }
            catch (StoreUnavailableException e)
            {
                // Answers are made from records until the store is back; its writer tells people.
                Log.Waiting(logger, e.Message);
            }
        }
    }

    private static long Late(IReadOnlyDictionary<string, long> counts, string pile) => counts.GetValueOrDefault(pile);

    private async Task DigestAsync(DuePile[] piles, Instant now, CancellationToken cancellation)
    {
        var begun = await store.BeginAsync(cancellation);
        var query = new HistoryQuery(
            [.. piles.Select(p => new ScopedPile(p.Id, p.Versions, new PileGroups([.. p.Versions.Select(_ => 0)], false)))],
            piles[0].From, piles[0].Until, now, HistoryParts.Statuses | HistoryParts.Sessions, rules);
        var made = new List<MarkedDigest>();
        var segments = new List<StatusSegment>();
        var ledger = new SessionLedger(rules);
        await loader.ReadOnlyAsync(query, (pile, history) =>
        {
            var faults = FaultLog.Of(history.Faults, now).Faults;
            var offline = OfflineSpans.Of(history, now);
            StatusTimeline.Write(history, faults, offline, query.From, query.Until, now, segments);
            ledger.Read(history, now);
            if (PileDigest.Of(history, query.From, query.Until, segments, ledger, rules) is { } digest)
            {
                var due = piles.First(p => p.Id == pile.Id);
                made.Add(new MarkedDigest(digest, new DigestMark(digest.Until, now, due.Basis), due.Reach));
            }
            else
            {
                refused[pile.Id] = query.Until;
            }
        }, cancellation);
        await store.WriteAsync(begun, made, rules, cancellation);
    }

    /// <summary>A pile and what of it may be digested.</summary>
    private sealed record DuePile(string Id, IReadOnlyList<Pile> Versions, Instant From, Instant Until, ulong Basis, TimeSpan Reach)
    {
        public static DuePile Of(
            string id, IReadOnlyList<Pile> versions, IReadOnlyDictionary<string, DigestMark> marks, ChargingRules rules, Instant now)
        {
            var basis = DigestBasis.Of(versions, rules);
            // Whether a pile is OFFLINE is known once it may have been silent for long enough.
            var reach = versions.Max(v => DerivedStatus.OfflineAfter(v.ReportInterval));
            var from = marks.TryGetValue(id, out var mark) && mark.Basis == basis ? mark.Until : EventTime.Oldest;
            return new DuePile(id, versions, from, PileDigest.FloorOf(now - reach), basis, reach);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Digested {Piles} piles in {Seconds:0.0} s")]
        public static partial void Digested(ILogger logger, int piles, double seconds);

        [LoggerMessage(LogLevel.Debug, "Nothing is digested now: {Problem}")]
        public static partial void Waiting(ILogger logger, string problem);
    }
}
