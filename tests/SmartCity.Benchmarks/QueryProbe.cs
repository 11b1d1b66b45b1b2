using System.Diagnostics;
using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Protocol;
using SmartCity.Protocol.V1;

namespace SmartCity.Benchmarks;

/// <summary>A pile whose sessions are numbered: publishes one, then asks until the answer has it.</summary>
internal sealed class QueryProbe : IAsyncDisposable
{
    private const string Pile = "probe-1";

    // What the figure may be too large by. Asking all the time would cost the server as much as a tenth of the load.
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource stopping = new();
    private readonly List<double> delays = [];
    private readonly IMqttClient client;
    private readonly RunningServer server;
    private Task loop = Task.CompletedTask;

    private QueryProbe(RunningServer server, IMqttClient client) => (this.server, this.client) = (server, client);

    /// <summary>Registers the pile, connects and begins.</summary>
    public static async Task<QueryProbe> StartAsync(RunningServer server)
    {
        await new RegistryService.RegistryServiceClient(server.Channel).ImportAssetsAsync(new ImportAssetsRequest
        {
            Format = AssetFormat.Json,
            Content = """
                {"areas":[{"id":"990000","kind":"DISTRICT","name":"probe"},
                {"id":"probe-s","kind":"SUBDISTRICT","name":"probe","parentId":"990000"},
                {"id":"probe-c","kind":"COMPOUND","name":"probe","parentId":"probe-s"}],
                "piles":[{"id":"probe-1","name":"probe","compoundId":"probe-c","kind":"EBIKE_AC","ports":1}]}
                """,
        });
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", server.MqttPort).WithClientId(Pile).Build());
        var probe = new QueryProbe(server, client);
        probe.loop = Task.Run(() => probe.RunAsync(probe.stopping.Token));
        return probe;
    }

    /// <summary>Ends and gives the delays from PUBACK to answer, ms, sorted.</summary>
    public async Task<IReadOnlyList<double>> StopAsync()
    {
        await stopping.CancelAsync();
        await loop;
        delays.Sort();
        return delays;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        client.Dispose();
        stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            await PublishAsync(number);
            var watch = Stopwatch.StartNew();
            while (!await VisibleAsync(number))
            {
                await Task.Delay(AskEvery, TimeProvider.System, CancellationToken.None);
            }
            delays.Add(watch.Elapsed.TotalMilliseconds);
        }
    }

    private async Task PublishAsync(int number)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var payload = $$"""
            {"boot":"b","seq":{{number}},"sentAt":{{now}},
            "records":[{"time":{{now}},"port":1,"sessionId":"S-{{number}}","event":"STARTED"}]}
            """;
        await client.PublishAsync(new MqttApplicationMessageBuilder()
            .WithTopic($"smartcity/v1/990000/pile/{Pile}/session").WithPayload(Encoding.UTF8.GetBytes(payload))
            .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build());
    }

    private async Task<bool> VisibleAsync(int number)
    {
        var answer = await new ChargingService.ChargingServiceClient(server.Channel).ListSessionsAsync(new ListSessionsRequest
        {
            Scope = new Scope { PileIds = { Pile } },
            PageSize = 10_000,
        });
        return answer.Sessions.Any(s => s.SessionId == $"S-{number}");
    }
}
