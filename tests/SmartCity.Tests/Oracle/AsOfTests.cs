using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Server.Api.Sanitation.Decisions;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.Oracle.Sanitation;
using SmartCity.Tests.Stores;

namespace SmartCity.Tests.Oracle;

/// <summary>What is answered as of a moment is what was answered at that moment, over only what had been accepted by then.</summary>
public sealed class AsOfTests
{
    private const int Moments = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Past_answers_about_collections_come_again() => await Histories.CheckAsync(10, async seed =>
    {
        var town = TownGenerator.Of(seed, isTiny: true) with { Exceptions = [], Believed = [] };
        await ComesAgainAsync(seed, StoredMessages.Of(town), (store, at) => JudgeAsync(store, town with { Evaluation = at }));
    });

    [Fact]
    public async Task Past_answers_about_piles_come_again() => await Histories.CheckAsync(10, async seed =>
    {
        var world = WorldGenerator.Of(seed, (Family)(seed % 4), isTiny: true);
        await ComesAgainAsync(seed, StoredMessages.Of(world), (store, at) => TellAsync(store, world with { Evaluation = at }));
    });

    private static async Task ComesAgainAsync(
        int seed, List<TelemetryMessage> messages, Func<ITelemetryStore, long, Task<List<string>>> ask)
    {
        if (messages.Count == 0)
        {
            return;
        }
        using var directory = new TempDirectory();
        await using var store = new DuckDbTelemetryStore(
            directory.File(DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
        await store.OpenAsync(Token);
        var random = new Random(seed);
        var moments = random.GetItems(messages.ToArray(), Moments).Select(m => m.Received.Milliseconds / 1000).Order().ToList();
        var then = new List<List<string>>();
        var next = 0;
        foreach (var at in moments.Append(long.MaxValue))
        {
            var known = messages.Skip(next).TakeWhile(m => m.Received.Milliseconds / 1000 <= at).ToList();
            next += known.Count;
            await store.AppendAsync(new TelemetryBatch(known, next), Token);
            if (at != long.MaxValue)
            {
                then.Add(await ask(store, at));
            }
        }
        for (var i = 0; i < Moments; i++)
        {
            Difference.None(then[i], await ask(store, moments[i]));
        }
    }

    /// <summary>The verdicts by the store, which must also be those of the oracle over what was accepted.</summary>
    private static async Task<List<string>> JudgeAsync(ITelemetryStore store, OracleTown town)
    {
        using var directory = new TempDirectory();
        using var registered = RegistryStore.Open("", directory.File("registry.db"), TimeProvider.System);
        var decisions = DecisionStore.Open(registered, TimeProvider.System);
        using var loader = new SanitationLoader(store, new KnownDecisions(decisions));
        var registry = TownFeed.Registry(town.Registry);
        var asked = new AskedDates(
            new ScopedPoints(registry, AssetScope.City), town.First, town.Last, TimeZoneInfo.Utc, DomainFeed.At(town.Evaluation), "",
            registry);
        var judged = await loader.JudgeAsync(asked, SanitationRules.Default, Token);
        var known = town with { Deliveries = [.. town.Deliveries.Where(d => d.Received <= town.Evaluation)] };
        Difference.NoneInAnyOrder(
            new OracleVerdicts(known).Outcomes.Select(o => $"{o.Due.Id} {o.Verdict} {o.Primary?.Decision}"),
            judged.Obligations.Select(o => $"{o.Obligation.Id} {o.Verdict} {o.Primary?.Decision.Milliseconds}"));
        return [.. judged.Obligations.Select(o => o.ToString())];
    }

    private static async Task<List<string>> TellAsync(ITelemetryStore store, OracleWorld world)
    {
        using var loader = new HistoryLoader(store, TimeSpan.FromDays(90));
        var bare = new DomainFeed(world, new Random(1), []);
        var piles = Enumerable.Range(0, world.Piles.Count).Select(pile => new ScopedPile(
            $"P{pile}", [.. world.Piles[pile].Select(version => DomainFeed.ToPile(pile, version))], bare.Groups(pile))).ToList();
        var query = new HistoryQuery(
            piles, DomainFeed.At(world.From), DomainFeed.At(world.Until), bare.Evaluation,
            HistoryParts.Statuses | HistoryParts.Sessions, bare.Rules);
        var told = new List<string>();
        var histories = new List<PileHistory>();
        await loader.ReadOnlyAsync(query, (_, history) => histories.Add(Copy(history)), Token);
        var feed = new DomainFeed(world, new Random(1), histories);
        for (var pile = 0; pile < piles.Count; pile++)
        {
            told.AddRange(feed.Segments(pile).Select(s => s.ToString()));
            told.AddRange(feed.Ledger(pile).Sessions.Select(s => s.ToString()));
            told.AddRange(feed.FaultLogs[pile].Faults.Select(f => f.ToString()));
        }
        return told;
    }

    /// <summary>The loader uses a history's lists again for the next pile but one.</summary>
    private static PileHistory Copy(PileHistory history)
    {
        var copy = new PileHistory(history.Id, history.Versions);
        copy.Statuses.AddRange(history.Statuses);
        copy.Sessions.AddRange(history.Sessions);
        copy.Samples.AddRange(history.Samples);
        copy.Faults.AddRange(history.Faults);
        copy.Silences.AddRange(history.Silences);
        copy.Wills.AddRange(history.Wills);
        return copy.Settle();
    }
}
