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
    public async IAsyncEnumerable<List<T>> ReadDevicesAsync<T>(
        RecordQuery query, [EnumeratorCancellation] CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        var table = RecordTables.Of<T>();
        var parts = await PartsAsync(
            session => StoreSql.Sizes(table, query, session.Keys), query, RowsPerQuery, cancellation);
        var reading = ReadAsync(0);
        try
        {
            for (var next = 1; next <= parts.Count; next++)
            {
                var runs = await reading;
                // While this part is used the next is read.
                reading = ReadAsync(next);
                for (var i = 0; i < runs.Length; i++)
                {
                    if (runs[i] is { } records)
                    {
                        runs[i] = null; // Whoever takes the records decides how long they live.
                        yield return records;
                    }
                }
            }
        }
        finally
        {
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<List<T>?[]> ReadAsync(int part) => part >= parts.Count ? Task.FromResult<List<T>?[]>([]) : Task.Run(
            async () => await ReadPartAsync(
                table, parts[part], await SessionsAsync(table, parts[part].Query, cancellation), cancellation),
            CancellationToken.None);
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
            sessions.Add(reading.Rows.Int32(), reading.Rows.Text(), reading.Rows.Int64(), reading.Rows.Int64());
        }
        return sessions;
    }

    // The query cut by devices into parts of which each fits in memory.
    private async ValueTask<List<QueryPart>> PartsAsync(
        Func<DuckDbSession, string> sizes, RecordQuery query, long rowsMax, CancellationToken cancellation)
    {
        using var reading = await QueryAsync(sizes, cancellation);
        var parts = new List<QueryPart>();
        var devices = new List<string>();
        var rows = long.MaxValue;
        while (reading.Next())
        {
            var (device, count) = (reading.Keys.Device(reading.Rows.Int32()), reading.Rows.Int64());
            if (rows > rowsMax - count)
            {
                devices = [];
                parts.Add(new QueryPart(query with { Devices = devices }, []));
                rows = 0;
            }
            devices.Add(device);
            parts[^1].Sizes.Add((int)count);
            rows += count;
        }
        return parts;
    }

    // How many records each device of the query has, by device.
    private readonly record struct QueryPart(RecordQuery Query, List<int> Sizes);
}
