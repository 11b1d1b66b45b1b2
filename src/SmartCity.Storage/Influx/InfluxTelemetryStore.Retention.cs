using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

// Retention by measurement: InfluxDB's own retention policy is one for the whole database.
public sealed partial class InfluxTelemetryStore
{
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
