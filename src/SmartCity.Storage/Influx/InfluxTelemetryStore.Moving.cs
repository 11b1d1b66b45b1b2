using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Moving;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

// Records by when they were received. The index says on which days of their own time they lie.
public sealed partial class InfluxTelemetryStore
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private protected override async ValueTask AssembleAsync(
        MessageAssembly messages, Instant from, Instant until, CancellationToken cancellation)
    {
        var days = await ReadDaysHeardAsync(from, until, cancellation);
        var written = new PointQueries.Written(options.Instance, await ReadPositionAsync(cancellation));
        await AddAsync<StatusRecord>(Channel.Status, DeviceKind.Pile);
        await AddAsync<MeterRecord>(Channel.Meter, DeviceKind.Pile);
        await AddAsync<SessionRecord>(Channel.Session, DeviceKind.Pile);
        await AddAsync<FaultRecord>(Channel.Fault, DeviceKind.Pile);
        await AddAsync<PositionRecord>(Channel.Position, DeviceKind.Truck);
        await AddAsync<EvidenceRecord>(Channel.Evidence, DeviceKind.Truck);
        await AddAsync<BinRecord>(Channel.Bin, DeviceKind.Point);
        // That a device is gone is not in the index: there are few, and they are looked for through all times.
        var conns = new List<(DeviceKind, ConnRecord, long)>();
        foreach (var kind in (DeviceKind[])[DeviceKind.Pile, DeviceKind.Truck, DeviceKind.Point])
        {
            conns.AddRange(await ReceivedAsync<ConnRecord>(new RecordQuery(kind, null, Instant.Min, Instant.Max, Instant.Max)));
        }
        messages.Add(Channel.Conn, InOrder(conns));

        async ValueTask AddAsync<T>(Channel channel, DeviceKind kind) where T : struct, ITelemetryRecord
        {
            var records = new List<(DeviceKind, T, long)>();
            foreach (var day in days.Where(group => group.Key.Kind == kind))
            {
                var begin = new Instant((long)Day.TotalMilliseconds * day.Key.Day);
                foreach (var devices in day.Chunk(DevicesPerQuery))
                {
                    records.AddRange(await ReceivedAsync<T>(new RecordQuery(kind, devices, begin, begin + Day, Instant.Max)));
                }
            }
            messages.Add(channel, InOrder(records));
        }

        async Task<List<(DeviceKind, T, long)>> ReceivedAsync<T>(RecordQuery query) where T : struct, ITelemetryRecord
        {
            var (table, reader) = (RecordTables.Of<T>(), new PointReader());
            var records = new List<(DeviceKind, T, long)>();
            await foreach (var series in connection.QueryAsync(
                options.Database, PointQueries.Received(table, query, from, until, written), cancellation))
            {
                reader.Begin(series);
                for (var row = 0; row < series.Count; row++)
                {
                    records.Add((query.Kind, reader.Read(table, row), reader.Int64()));
                }
            }
            return records;
        }
    }

    // As they were stored: by message, and by place in it.
    private static IEnumerable<(DeviceKind, T)> InOrder<T>(IEnumerable<(DeviceKind Kind, T Record, long Position)> records)
        where T : struct, ITelemetryRecord =>
        records.OrderBy(r => r.Position).ThenBy(r => r.Record.Stamp.Index).Select(r => (r.Kind, r.Record));
}
