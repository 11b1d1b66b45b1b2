using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SmartCity.Cli;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.EndToEnd;

/// <summary>InfluxDB is away, or not the one that was meant: who runs the server is told, and nothing is lost meanwhile.</summary>
[Trait("Deployment", "its own")]
public sealed class InfluxOutageTests : IAsyncLifetime
{
    private static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(10);

    private readonly TempFolder folder = new();
    private InfluxServer influx = null!;

    public async ValueTask InitializeAsync() => influx = await InfluxServer.StartAsync(hasUsers: true);

    public async ValueTask DisposeAsync()
    {
        await influx.DisposeAsync();
        folder.Dispose();
    }

    public static TheoryData<string, string> Mistakes() => new()
    {
        { "Password=wrong", "Store:InfluxDb:Password" },
        { "Database=not-made", "not-made" },
        { "Url=http://127.0.0.1:1", "Store:InfluxDb:Url" },
        { "Url=http://MUTE", "takes connections and says nothing" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistyped_setting_is_told_within_ten_seconds_and_costs_no_reading(string mistake, string told)
    {
        await influx.QueryAsync("CREATE USER \"city\" WITH PASSWORD 'city'");
        foreach (var database in new[] { "right", "right_rollup" })
        {
            await influx.QueryAsync($"CREATE DATABASE \"{database}\"");
            await influx.QueryAsync($"GRANT ALL ON \"{database}\" TO \"city\"");
        }
        // What was received before the mistake is no reason to lose what comes after it.
        await using (var before = await StartAsync())
        {
            await before.ImportFirstPileAsync();
            for (var number = 1; number <= 3; number++)
            {
                await PublishAsync(before, number);
            }
            await before.SettledAsync(3);
        }
        using (var web = new HttpClient())
        {
            using var mute = new TcpListener(IPAddress.Loopback, 0);
            mute.Start(); // The system takes connections for it; nobody reads.
            var since = Stopwatch.StartNew();
            await using var mistaken = await StartAsync(mistake.Replace("MUTE", $"{mute.LocalEndpoint}", StringComparison.Ordinal));
            await TestServer.EventuallyAsync(
                async () => (await mistaken.StatusAsync()).StoreProblem.Contains(told, StringComparison.Ordinal), "the status tells it");
            Assert.InRange(since.Elapsed, TimeSpan.Zero, ToldWithin);
            Assert.Contains(told, await web.GetStringAsync(new Uri(mistaken.WebAddress + "/healthz")), StringComparison.Ordinal);
            Assert.Contains(told, await IngestAsync(mistaken), StringComparison.Ordinal);
            Assert.Contains(mistaken.Log.All, line => line.Contains(told, StringComparison.Ordinal));
            Assert.DoesNotContain(mistaken.Log.All, line => line.Contains("city:city", StringComparison.Ordinal));
            await PublishAsync(mistaken, 4);
            // A store that did not say where it stands has settled what was cut off the journal, and nothing else that one could be
            // sure of.
            await TestServer.EventuallyAsync(
                async () => await mistaken.StatusAsync() is { MessagesReceived: 4, MessagesBehind: 2, StoredPosition: 2 },
                "it is in the journal");
            var shown = await IngestAsync(mistaken);
            Assert.Contains("what became of 2", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("do not add up", shown, StringComparison.Ordinal);
        }
        await using var mended = await StartAsync();
        var after = await mended.SettledAsync(4);
        Assert.Equal((4, 0, ""), (after.MessagesStored, after.MessagesBehind, after.StoreProblem));
    }

    [Fact]
    public async Task Readings_wait_in_the_journal_while_InfluxDB_is_dead_and_the_live_state_goes_on()
    {
        await using var server = await StartAsync("User=root", $"Password={InfluxServer.Password}");
        await server.ImportFirstPileAsync();
        await PublishAsync(server, 1);
        await server.SettledAsync(1);
        await influx.KillAsync();
        for (var number = 2; number <= 50; number++)
        {
            await PublishAsync(server, number);
        }
        var charging = new ChargingService.ChargingServiceClient(server.Channel);
        await TestServer.EventuallyAsync(
            async () => (await charging.ListPortsAsync(new ListPortsRequest())).Ports.Any(p => p.LastMeter?.PowerW == 50),
            "the live state is that of now");
        await TestServer.EventuallyAsync(async () => (await server.StatusAsync()).StoreProblem.Length > 0, "it is told");
        await TestServer.EventuallyAsync(async () => (await server.StatusAsync()).MessagesBehind == 49, "all others wait");
        await influx.RestartAsync();
        var after = await server.SettledAsync(50);
        Assert.Equal((50, 0, ""), (after.MessagesStored, after.MessagesDead, after.StoreProblem));
    }

    private async Task<TestServer> StartAsync(params string[] changes)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Url"] = influx.Url, ["Database"] = "right", ["RollupDatabase"] = "right_rollup", ["User"] = "city", ["Password"] = "city",
        };
        foreach (var change in changes.Select(change => change.Split('=', 2)))
        {
            settings[change[0]] = change[1];
        }
        return await TestServer.StartAsync(
            folder.Path, ["--Store:Kind=InfluxDb", .. settings.Select(pair => $"--Store:InfluxDb:{pair.Key}={pair.Value}")]);
    }

    private static async Task PublishAsync(TestServer server, int number)
    {
        await using var pile = await TestDevice.ConnectAsync(server.MqttPort, "P-1");
        await pile.PublishAsync("smartcity/v1/220204/pile/P-1/meter", string.Create(CultureInfo.InvariantCulture, $$"""
            {"boot":"b","seq":{{number}},
            "records":[{"time":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"port":1,"powerW":{{number}}}]}
            """));
    }

    private static async Task<string> IngestAsync(TestServer server)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        await CommandLine.RunAsync(["ingest", "--server", server.GrpcAddress], output, error, TestContext.Current.CancellationToken);
        return output.ToString();
    }
}
