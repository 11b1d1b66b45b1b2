using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Moving;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

// Records by when they were received: they lie in about that order.
public sealed partial class DuckDbTelemetryStore
{
    private protected override async ValueTask AssembleAsync(
        MessageAssembly messages, Instant from, Instant until, CancellationToken cancellation)
    {
        messages.Add(Channel.Conn, await ReceivedAsync<ConnRecord>(from, until, cancellation));
        messages.Add(Channel.Status, await ReceivedAsync<StatusRecord>(from, until, cancellation));
        messages.Add(Channel.Meter, await ReceivedAsync<MeterRecord>(from, until, cancellation));
        messages.Add(Channel.Session, await ReceivedAsync<SessionRecord>(from, until, cancellation));
        messages.Add(Channel.Fault, await ReceivedAsync<FaultRecord>(from, until, cancellation));
        messages.Add(Channel.Position, await ReceivedAsync<PositionRecord>(from, until, cancellation));
        messages.Add(Channel.Evidence, await ReceivedAsync<EvidenceRecord>(from, until, cancellation));
        messages.Add(Channel.Bin, await ReceivedAsync<BinRecord>(from, until, cancellation));
    }

    private async ValueTask<List<(DeviceKind Kind, T Record)>> ReceivedAsync<T>(
        Instant from, Instant until, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        var table = RecordTables.Of<T>();
        var records = new List<(DeviceKind, T)>();
        using var reading = await QueryAsync(_ => MovingSql.Records(table, from, until), cancellation);
        var row = reading.Rows;
        while (reading.Next())
        {
            var kind = (DeviceKind)row.Byte();
            var stamp = StampColumns.Read(row, reading.Keys, out var port);
            records.Add((kind, table.Read(stamp, port, row)));
        }
        return records;
    }
}
