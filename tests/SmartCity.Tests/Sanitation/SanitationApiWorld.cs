using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api;
using SmartCity.Server.Api.Sanitation;
using SmartCity.Storage.DuckDb;
using SmartCity.Server.Api.Sanitation.Decisions;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>The answers over a real store and a real registry in a folder of their own, about a <see cref="Town"/>.</summary>
internal sealed class SanitationApiWorld : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("smartcity-sanitation-").FullName;
    private readonly FakeTimeProvider clock = new(Town.At("2026-11-01 00:00:00").ToDateTimeOffset());
    private readonly RegistryStore registry;
    private readonly DuckDbTelemetryStore store;
    private readonly DecisionStore decisions;
    private readonly SanitationLoader loader;
    private long position;

    private SanitationApiWorld()
    {
        registry = RegistryStore.Open("", Path.Combine(folder, "registry.db"), clock);
        store = new DuckDbTelemetryStore(
            Path.Combine(folder, DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
        decisions = DecisionStore.Open(registry, clock);
        loader = new SanitationLoader(store, new KnownDecisions(decisions));
        var requests = new SanitationRequests(registry, clock, new SanitationOptions());
        var quality = new TruckQuality(store, new Qualities(() => 7));
        Compliance = new ComplianceAnswers(
            requests, loader, new RestatementReader(loader, registry, store, decisions), quality);
        Obligations = new ObligationAnswers(requests, loader, quality);
        var finder = new DueFinder(requests, loader, registry);
        var known = new KnownDecisions(decisions);
        Explanations = new ExplanationAnswers(
            requests, finder, loader, new HistoryReader(requests, loader, finder, known, registry), decisions, quality);
        Exceptions = new ExceptionAnswers(requests, decisions, new ExceptionEffects(requests, known));
        Confirmations = new ConfirmationAnswers(requests, finder, loader, decisions, store);
        Said = new ConfirmationList(requests, loader, decisions);
        Visits = new VisitAnswers(requests, loader, quality);
        AtRisk = new AtRiskAnswers(requests, loader, quality);
        Look = new ObligationLook(requests, loader, registry, decisions, store);
        LiveObligations = new LiveObligations(Look, requests, () => 0, clock);
    }

    public ComplianceAnswers Compliance { get; }

    public ObligationAnswers Obligations { get; }

    public ExplanationAnswers Explanations { get; }

    public VisitAnswers Visits { get; }

    public AtRiskAnswers AtRisk { get; }

    public LiveObligations LiveObligations { get; }

    public ObligationLook Look { get; }

    /// <summary>The present moment of the story; time only goes on.</summary>
    public DateTimeOffset Now
    {
        get => clock.GetUtcNow();
        set => clock.SetUtcNow(value);
    }

    public ExceptionAnswers Exceptions { get; }

    public ConfirmationAnswers Confirmations { get; }

    public ConfirmationList Said { get; }

    /// <summary>Lets time go by.</summary>
    public void MoveTo(string now) => clock.SetUtcNow(Town.At(now).ToDateTimeOffset());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Registers the town on 1 November and moves the clock to a moment of the story.</summary>
    public static async Task<SanitationApiWorld> OpenAsync(Town town, string now = "2026-11-24 12:00:00")
    {
        var world = new SanitationApiWorld();
        var rows = town.Assets.Select((asset, i) => new ParsedAsset(asset, $"row {i}")).ToList();
        var outcome = await world.registry.ImportAsync(
            new ParsedAssets(rows, [], new HashSet<(AssetKind, string)>()), false, Stop);
        Assert.Empty(outcome.Problems);
        await world.store.OpenAsync(Stop);
        world.clock.SetUtcNow(Town.At(now).ToDateTimeOffset());
        return world;
    }

    /// <summary>Stores what a truck said, all of it received so much later.</summary>
    public async Task StoreAsync(TruckLog log, TimeSpan delay = default)
    {
        List<TelemetryMessage> messages =
        [
            .. log.Positions().Chunk(500).Select(records => Message(Channel.Position, [.. records.Select(r =>
                r with { Stamp = r.Stamp with { Received = r.Stamp.Received + delay } })])),
            .. log.Evidence.Select(r => Message(
                Channel.Evidence, [r with { Stamp = r.Stamp with { Received = r.Stamp.Received + delay } }])),
        ];
        await store.AppendAsync(new TelemetryBatch(messages, position), Stop);
    }

    /// <summary>Deletes all positions of before.</summary>
    public ValueTask DeletePositionsAsync(Instant until) => store.DeleteAsync(Channel.Position, until, Stop);

    public async ValueTask DisposeAsync()
    {
        loader.Dispose();
        await store.DisposeAsync();
        registry.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private TelemetryMessage<T> Message<T>(Channel channel, IReadOnlyList<T> records) where T : struct, ITelemetryRecord
    {
        var first = records[0].Stamp;
        return new TelemetryMessage<T>(
            DeviceKind.Truck, first.Device, channel, "b", first.Sequence, (ulong)++position, first.Received, position, null, records);
    }
}
