using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>
/// What every store knows of its readings beside the readings themselves, in a DuckDB file in this process: which messages it has
/// and up to which journal position, when devices were heard, which days each session spoke on, and the digests. One transaction
/// changes all of it. Where the records lie is the matter of those who inherit.
/// </summary>
/// <param name="path">The file; others begin with its name.</param>
public abstract partial class TelemetryIndex(string path, DuckDbOptions options, ILogger logger) : ITelemetryStore, IDigestStore
{
    private const int KeysPerQuery = 2_000;

    private readonly SemaphoreSlim _writing = new(1);
    private volatile DuckDbSession? _session;
    private long _committed;
    private bool _disposed;

    /// <inheritdoc/>
    public abstract string Kind { get; }

    /// <summary>The file.</summary>
    private protected string IndexPath => path;

    private protected DuckDbOptions IndexOptions => options;

    /// <summary>The journal position up to which everything is settled.</summary>
    private protected long Committed
    {
        get => Volatile.Read(ref _committed);
        private set => Volatile.Write(ref _committed, value);
    }

    /// <summary>Whether the records lie in the same file.</summary>
    private protected abstract bool KeepsRecords { get; }

    /// <inheritdoc/>
    public IDigestStore Digests => this;

    /// <inheritdoc/>
    public virtual async ValueTask<long> OpenAsync(CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            return Committed = Position(Ready());
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public abstract IAsyncEnumerable<List<T>> ReadDevicesAsync<T>(RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord;

    /// <inheritdoc/>
    public abstract IAsyncEnumerable<T> ReadLastBeforeAsync<T>(RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord;

    /// <inheritdoc/>
    public virtual async ValueTask AppendAsync(TelemetryBatch batch, CancellationToken cancellation) => await WriteAsync(
        session =>
        {
            session.Writer.Execute("BEGIN TRANSACTION");
            new BatchWriter(session, path).Write(batch);
            session.Writer.Execute("COMMIT");
            session.Committed();
            // Before anybody else may write: whoever begins a digest then reads all that was committed before.
            return Committed = batch.NextPosition;
        },
        cancellation);

    /// <inheritdoc/>
    public virtual ValueTask<long> CheckpointAsync(CancellationToken cancellation) => WriteAsync(
        session =>
        {
            session.Checkpoint();
            return Position(session);
        },
        cancellation);

    /// <inheritdoc/>
    public async ValueTask<IngestCounts> ReadCountsAsync(CancellationToken cancellation)
    {
        using var reading = await QueryAsync(
            _ => "SELECT stored, records, duplicates, dead, dead_records, conflicts, clock_refused, damaged FROM progress",
            cancellation);
        var row = reading.Rows;
        return reading.Next()
            ? new IngestCounts(
                row.Int64(), row.Int64(), row.Int64(), row.Int64(), row.Int64(), row.Int64(), row.Int64(), row.Int64())
            : default;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<Receipt> ReadReceiptsAsync(
        IReadOnlyCollection<string>? devices, [EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var receipt in await ListReceiptsAsync(devices, cancellation))
        {
            yield return receipt;
        }
    }

    // A connection is never kept while a reader thinks: whoever closes the store waits for all of them.
    private async ValueTask<List<Receipt>> ListReceiptsAsync(
        IReadOnlyCollection<string>? devices, CancellationToken cancellation)
    {
        var holed = await ReadRangesAsync(devices, cancellation);
        var receipts = new List<Receipt>();
        using var reading = await QueryAsync(session => StoreSql.Receipts(devices, session.Keys), cancellation);
        var row = reading.Rows;
        while (reading.Next())
        {
            var (kind, device, boot) = ((DeviceKind)row.Byte(), row.Text(), row.Text());
            var (first, last, messages, records) = (new Instant(row.Int64()), new Instant(row.Int64()), row.Int64(), row.Int64());
            var whole = (row.Int64(), row.Int64());
            IReadOnlyList<(long, long)> seqs = boot.Length == 0 ? [] : holed.GetValueOrDefault((kind, device, boot)) ?? [whole];
            receipts.Add(new Receipt(kind, device, boot, first, last, messages, records, seqs));
        }
        return receipts;
    }

    /// <inheritdoc/>
    public async ValueTask<ILookup<MessageKey, ulong>> FindMessagesAsync(
        IReadOnlyCollection<MessageKey> keys, CancellationToken cancellation)
    {
        var found = new List<(MessageKey Key, ulong Hash)>();
        var session = Session();
        var wanted = keys
            .SelectMany(key => session.Keys.FindBoots(key.Kind, key.Device, key.Boot).Select(boot => (Key: (boot, key.Sequence),
                Message: key)))
            .ToLookup(pair => pair.Key, pair => pair.Message);
        foreach (var part in wanted.Select(group => group.Key).Chunk(KeysPerQuery))
        {
            using var reading = await QueryAsync(_ => StoreSql.Messages(part), cancellation);
            while (reading.Next())
            {
                var key = (reading.Rows.Int32(), reading.Rows.Int64());
                var hash = reading.Rows.UInt64();
                found.AddRange(wanted[key].Select(message => (message, hash)));
            }
        }
        return found.ToLookup(pair => pair.Key, pair => pair.Hash);
    }

    /// <inheritdoc/>
    public async ValueTask<Instant?> ReadLatestReceivedAsync(RecordQuery query, CancellationToken cancellation)
    {
        using var reading = await QueryAsync(session => StoreSql.LatestReceived(query, session.Keys), cancellation);
        return reading.Next() && reading.Rows.Int64OrNull() is { } latest ? new Instant(latest) : null;
    }

    /// <inheritdoc/>
    public CollectionsChange ReadCollectionsChange(Instant from, Instant until) => Session().Collections.Of(from, until);

    /// <summary>Checkpoints, so that the next start has nothing to replay, and closes; a second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await DisposeAsyncCore();
        GC.SuppressFinalize(this);
    }

    private protected virtual async ValueTask DisposeAsyncCore()
    {
        if (_disposed)
        {
            return;
        }
        _disposed = true;
        await _writing.WaitAsync(CancellationToken.None);
        if (_session is { } session)
        {
            await session.DrainAsync();
            try
            {
                session.Checkpoint();
            }
            catch (StoreUnavailableException e)
            {
                Log.NotCheckpointed(logger, path, e);
            }
            session.Dispose();
            _session = null;
        }
        _writing.Dispose();
    }

    private static long Position(DuckDbSession session)
    {
        using var rows = session.Writer.Query("SELECT position FROM progress");
        return rows.Next() ? rows.Int64() : 0;
    }

    private async ValueTask<Dictionary<(DeviceKind, string, string), List<(long, long)>>> ReadRangesAsync(
        IReadOnlyCollection<string>? devices, CancellationToken cancellation)
    {
        using var reading = await QueryAsync(session => StoreSql.Ranges(devices, session.Keys), cancellation);
        var ranges = new Dictionary<(DeviceKind, string, string), List<(long, long)>>();
        while (reading.Next())
        {
            var row = reading.Rows;
            var key = ((DeviceKind)row.Byte(), row.Text(), row.Text());
            if (!ranges.TryGetValue(key, out var own))
            {
                ranges.Add(key, own = []);
            }
            own.Add((row.Int64(), row.Int64()));
        }
        return ranges;
    }

    /// <summary>Whether questions may be answered from what is open.</summary>
    private protected virtual bool MayAnswer => true;

    private protected DuckDbSession Session() =>
        (MayAnswer ? _session : null) ?? throw new StoreUnavailableException($"The store {path} is not open yet; try again.");

    private protected ValueTask<StoreReading> QueryAsync(Func<DuckDbSession, string> sql, CancellationToken cancellation) =>
        StoreReading.StartAsync(Session(), sql, path, cancellation);

    private DuckDbSession Ready() =>
        _session ??= new DuckDbSession(
            DuckDbFile.Open(path, options, logger), path, options.ReadersMax, KeepsRecords);

    private async ValueTask<T> WriteAsync<T>(Func<DuckDbSession, T> write, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            var session = Ready();
            try
            {
                // On a thread of its own: it takes long enough to keep acknowledgements waiting for one from the pool.
                return await Task.Factory.StartNew(
                    () => write(session), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }
            catch (Exception e)
            {
                // What a connection believes after a failure is not worth finding out.
                Log.Reopened(logger, path, e.Message);
                _session = null;
                await session.DrainAsync();
                session.Dispose();
                throw;
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The store {Path} is opened anew after a write failed: {Problem}")]
        public static partial void Reopened(ILogger logger, string path, string problem);

        [LoggerMessage(LogLevel.Warning,
            "The store {Path} could not be checkpointed while closing; the journal still has what is missing")]
        public static partial void NotCheckpointed(ILogger logger, string path, Exception e);
    }
}
