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
            directory.File(InfluxTelemetryStore.IndexName), new DuckDbOptions(), options, new PatientClock(),
            NullLogger<InfluxTelemetryStore>.Instance);
    }

    // These tests are not about patience: an InfluxDB that is busy with other tests must not use it up.
    private sealed class PatientClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime * 10 : dueTime, period);
    }
}
