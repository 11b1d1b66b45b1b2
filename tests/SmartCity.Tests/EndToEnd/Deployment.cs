using System.Collections.Concurrent;

[assembly: AssemblyFixture(typeof(SmartCity.Tests.EndToEnd.Deployment))]

namespace SmartCity.Tests.EndToEnd;

/// <summary>
/// Which broker and which store the servers of whole-server tests have. SMARTCITY_TEST_BROKER=mosquitto and
/// SMARTCITY_TEST_STORE=influxdb run the same tests behind a real mosquitto and on a real InfluxDB; tests/run.sh does.
/// </summary>
public sealed class Deployment : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, Task<Mosquitto>> Brokers = new(StringComparer.Ordinal);

    /// <summary>Whether devices connect to a broker beside the server.</summary>
    public static bool HasMosquitto { get; } = Environment.GetEnvironmentVariable("SMARTCITY_TEST_BROKER") == "mosquitto";

    /// <summary>Whether the telemetry is in InfluxDB.</summary>
    public static bool HasInflux { get; } = Environment.GetEnvironmentVariable("SMARTCITY_TEST_STORE") == "influxdb";

    /// <summary>The settings of a server with this data directory, the same each time, and the port that devices connect to.</summary>
    /// <param name="mqttPort">Where an embedded broker listens.</param>
    public static async Task<(int MqttPort, IReadOnlyList<string> Settings)> OfAsync(string directory, int mqttPort)
    {
        var settings = new List<string>();
        var name = "t" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(directory)))[..16];
        if (HasInflux)
        {
            var influx = await SharedInflux.ServerAsync();
            settings.AddRange(
            [
                "--Store:Kind=InfluxDb", $"--Store:InfluxDb:Url={influx.Url}", $"--Store:InfluxDb:Database={name}",
                $"--Store:InfluxDb:RollupDatabase={name}_rollup",
            ]);
        }
        if (!HasMosquitto)
        {
            settings.Add($"--Mqtt:Listen=127.0.0.1:{mqttPort}");
            return (mqttPort, settings);
        }
        var broker = await Brokers.GetOrAdd(directory, _ => Mosquitto.StartAsync());
        settings.AddRange(["--Mqtt:Listen=", $"--Mqtt:Broker={broker.Address}", $"--Mqtt:ClientId={name}"]);
        return (broker.Port, settings);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var broker in Brokers.Values.Where(broker => broker.IsCompletedSuccessfully))
        {
            await (await broker).DisposeAsync();
        }
    }
}
