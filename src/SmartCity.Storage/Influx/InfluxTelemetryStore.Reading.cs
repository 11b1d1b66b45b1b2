using System.Runtime.CompilerServices;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

// Records come from InfluxDB, a part of the devices at a time.
public sealed partial class InfluxTelemetryStore
{
    // Each brings some ten records.
    private const long MomentsPerQuery = 50_000;

    // Each is a condition of its own in the statement.
    private const int DevicesPerQuery = 200;

    private const int SessionsPerQuery = 2_000;

    /// <inheritdoc/>
    public override async IAsyncEnumerable<List<T>> ReadDevicesAsync<T>(
        RecordQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (table, written) = (RecordTables.Of<T>(), Written);
        await foreach (var records in ReadPartsAsync(
            await PartsAsync(table, query, cancellation), part => ReadPartAsync(table, part, written, cancellation)))
        {
            yield return records;
        }
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<T> ReadLastBeforeAsync<T>(
        RecordQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (table, written) = (RecordTables.Of<T>(), Written);
        foreach (var part in await PartsAsync(table, query with { Until = query.From }, cancellation))
        {
            var last = await LastBeforeAsync(table, part.Query, written, cancellation);
            foreach (var record in last.OrderBy(record => record.Stamp.Device, StringComparer.Ordinal)
                .ThenBy(record => table.PortOf(record)))
            {
                yield return record;
            }
        }
    }

    private PointQueries.Written Written => new(options.Instance, Committed);

    // Only samples and positions are so many that a long time of many devices does not fit in memory.
    private ValueTask<List<QueryPart>> PartsAsync<T>(RecordTable<T> table, RecordQuery query, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        var many = table.Name == RecordTables.Of<MeterRecord>().Name || table is PositionTable;
        return PartsAsync(
            session => StoreSql.HeardSizes(many ? query : query with { Until = query.From }, session.Keys), query, MomentsPerQuery,
            cancellation, DevicesPerQuery);
    }

    private async Task<List<T>?[]> ReadPartAsync<T>(
        RecordTable<T> table, QueryPart part, PointQueries.Written written, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        var runs = new RecordRun<T>?[part.Sizes.Count];
        var places = part.Query.Devices!.Select((device, place) => (device, place)).ToDictionary(StringComparer.Ordinal);
        await AddAsync(part.Query, _ => true);
        if (part.Query.SessionsUntil is not null && table is EnergyView or SessionTable)
        {
            var (named, sessions) = await SessionsAsync(part.Query, written, cancellation);
            foreach (var (from, until) in sessions.Beside(part.Query))
            {
                await AddAsync(
                    part.Query with { From = from, Until = until },
                    record => SessionOf(record) is { } session && named.Contains((record.Stamp.Device, session)));
            }
        }
        return Array.ConvertAll(runs, run => run?.Sorted());

        async Task AddAsync(RecordQuery query, Func<T, bool> belongs)
        {
            await foreach (var record in RecordsAsync(table, PointQueries.Records(table, query, written), cancellation))
            {
                if (belongs(record))
                {
                    var place = places[record.Stamp.Device];
                    (runs[place] ??= new RecordRun<T>(part.Sizes[place])).Add(record, record.Stamp);
                }
            }
        }
    }

    private static string? SessionOf<T>(in T record) where T : struct, ITelemetryRecord => record switch
    {
        EnergySample sample => sample.SessionId,
        SessionRecord said => said.SessionId,
        _ => null,
    };

    /// <summary>The sessions that are read whole, and the days on which they spoke.</summary>
    private async Task<(HashSet<(string Device, string Session)> Named, WholeSessions Days)> SessionsAsync(
        RecordQuery query, PointQueries.Written written, CancellationToken cancellation)
    {
        var named = new HashSet<(string Device, string Session)>();
        await NameAsync(PointQueries.Sessions(RecordTables.Of<EnergySample>(), query, written));
        await NameAsync(PointQueries.Sessions(
            RecordTables.Of<SessionRecord>(), query with { Until = Instant.Later(query.Until, query.SessionsUntil!.Value) },
            written));

        var days = new WholeSessions();
        foreach (var some in named.Chunk(SessionsPerQuery))
        {
            using var reading = await QueryAsync(session => StoreSql.DaysOf(query.Kind, some, session.Keys), cancellation);
            while (reading.Next())
            {
                days.Add(reading.Rows.Int32(), reading.Rows.Text(), reading.Rows.Int64());
            }
        }
        return (named, days);

        async Task NameAsync(InfluxSpanQuery question)
        {
            await foreach (var series in connection.QueryAsync(options.Database, question, cancellation))
            {
                var device = series.Tag(Points.Device)!;
                for (var row = 0; row < series.Count; row++)
                {
                    named.Add((device, series.Text(row, 0)!));
                }
            }
        }
    }

    private async Task<List<T>> LastBeforeAsync<T>(
        RecordTable<T> table, RecordQuery query, PointQueries.Written written, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        var last = new Dictionary<(string Device, int Port), T>();
        var tied = new List<T>();
        var earlier = query with { From = Instant.Min, Until = query.From };
        await foreach (var record in RecordsAsync(table, PointQueries.LastTwo(table, earlier, written), cancellation))
        {
            if (!last.TryAdd((record.Stamp.Device, table.PortOf(record)), record)
                && last[(record.Stamp.Device, table.PortOf(record))].Stamp.Time == record.Stamp.Time)
            {
                tied.Add(record);
            }
        }
        foreach (var one in tied)
        {
            var moment = query with
            {
                Devices = [one.Stamp.Device], From = one.Stamp.Time, Until = one.Stamp.Time + TimeSpan.FromMilliseconds(1),
            };
            var key = (one.Stamp.Device, table.PortOf(one));
            await foreach (var record in RecordsAsync(table, PointQueries.Records(table, moment, written), cancellation))
            {
                if (table.PortOf(record) == key.Item2 && Stamp.Compare(record.Stamp, last[key].Stamp) > 0)
                {
                    last[key] = record;
                }
            }
        }
        return [.. last.Values];
    }

    private async IAsyncEnumerable<T> RecordsAsync<T>(
        RecordTable<T> table, InfluxSpanQuery question, [EnumeratorCancellation] CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        var reader = new PointReader();
        await foreach (var series in connection.QueryAsync(options.Database, question, cancellation))
        {
            reader.Begin(series);
            for (var row = 0; row < series.Count; row++)
            {
                yield return reader.Read(table, row);
            }
        }
    }
}
