using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Ingest;

/// <summary>A real store that can be made to fail around its appends.</summary>
internal sealed class ShakyStore(Func<ITelemetryStore> make) : ITelemetryStore
{
    private ITelemetryStore inner = make();

    /// <summary>The next append is done and then reported as failed.</summary>
    public bool FailsAfterNextAppend { get; set; }

    /// <summary>Done before the next append, which then fails; what is given is the store from then on.</summary>
    public Func<ITelemetryStore, ValueTask<ITelemetryStore>>? BeforeNextAppend { get; set; }

    /// <summary>Messages that it never takes.</summary>
    public Func<TelemetryMessage, bool> Refuses { get; set; } = _ => false;

    /// <summary>It cannot be opened.</summary>
    public bool IsAway { get; set; }

    /// <summary>Receipts that it gives instead of its own.</summary>
    public IReadOnlyList<Receipt>? Receipts { get; set; }

    public string Kind => inner.Kind;

    public IDigestStore Digests => inner.Digests;

    public ValueTask<long> OpenAsync(CancellationToken cancellation) =>
        IsAway ? throw new StoreUnavailableException("The store is away.") : inner.OpenAsync(cancellation);

    public async ValueTask AppendAsync(TelemetryBatch batch, CancellationToken cancellation)
    {
        if (BeforeNextAppend is { } change)
        {
            BeforeNextAppend = null;
            inner = await change(inner);
            throw new StoreUnavailableException("The store went away before the commit.");
        }
        if (batch.Messages.Any(Refuses))
        {
            throw new StoreRefusedException("Constraint Error: not this one.");
        }
        await inner.AppendAsync(batch, cancellation);
        if (FailsAfterNextAppend)
        {
            FailsAfterNextAppend = false;
            throw new StoreUnavailableException("The store went away after the commit.");
        }
    }

    public ValueTask<long> CheckpointAsync(CancellationToken cancellation) => inner.CheckpointAsync(cancellation);

    public ValueTask<IngestCounts> ReadCountsAsync(CancellationToken cancellation) => inner.ReadCountsAsync(cancellation);

    public IAsyncEnumerable<Receipt> ReadReceiptsAsync(IReadOnlyCollection<string>? devices, CancellationToken cancellation) =>
        Receipts?.ToAsyncEnumerable() ?? inner.ReadReceiptsAsync(devices, cancellation);

    public ValueTask<ILookup<MessageKey, ulong>> FindMessagesAsync(
        IReadOnlyCollection<MessageKey> keys, CancellationToken cancellation) => inner.FindMessagesAsync(keys, cancellation);

    public IAsyncEnumerable<List<T>> ReadDevicesAsync<T>(RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord => inner.ReadDevicesAsync<T>(query, cancellation);

    public IAsyncEnumerable<T> ReadLastBeforeAsync<T>(RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord => inner.ReadLastBeforeAsync<T>(query, cancellation);

    public IAsyncEnumerable<Silence> ReadSilencesAsync(
        RecordQuery query, TimeSpan longerThan, CancellationToken cancellation) =>
        inner.ReadSilencesAsync(query, longerThan, cancellation);

    public ValueTask<Instant?> ReadLatestReceivedAsync(RecordQuery query, CancellationToken cancellation) =>
        inner.ReadLatestReceivedAsync(query, cancellation);

    public CollectionsChange ReadCollectionsChange(Instant from, Instant until) => inner.ReadCollectionsChange(from, until);

    public Instant DeletedUntil(Channel channel) => inner.DeletedUntil(channel);

    public ValueTask<(Instant? Heard, Instant? Record)> ReadFirstAsync(Channel channel, CancellationToken cancellation) =>
        inner.ReadFirstAsync(channel, cancellation);

    public ValueTask DeleteAsync(Channel channel, Instant until, CancellationToken cancellation) =>
        inner.DeleteAsync(channel, until, cancellation);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
