using System.Runtime.CompilerServices;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

// Records by device, in parts that fit in memory.
public sealed partial class DuckDbTelemetryStore
{
    // At most about 100 MB of rows in the database and as much of records here, twice. One device's records are never split.
    private const long RowsPerQuery = 500_000;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<List<T>> ReadDevicesAsync<T>(
        RecordQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var table = RecordTables.Of<T>();
        var parts = await PartsAsync(
            session => StoreSql.Sizes(table, query, session.Keys), query, RowsPerQuery, cancellation);
        await foreach (var records in ReadPartsAsync(
            parts,
            async part => await ReadPartAsync(table, part, await SessionsAsync(table, part.Query, cancellation), cancellation)))
        {
            yield return records;
        }
    }

    // Rows come in the order in which they were stored, which nearly is the order of each device: taking the devices apart here
    // costs a quarter of a sort there.
    private async ValueTask<List<T>?[]> ReadPartAsync<T>(
        RecordTable<T> table, QueryPart part, WholeSessions sessions, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        using var reading = await QueryAsync(
            session => StoreSql.Records(table, part.Query, sessions, session.Keys), cancellation);
        var row = reading.Rows;
        var runs = new RecordRun<T>?[part.Sizes.Count];
        while (reading.Next())
        {
            var rank = (int)row.Int64() - 1;
            var stamp = StampColumns.Read(row, reading.Keys, out var port);
            var run = runs[rank] ??= new RecordRun<T>(part.Sizes[rank]);
            run.Add(table.Read(stamp, port, row), stamp);
        }
        return Array.ConvertAll(runs, run => run?.Sorted());
    }

    private async ValueTask<WholeSessions> SessionsAsync<T>(RecordTable<T> table, RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        var sessions = new WholeSessions();
        if (query.SessionsUntil is null || table is not (EnergyView or SessionTable))
        {
            return sessions;
        }
        using var reading = await QueryAsync(session => StoreSql.SessionsOf(query, session.Keys), cancellation);
        while (reading.Next())
        {
            sessions.Add(reading.Rows.Int32(), reading.Rows.Text(), reading.Rows.Int64());
        }
        return sessions;
    }
}
