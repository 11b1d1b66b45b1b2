using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>What moves into the store in one transaction.</summary>
/// <param name="Messages">Messages that are not in the store yet (the ledger saw to that), in journal order.</param>
/// <param name="NextPosition">The journal position after the last message that is settled with this batch.</param>
/// <param name="Counts">What else became of the messages up to there; its stored and records are ignored.</param>
public sealed record TelemetryBatch(IReadOnlyList<TelemetryMessage> Messages, long NextPosition, IngestCounts Counts = default)
{
    /// <summary>How many journaled messages these are: one whose records are not counted by the device comes as several.</summary>
    public int JournaledMessages => Messages.Where((message, i) =>
        i == 0 || message.Sequence is not null || message.Position != Messages[i - 1].Position).Count();
}

/// <summary>Which records to read: event time in [From, Until), accepted at KnownAt or before.</summary>
/// <param name="Devices">Only these; null: all.</param>
/// <param name="SessionsUntil">For session records and energy samples: also all others, of any time, of each session that has
/// one of either in the span, or a session record in [From, SessionsUntil).</param>
public sealed record RecordQuery(
    DeviceKind Kind, IReadOnlyCollection<string>? Devices, Instant From, Instant Until, Instant KnownAt,
    Instant? SessionsUntil = null);

/// <summary>What is in the store of one power-up of a device; the holes between the ranges are missing messages.</summary>
/// <param name="Boot">Empty for messages without sequence numbers; Seqs is empty then too.</param>
public sealed record Receipt(
    DeviceKind Kind, string Device, string Boot, Instant FirstReceived, Instant LastReceived, long Messages, long Records,
    IReadOnlyList<(long First, long Last)> Seqs);

/// <summary>Identifies a message in the store.</summary>
public readonly record struct MessageKey(DeviceKind Kind, string Device, string Boot, long Sequence);

/// <summary>Keeps readings. What <c>TelemetryStoreContract</c> in the tests does not check is not promised.</summary>
public interface ITelemetryStore : IRetention, IAsyncDisposable
{
    /// <summary>Name shown to operators.</summary>
    string Kind { get; }

    /// <summary>What was made of the records once and for all.</summary>
    IDigestStore Digests { get; }

    /// <summary>Makes the store ready and says at which journal position to go on.</summary>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    ValueTask<long> OpenAsync(CancellationToken cancellation);

    /// <summary>Stores the whole batch and moves the position with it, or throws and stores nothing.</summary>
    /// <exception cref="StoreRefusedException">It never takes one of the messages.</exception>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    ValueTask AppendAsync(TelemetryBatch batch, CancellationToken cancellation);

    /// <summary>Makes what was appended durable in the store itself. The journal may forget what is before the answer.</summary>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    ValueTask<long> CheckpointAsync(CancellationToken cancellation);

    /// <summary>What became of all messages before the position, since the store was made.</summary>
    ValueTask<IngestCounts> ReadCountsAsync(CancellationToken cancellation);

    /// <summary>Which messages are in the store, by device and power-up.</summary>
    IAsyncEnumerable<Receipt> ReadReceiptsAsync(IReadOnlyCollection<string>? devices, CancellationToken cancellation);

    /// <summary>The hashes of those of the messages that are in the store. A message without sequence number is asked for
    /// with boot "" and its hash as the sequence. A key in conflict may have several hashes.</summary>
    ValueTask<ILookup<MessageKey, ulong>> FindMessagesAsync(IReadOnlyCollection<MessageKey> keys, CancellationToken cancellation);

    /// <summary>Reads records of one type: one list for each device that has any, by device, in the order of
    /// <see cref="Stamp.Compare"/>. The list is the reader's.</summary>
    IAsyncEnumerable<List<T>> ReadDevicesAsync<T>(RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord;

    /// <summary>The last record before <c>query.From</c> of each device and port (of each device for records without port),
    /// by event time and order.</summary>
    IAsyncEnumerable<T> ReadLastBeforeAsync<T>(RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord;

    /// <summary>Streams, by device and time, the pairs of successive moments at which a device was heard that lie further
    /// apart than <paramref name="longerThan"/> and touch [From, Until); and for each device its last moment heard before
    /// Until, with no end. Heard is every record but a <see cref="ConnRecord"/> that is not online.</summary>
    IAsyncEnumerable<Silence> ReadSilencesAsync(RecordQuery query, TimeSpan longerThan, CancellationToken cancellation);

    /// <summary>When the newest of what was heard in [From, Until) was accepted; null when nothing was.</summary>
    ValueTask<Instant?> ReadLatestReceivedAsync(RecordQuery query, CancellationToken cancellation);

    /// <summary>How far the records of trucks and points about the days (UTC) that [from, until) touches have come.</summary>
    CollectionsChange ReadCollectionsChange(Instant from, Instant until);
}

/// <summary>The store cannot take or give anything now; the message says what to do. Worth another try later.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
