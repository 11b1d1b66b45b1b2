using System.Net;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Load;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Network;

/// <summary>The server's date leaps under load, while devices know the right one. (A change to or from summer time is no leap: nothing
/// here is dated by local time. A machine whose clock is set by local time leaps by an hour.)</summary>
public sealed class LeapTests(ITestOutputHelper output)
{
    private const int Devices = 4, IdleDevices = 10;

    private static readonly (string Name, TimeSpan Ahead)[] Leaps =
    [
        ("-1 h", TimeSpan.FromHours(-1)), ("right", TimeSpan.Zero), ("+1 h", TimeSpan.FromHours(1)), ("right", TimeSpan.Zero),
        ("+1 day", TimeSpan.FromDays(1)), ("right", TimeSpan.Zero),
        ("1970", DateTimeOffset.UnixEpoch - TimeProvider.System.GetUtcNow()), ("right", TimeSpan.Zero),
    ];

    [Theory]
    [InlineData("embedded")]
    [InlineData("InfluxDB")]
    public async Task Nothing_is_lost_and_nobody_disconnected_when_the_date_leaps(string store)
    {
        using var folder = new TempFolder();
        var clock = new LeapingClock(TimeProvider.System);
        var ledger = Path.Combine(folder.Path, "acknowledged.csv");
        string[] settings = store == "embedded" ? [] :
        [
            "--Store:Kind=InfluxDb", $"--Store:InfluxDb:Url={(await SharedInflux.ServerAsync()).Url}",
            "--Store:InfluxDb:Database=leaps", "--Store:InfluxDb:RollupDatabase=leaps_rollup",
        ];
        HashSet<string> acknowledged;
        await using (var server = await StartAsync(folder, clock, settings))
        {
            await ImportAsync(server);
            var idle = await Task.WhenAll(Enumerable.Range(1, IdleDevices).Select(i => TestDevice.ConnectAsync(
                server.MqttPort, $"idle-{i}", configure: options => options.WithKeepAlivePeriod(TimeSpan.FromSeconds(60)))));
            using var enough = new CancellationTokenSource();
            var load = new LoadRun(
                new LoadOptions(new DnsEndPoint("127.0.0.1", server.MqttPort))
                {
                    Connections = Devices, Window = 5, Rate = 200, UntilStopped = true, LedgerPath = ledger,
                },
                TimeProvider.System).RunAsync(enough.Token);
            foreach (var (name, ahead) in Leaps)
            {
                clock.Ahead = ahead;
                await GoesOnAsync(server, name);
            }
            await enough.CancelAsync();
            var result = await load;
            acknowledged = await Account.AcknowledgedAsync(ledger);
            await CheckAsync(server, acknowledged, store);
            Assert.Equal((result.Sent, 0), (acknowledged.Count, result.Breaks));
            foreach (var device in idle)
            {
                await device.DisposeAsync();
            }
        }
        await using var next = await StartAsync(folder, clock, settings);
        await CheckAsync(next, acknowledged, store);
    }

    private static Task<TestServer> StartAsync(TempFolder folder, LeapingClock clock, string[] settings) =>
        TestServer.StartAsync(folder.Path, settings, services => services.AddSingleton<TimeProvider>(clock));

    // As many as come in a second or so; all connections stand.
    private static async Task GoesOnAsync(TestServer server, string leap)
    {
        var before = (await server.StatusAsync()).MessagesStored;
        var status = await server.StatusAsync();
        await TestServer.EventuallyAsync(
            async () => (status = await server.StatusAsync()).MessagesStored > before + 40,
            () => $"messages are stored when it is {leap}, {status}, {string.Join('\n', server.Log.All.TakeLast(5))}");
        Assert.Equal((Devices + IdleDevices, ""), (status.Brokers.Single().Clients, status.StoreProblem));
        // In 1970 nothing was in service.
        var ports = (await new ChargingService.ChargingServiceClient(server.Channel).ListPortsAsync(new())).Ports.Count;
        Assert.Equal(leap == "1970" ? 0 : Devices * 10, ports);
    }

    private async Task CheckAsync(TestServer server, HashSet<string> acknowledged, string store)
    {
        var status = await server.SettledAsync(acknowledged.Count);
        var stored = await Account.StoredAsync(server.Operations);
        var (lost, invented) = (acknowledged.Except(stored).Count(), stored.Except(acknowledged).Count());
        output.WriteLine($"{store}: acked {acknowledged.Count}, stored {stored.Count}, dead {status.MessagesDead}, duplicates dropped "
            + $"{status.MessagesDuplicate}, lost {lost}, invented {invented}, with another time than the device's "
            + $"{status.ClockRefusedRecords}; received {status.MessagesReceived} = stored {status.MessagesStored}");
        Assert.Equal((0, 0, 0, 0), (lost, invented, status.MessagesDead, status.Conflicts));
        Assert.Equal(status.MessagesReceived, status.MessagesStored);
        if (store == "InfluxDB")
        {
            var points = await (await SharedInflux.ServerAsync()).QueryAsync("SELECT count(\"position\") FROM \"meter\"", "leaps");
            Assert.Contains($",{stored.Count}]", points, StringComparison.Ordinal);
        }
    }

    private static Task ImportAsync(TestServer server) => server.ImportAsync(
        """
        {"areas":[{"id":"220204","kind":"DISTRICT","name":"District"},
                  {"id":"s","kind":"SUBDISTRICT","name":"Subdistrict","parentId":"220204"},
                  {"id":"c","kind":"COMPOUND","name":"Compound","parentId":"s"}],
         "piles":[
        """
        + string.Join(',', Enumerable.Range(1, Devices).Select(i =>
            $$"""{"id":"load-000{{i}}","name":"Pile","compoundId":"c","kind":"EBIKE_AC","ports":10,"validFrom":"2026-01-01"}""")) + "]}");
}
