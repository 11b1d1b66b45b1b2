using DuckDB.NET.Native;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>Writes messages to Parquet files, one for each measurement, by a DuckDB of its own. Not for two threads at once.</summary>
/// <param name="directory">Where the files are made; the caller empties it.</param>
public sealed class ParquetFiles(string directory) : IDisposable
{
    internal static readonly DuckDbOptions Bounds = new() { MemoryBytesMax = 512L << 20, Threads = 1 };

    private readonly DuckDBDatabase _database = DuckDbFile.Open(
        Path.Combine(directory, "writing.duckdb"), Bounds, NullLogger.Instance);

    private readonly Dictionary<string, Written> _written = new(StringComparer.Ordinal);
    private DuckDbConnection? _connection;
    private long _messages;

    private DuckDbConnection Connection => _connection ??= new DuckDbConnection(_database, directory);

    /// <summary>Adds messages to the files that are being written.</summary>
    public void Add(IEnumerable<TelemetryMessage> messages)
    {
        var batch = messages.ToList();
        AddAll(batch.OfType<TelemetryMessage<StatusRecord>>());
        AddAll(batch.OfType<TelemetryMessage<MeterRecord>>());
        AddAll(batch.OfType<TelemetryMessage<SessionRecord>>());
        AddAll(batch.OfType<TelemetryMessage<FaultRecord>>());
        AddAll(batch.OfType<TelemetryMessage<ConnRecord>>());
        AddAll(batch.OfType<TelemetryMessage<PositionRecord>>());
        AddAll(batch.OfType<TelemetryMessage<EvidenceRecord>>());
        AddAll(batch.OfType<TelemetryMessage<BinRecord>>());
    }

    /// <summary>Ends the files, and begins others with the next message: measurement, path, messages and records of each.</summary>
    public IReadOnlyList<(string Measurement, string Path, long Messages, long Records)> Finish()
    {
        var files = new List<(string, string, long, long)>();
        foreach (var (name, (messages, records)) in _written.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var path = Path.Combine(directory, name + ".parquet");
            Connection.Execute($"COPY (FROM {name}) TO '{Literal(path)}' (FORMAT parquet, COMPRESSION zstd)");
            Connection.Execute($"DROP TABLE {name}");
            files.Add((name, path, messages, records));
        }
        _written.Clear();
        _messages = 0;
        return files;
    }

    /// <summary>A path within quotes.</summary>
    internal static string Literal(string path) => path.Replace("'", "''", StringComparison.Ordinal);

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection?.Dispose();
        _database.Dispose();
    }

    private void AddAll<T>(IEnumerable<TelemetryMessage<T>> messages) where T : struct, ITelemetryRecord
    {
        var table = RecordTables.Of<T>();
        var (count, records) = (0L, 0L);
        RowAppender? rows = null;
        try
        {
            foreach (var message in messages)
            {
                if (rows is null && !_written.ContainsKey(table.Name))
                {
                    Connection.Execute(ParquetColumns.Table<T>());
                }
                Write(message, table, rows ??= new RowAppender(Connection, table.Name, directory));
                (count, records) = (count + 1, records + message.Count);
            }
            rows?.Close();
        }
        finally
        {
            rows?.Dispose();
        }
        if (count > 0)
        {
            var before = _written.GetValueOrDefault(table.Name);
            _written[table.Name] = new Written(before.Messages + count, before.Records + records);
        }
    }

    private void Write<T>(TelemetryMessage<T> message, RecordTable<T> table, RowAppender rows) where T : struct, ITelemetryRecord
    {
        var number = _messages++;
        foreach (var record in message.Records)
        {
            var stamp = record.Stamp;
            rows.Add(number).Add(Points.WordOf(message.Kind)).Add(message.Device).Add(message.Boot)
                .Add(message.Boot.Length == 0 ? null : (long?)stamp.BootReceived.Milliseconds).Add(message.Sequence).Add(message.Hash)
                .Add(message.OnlyRecord).Add(stamp.Received.Milliseconds).Add(stamp.Time.Milliseconds).Add((int)stamp.Index)
                .Add((byte)stamp.Flags).Add(table.PortOf(record));
            table.Write(record, rows);
            rows.End();
        }
    }

    private readonly record struct Written(long Messages, long Records);
}
