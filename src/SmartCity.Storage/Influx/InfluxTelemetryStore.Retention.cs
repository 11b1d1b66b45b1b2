using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

// Retention by measurement: InfluxDB's own retention policy is one for the whole database.
public sealed partial class InfluxTelemetryStore
{
    private protected override async ValueTask<Instant?> ReadFirstRecordAsync(string table, CancellationToken cancellation)
    {
        var query = new InfluxSpanQuery(Instant.Min, Instant.Max, (from, until) => new InfluxQuery(
            $"SELECT first({InfluxQl.Identifier(Points.Position)}) FROM {InfluxQl.Identifier(table)} "
            + $"WHERE {PointQueries.Between(from, until)}",
            "time"));
        Instant? first = null;
        await foreach (var series in connection.QueryAsync(options.Database, query, cancellation))
        {
            if (series.Count > 0 && series.Int64(0, 0) is { } time && PointTime.InstantOf(time) is var found)
            {
                first = first is { } earlier ? Instant.Earlier(earlier, found) : found;
            }
        }
        return first;
    }

    private protected override void EnsureDeletes()
    {
        if (!connection.Replaces)
        {
            throw new StoreUnavailableException(
                "InfluxDB 3 Core deletes no points, only what is older than its database keeps. Set Store:Retention:MeterDays and "
                + ":PositionDays to 0, and give the database a retention period (influxdb3 create database --retention-period)");
        }
    }

    private protected override ValueTask DeleteElsewhereAsync(string table, Instant until, CancellationToken cancellation) =>
        connection.DeleteAsync(options.Database, table, InfluxQl.Nanoseconds(until.Milliseconds), cancellation);
}
