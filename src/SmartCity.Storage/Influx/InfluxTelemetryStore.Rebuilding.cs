using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

// Every point says all that the index knows of it.
public sealed partial class InfluxTelemetryStore
{
    private const int RowsPerRestore = 200_000;

    // After the time and what is told of messages.
    private const int MoreColumn = 7;

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
        await foreach (var series in KnownAsync(Points.Message, null, written, cancellation))
        {
            for (var row = 0; row < series.Count; row++)
            {
                AddMessage(rows, series, row);
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
        await foreach (var series in KnownAsync(table.Name, session ?? online, written, cancellation))
        {
            var (kind, device) = (Points.KindOf(series.Tag(Points.Kind)!), series.Tag(Points.Device)!);
            for (var row = 0; row < series.Count; row++)
            {
                rows.Add(
                    kind, device, PointTime.InstantOf(series.Int64(row, 0)!.Value), new Instant(series.Int64(row, 1) ?? 0),
                    session is null ? null : series.Text(row, MoreColumn), online is null || series.Int64(row, MoreColumn) != 0);
                AddMessage(rows, series, row);
            }
            points += series.Count;
            await FlushAsync(rows, cancellation);
        }
        return points;
    }

    private IAsyncEnumerable<InfluxSeries> KnownAsync(
        string measurement, string? column, PointQueries.Written written, CancellationToken cancellation) => connection.QueryAsync(
        options.Database, PointQueries.Known(measurement, column, written), cancellation);

    // Only the first record of a message speaks for it.
    private static void AddMessage(IndexRows rows, InfluxSeries series, int row)
    {
        if (series.Int64(row, 5) is { } hash)
        {
            rows.Add(new IndexRows.Message(
                Points.KindOf(series.Tag(Points.Kind)!), series.Tag(Points.Device)!, series.Text(row, 4) ?? "",
                new Instant(series.Int64(row, 2) ?? 0), series.Int64(row, 3), unchecked((ulong)hash),
                new Instant(series.Int64(row, 1) ?? 0), (int)(series.Int64(row, 6) ?? 1)));
        }
    }

    private async ValueTask FlushAsync(IndexRows rows, CancellationToken cancellation)
    {
        if (rows.Count >= RowsPerRestore)
        {
            await RestoreAsync(rows, cancellation);
        }
    }
}
