using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

// Every point says all that the index knows of it.
public sealed partial class InfluxTelemetryStore
{
    private const int RowsPerRestore = 200_000;

    private async ValueTask<long> RestoreFromPointsAsync(StoredProgress told, CancellationToken cancellation)
    {
        await connection.EnsureReadyAsync(cancellation);
        await base.OpenAsync(cancellation);
        var rows = new IndexRows();
        // What lies beyond may be there in part only; the journal has it still, and writes it once more.
        var written = new PointQueries.Written(options.Instance, told.Position);
        var points = await RestoreMessagesAsync(rows, written, cancellation);
        points += await RestoreRecordsAsync<StatusRecord>(rows, written, cancellation);
        points += await RestoreRecordsAsync<MeterRecord>(rows, written, cancellation);
        points += await RestoreRecordsAsync<SessionRecord>(rows, written, cancellation);
        points += await RestoreRecordsAsync<FaultRecord>(rows, written, cancellation);
        points += await RestoreRecordsAsync<ConnRecord>(rows, written, cancellation);
        points += await RestoreRecordsAsync<PositionRecord>(rows, written, cancellation);
        points += await RestoreRecordsAsync<EvidenceRecord>(rows, written, cancellation);
        points += await RestoreRecordsAsync<BinRecord>(rows, written, cancellation);
        await RestoreAsync(rows, cancellation);
        await RestoreAsync(told.Position, told.Counts, cancellation);
        return points;
    }

    private async ValueTask<long> RestoreMessagesAsync(IndexRows rows, PointQueries.Written written, CancellationToken cancellation)
    {
        var points = 0L;
        await foreach (var series in connection.QueryAsync(
            options.Database, PointQueries.Messages(Instant.Min, Instant.Max, written), cancellation))
        {
            var (kind, device) = (Points.KindOf(series.Tag(Points.Kind)!), series.Tag(Points.Device)!);
            for (var row = 0; row < series.Count; row++)
            {
                rows.Add(new IndexRows.Message(
                    kind, device, series.Text(row, 1) ?? "", new Instant(series.Int64(row, 2) ?? 0), series.Int64(row, 3),
                    unchecked((ulong)(series.Int64(row, 4) ?? 0)), PointTime.InstantOf(series.Int64(row, 0)!.Value),
                    (int)(series.Int64(row, 5) ?? 0)));
            }
            points += series.Count;
            await FlushAsync(rows, cancellation);
        }
        return points;
    }

    private async ValueTask<long> RestoreRecordsAsync<T>(
        IndexRows rows, PointQueries.Written written, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        var table = RecordTables.Of<T>();
        var points = 0L;
        var session = table is MeterTable or SessionTable ? "session" : null;
        var online = table is ConnTable ? "online" : null;
        await foreach (var series in connection.QueryAsync(
            options.Database, PointQueries.Heard(table.Name, session ?? online, Instant.Min, Instant.Max, written), cancellation))
        {
            var (kind, device) = (Points.KindOf(series.Tag(Points.Kind)!), series.Tag(Points.Device)!);
            for (var row = 0; row < series.Count; row++)
            {
                rows.Add(
                    kind, device, PointTime.InstantOf(series.Int64(row, 0)!.Value), new Instant(series.Int64(row, 1) ?? 0),
                    session is null ? null : series.Text(row, 2), online is null || series.Int64(row, 2) != 0);
            }
            points += series.Count;
            await FlushAsync(rows, cancellation);
        }
        return points;
    }

    private async ValueTask FlushAsync(IndexRows rows, CancellationToken cancellation)
    {
        if (rows.Count >= RowsPerRestore)
        {
            await RestoreAsync(rows, cancellation);
        }
    }
}
