using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Influx;

namespace SmartCity.Tests.Stores;

/// <summary>Stores in a real InfluxDB: each directory has databases of its own.</summary>
internal static class InfluxStores
{
    /// <summary>The database of what devices send.</summary>
    public static string DatabaseOf(TempDirectory directory) => "t" + Path.GetFileName(directory.Path)["smartcity-test-".Length..];

    /// <summary>The store that lives in that directory, not open.</summary>
    public static InfluxTelemetryStore Make(string url, TempDirectory directory, Action<InfluxOptions>? change = null)
    {
        var name = DatabaseOf(directory);
        var options = new InfluxOptions { Url = url, Database = name, RollupDatabase = name + "_rollup", Instance = "one" };
        change?.Invoke(options);
        return new InfluxTelemetryStore(
            directory.File(InfluxTelemetryStore.IndexName), new DuckDbOptions(), options, TimeProvider.System,
            NullLogger<InfluxTelemetryStore>.Instance);
    }
}
