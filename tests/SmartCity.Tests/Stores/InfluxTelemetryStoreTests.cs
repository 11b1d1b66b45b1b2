using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Stores;

/// <summary>The store's promises, kept with a real InfluxDB 1.6.7.</summary>
public sealed class InfluxTelemetryStoreTests : TelemetryStoreContract
{
    private protected override ITelemetryStore Make(TempDirectory directory)
    {
        var name = "t" + Path.GetFileName(directory.Path).Replace("smartcity-test-", "", StringComparison.Ordinal);
        return new InfluxTelemetryStore(
            directory.File(InfluxTelemetryStore.IndexName), new DuckDbOptions(),
            new InfluxOptions { Url = "http://127.0.0.1:18086", Database = name, RollupDatabase = name + "_rollup" },
            TimeProvider.System, NullLogger<InfluxTelemetryStore>.Instance);
    }
}
