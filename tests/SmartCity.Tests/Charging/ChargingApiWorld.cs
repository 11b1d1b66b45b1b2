using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Api.Faults;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Charging;

/// <summary>The answers over a real store and a real registry in a folder of their own. One district with a subdistrict, the
/// compounds C1 and C2, and the piles that a test adds.</summary>
internal sealed class ChargingApiWorld : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("smartcity-charging-").FullName;
    private readonly FakeTimeProvider clock = new(PileStory.Start.ToDateTimeOffset().AddDays(-1));
    private readonly HistoryLoader loader;
    private long position;

    private ChargingApiWorld(int readersMax)
    {
        Registry = RegistryStore.Open("", Path.Combine(folder, "registry.db"), clock);
        Store = new DuckDbTelemetryStore(
            Path.Combine(folder, DuckDbTelemetryStore.FileName), new DuckDbOptions { ReadersMax = readersMax },
            NullLogger<DuckDbTelemetryStore>.Instance);
        loader = new HistoryLoader(Store, TimeSpan.FromDays(200));
        var requests = new Requests(Registry, clock);
        var qualities = new Qualities(() => 7);
        var usage = new UsageReader(loader, Store, ChargingRules.Default);
        Digester = new UsageDigester(
            Store, loader, Registry, ChargingRules.Default, () => 0, clock, NullLogger<UsageDigester>.Instance);
        Days = new UsageDays(usage, Store, ChargingRules.Default);
        Utilization = new UtilizationAnswers(requests, new UsageSummer(usage, Days, loader), loader, qualities, ChargingRules.Default);
        var none = new NoDigests();
        var records = new UsageReader(loader, none, ChargingRules.Default);
        UtilizationFromRecords = new UtilizationAnswers(
            requests, new UsageSummer(records, new UsageDays(records, none, ChargingRules.Default), loader), loader, qualities,
            ChargingRules.Default);
        SessionsFromRecords = new SessionAnswers(requests, records, qualities, ChargingRules.Default);
        Sessions = new SessionAnswers(requests, usage, qualities, ChargingRules.Default);
        Overstays = new OverstayAnswers(requests, usage, qualities, ChargingRules.Default);
        OverstaysFromRecords = new OverstayAnswers(requests, records, qualities, ChargingRules.Default);
        Capacity = new CapacityAnswers(requests, usage, qualities, ChargingRules.Default);
        CapacityFromRecords = new CapacityAnswers(requests, records, qualities, ChargingRules.Default);
        Timeline = new TimelineAnswers(requests, Registry, loader, qualities, ChargingRules.Default);
        var incidents = new IncidentReader(Registry, loader, ChargingRules.Default);
        var reader = new FaultReader(loader, Registry.Repairs, ChargingRules.Default);
        Faults = new FaultListAnswers(requests, reader, Registry.Repairs, incidents, qualities, ChargingRules.Default);
        Statistics = new FaultStatisticsAnswers(requests, reader, Registry.Repairs, qualities, ChargingRules.Default);
        var finder = new FaultFinder(Registry, loader, ChargingRules.Default);
        Steps = new FaultSteps(finder, incidents, Registry.Repairs, clock);
        LiveFaults = new LiveFaults(Faults, finder, incidents, Registry, Registry.Repairs, _ => new(OldestBehind), clock);
        Incidents = new IncidentAnswers(requests, loader, incidents, qualities, ChargingRules.Default);
        Maintenance = new MaintenanceAnswers(requests, Registry, Registry.Repairs);
    }

    public RegistryStore Registry { get; }

    public DuckDbTelemetryStore Store { get; }

    public UsageDigester Digester { get; }

    public UtilizationAnswers Utilization { get; }

    public UsageDays Days { get; }

    public SessionAnswers Sessions { get; }

    /// <summary>The same answers, made without digests.</summary>
    public UtilizationAnswers UtilizationFromRecords { get; }

    /// <summary>The same answers, made without digests.</summary>
    public SessionAnswers SessionsFromRecords { get; }

    public OverstayAnswers Overstays { get; }

    /// <summary>The same answers, made without digests.</summary>
    public OverstayAnswers OverstaysFromRecords { get; }

    public CapacityAnswers Capacity { get; }

    /// <summary>The same answers, made without digests.</summary>
    public CapacityAnswers CapacityFromRecords { get; }

    public TimelineAnswers Timeline { get; }

    public FaultListAnswers Faults { get; }

    public FaultStatisticsAnswers Statistics { get; }

    public FaultSteps Steps { get; }

    public LiveFaults LiveFaults { get; }

    /// <summary>What watchers are told of messages that are not stored yet.</summary>
    public Instant? OldestBehind { get; set; }

    public IncidentAnswers Incidents { get; }

    public MaintenanceAnswers Maintenance { get; }

    /// <summary>The time now, in seconds of the story.</summary>
    public double Now
    {
        get => (Instant.From(clock.GetUtcNow()) - PileStory.Start).TotalSeconds;
        set => clock.SetUtcNow(PileStory.At(value).ToDateTimeOffset());
    }

    public static Task<ChargingApiWorld> OpenAsync(params Pile[] piles) => OpenAsync(16, piles);

    public static async Task<ChargingApiWorld> OpenAsync(int readersMax, params Pile[] piles)
    {
        var world = new ChargingApiWorld(readersMax);
        var always = new Validity(PileStory.At(-90 * 86_400), null);
        IAsset[] assets =
        [
            new Area("220204", always, AreaKind.District, "船营区", null, null),
            new Area("S1", always, AreaKind.Subdistrict, "街道", "220204", null),
            new Area("C1", always, AreaKind.Compound, "江湾小区", "S1", null),
            new Area("C2", always, AreaKind.Compound, "碧水小区", "S1", null), .. piles,
        ];
        var rows = assets.Select((asset, i) => new ParsedAsset(asset, $"row {i}")).ToList();
        var outcome = await world.Registry.ImportAsync(
            new ParsedAssets(rows, [], new HashSet<(AssetKind, string)>()), false, TestContext.Current.CancellationToken);
        Assert.Empty(outcome.Problems);
        await world.Store.OpenAsync(TestContext.Current.CancellationToken);
        return world;
    }

    public static Pile Pile(string id, string compound = "C1", int ports = 2, double until = 0) => new(
        id, new Validity(PileStory.At(-30 * 86_400), until == 0 ? null : PileStory.At(until)), "桩 " + id, compound,
            PileKind.EbikeAc, ports,
        1000, TimeSpan.FromSeconds(60), null, null, null);

    /// <summary>Stores records that came as one message each, each when it was received.</summary>
    public async Task StoreAsync(params IReadOnlyList<TelemetryMessage> messages)
    {
        position += messages.Count;
        await Store.AppendAsync(new TelemetryBatch(messages, position), TestContext.Current.CancellationToken);
    }

    /// <summary>A record of a pile as a message of its own.</summary>
    public static TelemetryMessage MessageOf<T>(string id, Channel channel, T record) where T : struct, ITelemetryRecord => new
        TelemetryMessage<T>(
            DeviceKind.Pile, id, channel, "b", record.Stamp.Sequence, (ulong)record.Stamp.Sequence, record.Stamp.Received, 0, null,
            [record]);

    /// <summary>Stores what a story says, and a conn record for each minute, so that the pile is heard.</summary>
    public async Task StoreAsync(PileStory story, int aliveFrom = 0, int aliveUntil = 0, double delay = 0)
    {
        var id = story.Versions[0].Id;
        var alive = Enumerable.Range(0, Math.Max(0, (aliveUntil - aliveFrom) / 60 + 1)).Select(i => new ConnRecord(
            new Stamp(id, PileStory.At(aliveFrom + (i * 60)), PileStory.At(aliveFrom + (i * 60)), PileStory.Start,
                1_000_000 + i, 0, 0),
            true, false, null, null, null));
        var meters = story.Samples.ConvertAll(s => new MeterRecord(
            s.Stamp, s.Port, s.SessionId, null, null, null, s.SessionEnergyWh, null, null, null, null));
        List<TelemetryMessage> messages =
        [
            .. Messages(Channel.Status, story.Statuses), .. Messages(Channel.Session, story.Sessions),
            .. Messages(Channel.Meter, meters), .. Messages(Channel.Fault, story.Faults), .. Messages(Channel.Conn, [.. alive]),
        ];
        position += messages.Count;
        await Store.AppendAsync(new TelemetryBatch(messages, position), TestContext.Current.CancellationToken);

        IEnumerable<TelemetryMessage> Messages<T>(Channel channel, List<T> records) where T : struct, ITelemetryRecord =>
            records.Select(record => Message(id, channel, record, delay));
    }

    public async ValueTask DisposeAsync()
    {
        loader.Dispose();
        await Store.DisposeAsync();
        Registry.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private TelemetryMessage<T> Message<T>(string id, Channel channel, T record, double delay) where T : struct, ITelemetryRecord
    {
        var received = record.Stamp.Received + TimeSpan.FromSeconds(delay);
        var delayed = record switch
        {
            StatusRecord r => (T)(object)(r with { Stamp = r.Stamp with { Received = received } }),
            _ => record,
        };
        return new TelemetryMessage<T>(
            DeviceKind.Pile, id, channel, "b", (position * 10_000) + ((long)channel * 10_000_000) + record.Stamp.Sequence,
            (ulong)record.Stamp.Sequence, received, position, null, [delayed]);
    }
}
