using DuckDB.NET.Native;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>Reads messages from a file that <see cref="ParquetFiles"/> wrote.</summary>
/// <param name="directory">For a DuckDB of its own; the caller empties it.</param>
public sealed class ParquetMessages(string directory) : IDisposable
{
    private const int RowsPerPage = 100_000;

    private readonly DuckDBDatabase _database = DuckDbFile.Open(
        Path.Combine(directory, "reading.duckdb"), ParquetFiles.Bounds, NullLogger.Instance);

    /// <summary>The messages with the number, from 1, of the last row of each.</summary>
    /// <param name="measurement">Whose records are in it.</param>
    /// <exception cref="FormatException">It is no such file; the message tells why. Nothing of it was given.</exception>
    public IEnumerable<(long Row, TelemetryMessage Message)> Read(string path, string measurement)
    {
        var own = OwnColumns(measurement) ?? throw new FormatException($"there is no measurement {measurement}");
        using var connection = new DuckDbConnection(_database, path);
        Load(connection, path, own);
        var (row, number, group) = (0L, -1L, (RecordGroup?)null);
        var (head, only) = (default(MessageHead), default(int?));
        for (var page = 0L; ; page += RowsPerPage)
        {
            using var rows = connection.Query(
                $"SELECT * FROM loaded WHERE rowid >= {page} AND rowid < {page + RowsPerPage} ORDER BY rowid");
            var any = false;
            while (rows.Next())
            {
                any = true;
                var next = rows.Int64();
                if (group is not null && next != number)
                {
                    yield return (row, group.Build(head, only, 0));
                    group = null;
                }
                (number, row) = (next, row + 1);
                group ??= RecordGroup.Of(measurement)!;
                (head, only) = Add(group, rows);
            }
            if (!any)
            {
                break;
            }
        }
        if (group is not null)
        {
            yield return (row, group.Build(head, only, 0));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();

    private static (MessageHead Head, int? Only) Add(RecordGroup group, RowReader row)
    {
        var (kind, device, boot, begun) = (Points.KindOf(row.Text()), row.Text(), row.Text(), new Instant(row.Int64OrNull() ?? 0));
        var (number, hash, only, received) = (row.Int64OrNull(), row.UInt64(), row.Int32OrNull(), new Instant(row.Int64()));
        var (time, index, flags, port) = (new Instant(row.Int64()), row.Int32(), (StampFlags)row.Byte(), row.Int32());
        var stamp = new Stamp(device, time, received, begun, number ?? unchecked((long)hash), (ushort)index, flags);
        group.Add(stamp, port, row);
        return (new MessageHead(kind, device, boot, begun, number ?? 0, hash, received, group.Count, false, false), only);
    }

    private static void Load(DuckDbConnection connection, string path, string own)
    {
        try
        {
            connection.Execute("DROP TABLE IF EXISTS loaded");
            connection.Execute(
                $"CREATE TABLE loaded AS SELECT {ParquetColumns.Selected(own)} FROM read_parquet('{ParquetFiles.Literal(path)}')");
            using var bad = connection.Query(
                $"SELECT rowid FROM loaded WHERE {ParquetColumns.Lacking(own)} OR kind NOT IN ('pile', 'truck', 'point') "
                + "OR (boot = '') <> (seq IS NULL) OR idx NOT BETWEEN 0 AND 65535 ORDER BY rowid LIMIT 1");
            if (bad.Next())
            {
                throw new FormatException($"row {bad.Int64() + 1} is no record of an export");
            }
        }
        catch (Exception e) when (e is DuckDbException or StoreRefusedException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private static string? OwnColumns(string measurement) => measurement switch
    {
        "conn" => ParquetColumns.Own<ConnRecord>(),
        "status" => ParquetColumns.Own<StatusRecord>(),
        "meter" => ParquetColumns.Own<MeterRecord>(),
        "session" => ParquetColumns.Own<SessionRecord>(),
        "fault" => ParquetColumns.Own<FaultRecord>(),
        "position" => ParquetColumns.Own<PositionRecord>(),
        "evidence" => ParquetColumns.Own<EvidenceRecord>(),
        "bin" => ParquetColumns.Own<BinRecord>(),
        _ => null,
    };
}
