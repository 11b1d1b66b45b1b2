using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;
using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Benchmarks.Bridge;

/// <summary>Our server after its InfluxDB was away for so long that everything is in the journal; and the same points sent by a
/// writer that does nothing else.</summary>
internal sealed class FullJournal(DirectoryInfo folder, LocalBroker broker, LocalInflux influx, int devices)
    : OurServer("full journal", folder, broker, influx, devices)
{
    private const int LinesMax = 5_000;

    /// <summary>An empty journal takes nothing while its store is away: it gets one message, of a device that nobody has.</summary>
    protected override async Task PrepareAsync(RunningServer server)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", Broker.Port).Build());
        await client.PublishStringAsync("smartcity/v1/nowhere/pile/nobody/meter", "{}", MqttQualityOfServiceLevel.AtLeastOnce);
        await Programs.UntilAsync(
            async () => (await StatusAsync(server)).MessagesDead == 1, "the first message is in the journal", TimeSpan.FromSeconds(30));
        await client.DisconnectAsync();
    }

    /// <summary>Takes all from the broker while InfluxDB is away.</summary>
    public async Task FillAsync(long messages)
    {
        await using var server = await StartAsync();
        await MeasureAsync(server, async () => (await StatusAsync(server)).MessagesReceived - 1, messages);
    }

    /// <summary>The points that it will write, in requests of 5,000 lines.</summary>
    public async Task<List<byte[]>> PointsAsync()
    {
        await using var journal = JournalLog.Open(Data, new JournalOptions(), NullLogger<JournalLog>.Instance);
        using var registry = RegistryStore.Open("", Path.Combine(Data, "registry.db"), TimeProvider.System);
        await using var store = new DuckDbTelemetryStore(
            Path.Combine(Data, "unused.duckdb"), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
        await store.OpenAsync(CancellationToken.None);
        var decoder = new Decoder(registry, new MessageLedger(store), Options.Create(new TelemetryOptions { LateDays = 400 }));
        var requests = new List<byte[]>();
        using var lines = new LineBatch();
        var points = new PointWriter(lines, "main");
        await foreach (var message in journal.ReadAsync(0, CancellationToken.None))
        {
            foreach (var decoded in decoder.Decode(message).Messages)
            {
                points.Write(decoded);
            }
            if (lines.Lines >= LinesMax)
            {
                requests.Add(lines.Slice(0, lines.Lines).ToArray());
                lines.Clear();
            }
        }
        if (lines.Lines > 0)
        {
            requests.Add(lines.Slice(0, lines.Lines).ToArray());
        }
        return requests;
    }
}
