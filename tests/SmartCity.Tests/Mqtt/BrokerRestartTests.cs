using System.Net;
using SmartCity.Simulator.Load;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

/// <summary>A broker that is stopped and started in order, under load: it keeps our session on disk.</summary>
public sealed class BrokerRestartTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_is_lost_when_the_broker_restarts_under_load()
    {
        var restarts = Account.Setting("SMARTCITY_BROKER_RESTARTS", 3);
        using var folder = new TempFolder();
        var ledger = Path.Combine(folder.Path, "acknowledged.csv");
        await using var mosquitto = await Mosquitto.StartAsync(
            "allow_anonymous true", "persistence true", $"persistence_location {folder.Path}/");
        await using var server = await Bridge.ConnectedAsync(mosquitto.Address);
        await server.ImportAsync(
            """
            {"piles":[{"id":"load-0001","name":"Pile","compoundId":"garden","kind":"EBIKE_AC","ports":10},
                      {"id":"load-0002","name":"Pile","compoundId":"garden","kind":"EBIKE_AC","ports":10}]}
            """);
        using var enough = new CancellationTokenSource();
        var load = new LoadRun(
            new LoadOptions(new DnsEndPoint("127.0.0.1", mosquitto.Port))
            {
                Connections = 2, Window = 50, Rate = 500, UntilStopped = true, LedgerPath = ledger,
            },
            TimeProvider.System).RunAsync(enough.Token);
        for (var restart = 0; restart < restarts; restart++)
        {
            var before = (await server.StatusAsync()).MessagesStored;
            await TestServer.EventuallyAsync(
                async () => (await server.StatusAsync()).MessagesStored > before + 100, "messages come");
            await mosquitto.StopAndStartAsync();
            await Bridge.ConnectedAsync(server);
        }
        await enough.CancelAsync();
        var result = await load;
        var acknowledged = await Account.AcknowledgedAsync(ledger);
        await TestServer.EventuallyAsync(
            async () => (await server.StatusAsync()).MessagesStored >= acknowledged.Count, $"all {acknowledged.Count} stored");
        var status = await server.SettledAsync(acknowledged.Count);
        var stored = await Account.StoredAsync(server.Operations);
        var (lost, invented) = (acknowledged.Except(stored).Count(), stored.Except(acknowledged).Count());
        output.WriteLine($"restarts {restarts}, sent {result.Sent}, acked {result.Acked}, stored {stored.Count}, "
            + $"dead {status.MessagesDead}, duplicates dropped {status.MessagesDuplicate}, lost {lost}, invented {invented}");
        Assert.Equal((result.Sent, 0, 0, 0L), (result.Acked, lost, invented, status.MessagesMissing));
    }
}
