using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>Digests what piles did once it is over, and again where late records made a digest wrong.</summary>
/// <param name="messagesBehind">Messages acknowledged and not yet in the store.</param>
internal sealed partial class UsageDigester(
    IDigestStore store, HistoryLoader loader, RegistryStore registry, ChargingRules rules, Func<long> messagesBehind,
    TimeProvider clock, ILogger<UsageDigester> logger) : BackgroundService
{
    /// <summary>How often it looks for work.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // New digests come in portions: they are work for the disk, too.
    private static readonly TimeSpan Portion = TimeSpan.FromHours(1);

    // What is under way for longer than this comes late.
    private static readonly TimeSpan Settling = TimeSpan.FromMinutes(2);

    private const int PilesAtATime = 25;

    // A store so far behind gets records that are older than what would be digested.
    private const long BehindMax = 100_000;

    // Piles whose records allow no digest from a moment on: trying again gives the same.
    private readonly Dictionary<string, (Instant From, ulong Basis)> refused = new(StringComparer.Ordinal);

    // Piles of which something could not be digested, and when to try again.
    private static readonly TimeSpan Retry = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, Instant> failed = new(StringComparer.Ordinal);

    private IReadOnlyDictionary<string, long> late = new Dictionary<string, long>();
    private long until;

    /// <summary>What piles did before is digested; null while one of them has no digest. Piles that allow none do not
    /// count.</summary>
    public Instant? Until => Volatile.Read(ref until) is > 0 and var milliseconds ? new Instant(milliseconds) : null;

    /// <summary>Digests what is due now, but nothing of piles whose back-fill is coming in.</summary>
    /// <returns>How many piles were due.</returns>
    public async Task<int> DigestAsync(CancellationToken cancellation)
    {
        if (messagesBehind() > BehindMax)
        {
            return 0;
        }
        // First of all: what comes from here on is noted, and what came before is read.
        var run = await store.BeginAsync(cancellation);
        var now = Instant.From(clock.GetUtcNow());
        var due = await DueAsync(now, cancellation);
        foreach (var same in due.GroupBy(pile => (pile.From, pile.Until)))
        {
            foreach (var some in same.OrderBy(pile => pile.Id, StringComparer.Ordinal).Chunk(PilesAtATime))
            {
                await TryDigestAsync(run, some, now, cancellation);
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
                await DigestAsync(stopping);
            }
            catch (StoreUnavailableException e)
            {
                // Answers are made from records until the store is back; its writer tells people.
                Log.Waiting(logger, e.Message);
            }
        }
    }

    private async Task<List<DuePile>> DueAsync(Instant now, CancellationToken cancellation)
    {
        var before = late;
        late = store.LateMessages;
        var marks = await store.ReadMarksAsync(cancellation);
        var due = new List<DuePile>();
        var reached = Instant.Max;
        foreach (var versions in RegistryScope.Piles(registry.Current, AssetScope.City).GroupBy(p => p.Id, StringComparer.Ordinal))
        {
            var pile = DuePile.Of(versions.Key, [.. versions], marks, rules, now - Settling);
            if (refused.TryGetValue(pile.Id, out var end) && end == (pile.From, pile.Basis))
            {
                continue;
            }
            if (failed.TryGetValue(pile.Id, out var again) && now < again)
            {
                continue;
            }
            reached = Instant.Earlier(reached, pile.From);
            if (pile.Until - pile.From >= Portion && before.GetValueOrDefault(pile.Id) == late.GetValueOrDefault(pile.Id))
            {
                due.Add(pile);
            }
        }
        Volatile.Write(ref until, reached > EventTime.Oldest && reached < Instant.Max ? reached.Milliseconds : 0);
        return due;
    }

    private async Task TryDigestAsync(DigestRun run, DuePile[] piles, Instant now, CancellationToken cancellation)
    {
        try
        {
            await DigestAsync(run, piles, now, cancellation);
        }
        catch (Exception e) when (e is not StoreUnavailableException and not OperationCanceledException)
        {
            // Whoever asks about these piles is told the same; nobody else has to suffer.
            Log.Failed(logger, piles[0].Id, piles.Length, e);
            foreach (var pile in piles)
            {
                failed[pile.Id] = now + Retry;
            }
        }
    }

    private async Task DigestAsync(DigestRun run, DuePile[] piles, Instant now, CancellationToken cancellation)
    {
        var byId = piles.ToDictionary(pile => pile.Id, StringComparer.Ordinal);
        // A device's clock may run ahead: what it said by now exists, whenever it says that was.
        var evaluation = now + EventTime.AheadMax;
        var query = new HistoryQuery(
            [.. piles.Select(p => new ScopedPile(p.Id, p.Versions, new PileGroups([.. p.Versions.Select(_ => 0)], false)))],
            piles[0].From, piles[0].Until, evaluation, HistoryParts.Statuses | HistoryParts.Sessions, rules);
        var made = new List<MarkedDigest>();
        var segments = new List<StatusSegment>();
        var ledger = new SessionLedger(rules);
        await loader.ReadOnlyAsync(query, (pile, history) =>
        {
            var faults = FaultLog.Of(history.Faults, evaluation).Faults;
            var offline = OfflineSpans.Of(history, evaluation);
            StatusTimeline.Write(history, faults, offline, query.From, query.Until, evaluation, segments);
            ledger.Read(history, evaluation);
            var due = byId[pile.Id];
            if (PileDigest.Of(history, query.From, query.Until, segments, ledger, rules) is not { } digest)
            {
                refused[pile.Id] = (due.From, due.Basis);
                return;
            }
            made.Add(new MarkedDigest(digest, new DigestMark(digest.Until, now, due.Basis), due.Reach));
        }, cancellation);
        await store.WriteAsync(run, made, rules, cancellation);
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
        [LoggerMessage(LogLevel.Debug, "Nothing is digested now: {Problem}")]
        public static partial void Waiting(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Error,
            "What the pile {Pile} (or one of {Piles} looked at with it) said cannot be digested; questions about it read its records")]
        public static partial void Failed(ILogger logger, string pile, int piles, Exception e);
    }
}
