using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.EndToEnd;

/// <summary>Real servers on a registry in PostgreSQL.</summary>
[Trait("Deployment", "its own")]
public sealed class SharedRegistryEndToEndTests(SharedPostgres shared)
{
    private const string Topic = "smartcity/v1/220204/pile/P-1/conn";

    [Fact]
    public async Task What_is_imported_on_one_server_the_other_serves_and_stores_what_it_had_set_aside()
    {
        var registry = $"--Registry:ConnectionString={await shared.RegistryAsync()}";
        await using var one = await TestServer.StartAsync(settings: [registry]);
        await using var other = await TestServer.StartAsync(settings: [registry]);
        await using (var device = await TestDevice.ConnectAsync(other.MqttPort))
        {
            await SendAsync(device, 1);
            Assert.Equal(1, (await other.SettledAsync(1)).MessagesDead);
        }

        await one.ImportFirstPileAsync();

        await TestServer.EventuallyAsync(async () => (await PilesAsync(other)).Contains("P-1"), "the other server knows the pile");
        Assert.Equal(1, (await other.SettledAsync(2)).MessagesStored);
    }

    [Fact]
    public async Task A_server_starts_without_its_registry_and_keeps_readings_until_it_can_be_asked()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var registry = $"--Registry:ConnectionString={await postgres.CreateDatabaseAsync()}";
        await using (var first = await TestServer.StartAsync(settings: [registry]))
        {
            await first.ImportFirstPileAsync();
        }
        await postgres.StopAsync();

        await using var server = await TestServer.StartAsync(settings: [registry]);
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        for (var seq = 1; seq <= 20; seq++)
        {
            await SendAsync(device, seq);
        }
        var status = await server.StatusAsync();
        Assert.Equal((20, 20, 0), (status.MessagesReceived, status.MessagesBehind, status.MessagesDead));
        Assert.Contains("Nobody listens for PostgreSQL", status.StoreProblem, StringComparison.Ordinal);
        Assert.Contains(server.Log.All, line => line.Contains("was not reached yet; readings are taken", StringComparison.Ordinal));
        Assert.DoesNotContain(server.Log.All, line => line.Contains(PostgresServer.Password, StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<RpcException>(() => PilesAsync(server));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        using var browser = new HttpClient { BaseAddress = new Uri(server.WebAddress) };
        Assert.StartsWith(
            "Degraded", await browser.GetStringAsync("/healthz", TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await postgres.StartAgainAsync();
        status = await server.SettledAsync(20);
        Assert.Equal((20, 0, ""), (status.MessagesStored, status.MessagesDead, status.StoreProblem));
        Assert.Equal("Healthy", await browser.GetStringAsync("/healthz", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task While_the_registry_restarts_readings_are_stored_and_answers_come_from_what_is_known()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var server = await TestServer.StartAsync(
            settings: [$"--Registry:ConnectionString={await postgres.CreateDatabaseAsync()}"]);
        await server.ImportFirstPileAsync();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);

        await postgres.StopAsync();
        await SendAsync(device, 1);
        Assert.Equal(1, (await server.SettledAsync(1)).MessagesStored);
        Assert.Equal(["P-1"], await PilesAsync(server));
        var refused = await Assert.ThrowsAsync<RpcException>(() => ImportSecondPileAsync(server));
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
        await TestServer.EventuallyAsync(
            async () => (await server.StatusAsync()).StoreProblem.Contains("Nobody listens", StringComparison.Ordinal), "it is told");

        await postgres.StartAgainAsync();
        await ImportSecondPileAsync(server);
        Assert.Equal(["P-1", "P-2"], await PilesAsync(server));
        await TestServer.EventuallyAsync(async () => (await server.StatusAsync()).StoreProblem.Length == 0, "all is well");
        Assert.Contains(server.Log.All, line => line.Contains("answers again", StringComparison.Ordinal));
    }

    private static Task ImportSecondPileAsync(TestServer server) =>
        server.ImportAsync("""{"piles":[{"id":"P-2","compoundId":"garden","ports":2}]}""");

    private static async Task SendAsync(TestDevice device, int seq)
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await device.PublishAsync(Topic, $$"""{"boot":"b","seq":{{seq}},"records":[{"time":{{time}},"online":true}]}""");
    }

    private static async Task<IReadOnlyList<string>> PilesAsync(TestServer server) =>
        [.. (await server.Registry.ListAssetsAsync(new ListAssetsRequest { Kind = AssetKind.Pile })).Assets.Select(a => a.Id)];
}
