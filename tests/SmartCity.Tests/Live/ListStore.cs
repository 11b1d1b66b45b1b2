using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Live;

/// <summary>Gives back messages as a store would: the plainest reading of what <see cref="ITelemetryStore"/> promises.</summary>
internal sealed class ListStore(IEnumerable<TelemetryMessage> messages) : ITelemetryStore
{
    private readonly List<TelemetryMessage> messages = [.. messages];

    public string Kind => "list";

    public IDigestStore Digests => throw new NotSupportedException();

    public ValueTask<long> OpenAsync(CancellationToken cancellation) => ValueTask.FromResult(0L);

    public ValueTask AppendAsync(TelemetryBatch batch, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<long> CheckpointAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<IngestCounts> ReadCountsAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public IAsyncEnumerable<Receipt> ReadReceiptsAsync(IReadOnlyCollection<string>? devices, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<ILookup<MessageKey, ulong>> FindMessagesAsync(
        IReadOnlyCollection<MessageKey> keys, CancellationToken cancellation) => throw new NotSupportedException();

    public IAsyncEnumerable<List<T>> ReadDevicesAsync<T>(RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord => All<T>(query.Kind)
        .Where(r => r.Stamp.Time >= query.From && r.Stamp.Time < query.Until)
        .GroupBy(r => r.Stamp.Device).Select(g => g.ToList()).ToAsyncEnumerable();

    public IAsyncEnumerable<T> ReadLastBeforeAsync<T>(RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord => All<T>(query.Kind)
        .Where(r => r.Stamp.Time < query.From)
        .GroupBy(r => (r.Stamp.Device, PortOf(r))).Select(g => g.Last()).ToAsyncEnumerable();

    public IAsyncEnumerable<Silence> ReadSilencesAsync(RecordQuery query, TimeSpan longerThan, CancellationToken cancellation) =>
        messages.Where(m => m.Kind == query.Kind).SelectMany(Heard).Where(h => h.At < query.Until)
            .GroupBy(h => h.Device).OrderBy(g => g.Key, StringComparer.Ordinal)
            .SelectMany(g => Silences.FromHeard(g.Select(h => h.At), g.Key, longerThan))
            .Where(s => s.Until is not { } until || until > query.From).ToAsyncEnumerable();

    public ValueTask<Instant?> ReadLatestReceivedAsync(RecordQuery query, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public CollectionsChange ReadCollectionsChange(Instant from, Instant until) => throw new NotSupportedException();

    public Instant DeletedUntil(Channel channel) => Instant.Min;

    public ValueTask<(Instant? Heard, Instant? Record)> ReadFirstAsync(Channel channel, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask DeleteAsync(Channel channel, Instant until, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IEnumerable<T> All<T>(DeviceKind kind) where T : struct, ITelemetryRecord => messages
        .Where(m => m.Kind == kind).OfType<TelemetryMessage<T>>().SelectMany(m => m.Records)
        .OrderBy(r => r.Stamp.Device, StringComparer.Ordinal)
        .ThenBy(r => r.Stamp, Comparer<Stamp>.Create((a, b) => Stamp.Compare(a, b)));

    private static int PortOf<T>(T record) => record switch
    {
        StatusRecord status => status.Port,
        MeterRecord meter => meter.Port,
        SessionRecord session => session.Port,
        FaultRecord fault => fault.Port,
        _ => 0,
    };

    private static IEnumerable<(string Device, Instant At)> Heard(TelemetryMessage message) => message switch
    {
        TelemetryMessage<ConnRecord> m => m.Records.Where(r => r.Online).Select(r => (m.Device, r.Stamp.Time)),
        TelemetryMessage<StatusRecord> m => m.Records.Select(r => (m.Device, r.Stamp.Time)),
        TelemetryMessage<MeterRecord> m => m.Records.Select(r => (m.Device, r.Stamp.Time)),
        TelemetryMessage<SessionRecord> m => m.Records.Select(r => (m.Device, r.Stamp.Time)),
        TelemetryMessage<FaultRecord> m => m.Records.Select(r => (m.Device, r.Stamp.Time)),
        TelemetryMessage<PositionRecord> m => m.Records.Select(r => (m.Device, r.Stamp.Time)),
        TelemetryMessage<BinRecord> m => m.Records.Select(r => (m.Device, r.Stamp.Time)),
        _ => [],
    };
}
