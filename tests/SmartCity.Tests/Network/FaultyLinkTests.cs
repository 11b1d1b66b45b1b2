using System.Net;
using SmartCity.Simulator.Load;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Mqtt;

namespace SmartCity.Tests.Network;

/// <summary>Twelve things that are wrong with networks, one after the other on each of the three links that readings take.
/// SMARTCITY_FAULT_SECONDS=300, for each, is the long form; SMARTCITY_SEED repeats what the proxies choose.</summary>
public sealed class FaultyLinkTests(ITestOutputHelper output)
{
    private const int Devices = 4, Rate = 200;
    private static readonly int Seconds = Account.Setting("SMARTCITY_FAULT_SECONDS", 0);
    private static readonly int Seed = Account.Setting("SMARTCITY_SEED", Environment.TickCount);

    // In the short form peers are told of what the proxy swallowed: to find out takes them up to a keep-alive.
    private static readonly bool Tells = Seconds < 60;
    private static readonly TimeSpan BadFor = TimeSpan.FromSeconds(Math.Max(0.3, Seconds));
    private static readonly TimeSpan StrikeEvery = TimeSpan.FromSeconds(Seconds == 0 ? 0.3 : 10);

    [Fact]
    public async Task Nothing_is_lost_whatever_is_wrong_with_a_link()
    {
        output.WriteLine($"seed {Seed}");
        await Task.WhenAll(DeviceToBrokerAsync(), BrokerToServerAsync(), ServerToInfluxAsync());
    }

    private async Task DeviceToBrokerAsync()
    {
        await using var server = await TestServer.StartAsync();
        await using var proxy = Proxy(server.MqttPort);
        await RunAsync("device to broker", server, proxy, proxy.Port, hasTls: false);
    }

    private async Task BrokerToServerAsync()
    {
        using var folder = new TempFolder();
        using var authority = new TestAuthority(folder.Path, "authority");
        var (certificate, key) = authority.Issue("127.0.0.1");
        await using var mosquitto = await Mosquitto.StartAsync(broker =>
        [
            "user root", "max_inflight_messages 1000", "max_queued_messages 0", "allow_anonymous true",
            $"listener {broker.Port} 127.0.0.1",
            $"listener {broker.TlsPort} 127.0.0.1", $"certfile {certificate}", $"keyfile {key}",
        ]);
        await using var proxy = Proxy(mosquitto.TlsPort);
        await using var server = await Bridge.ConnectedAsync(
            $"mqtts://127.0.0.1:{proxy.Port}", null, $"--Mqtt:CaFile={authority.File}");
        await RunAsync("mosquitto to server", server, proxy, mosquitto.Port, hasTls: true);
    }

    private async Task ServerToInfluxAsync()
    {
        await using var influx = await InfluxServer.StartAsync();
        await using var proxy = Proxy(influx.Port);
        await using var server = await TestServer.StartAsync(settings:
        [
            "--Store:Kind=InfluxDb", $"--Store:InfluxDb:Url=http://127.0.0.1:{proxy.Port}", "--Store:InfluxDb:TimeoutSeconds=1",
        ]);
        var stored = await RunAsync("server to InfluxDB", server, proxy, server.MqttPort, hasTls: false);
        var answer = await influx.QueryAsync("SELECT count(\"position\") FROM \"meter\"", "smartcity");
        Assert.Contains($",{stored}]", answer, StringComparison.Ordinal);
    }

    private static TcpFaultProxy Proxy(int target) => new(target, Seed, StrikeEvery);

    private async Task<int> RunAsync(string link, TestServer server, TcpFaultProxy proxy, int devicesPort, bool hasTls)
    {
        using var folder = new TempFolder();
        var ledger = Path.Combine(folder.Path, "acknowledged.csv");
        await ImportAsync(server);
        using var enough = new CancellationTokenSource();
        var load = new LoadRun(
            new LoadOptions(new DnsEndPoint("127.0.0.1", devicesPort))
            {
                Connections = Devices, Window = 5, Rate = Rate, UntilStopped = true, LedgerPath = ledger,
                BadEvery = Seconds == 0 ? 50 : 1_000, // The holes of a power-up are told up to 1,000.
                SilenceMax = TimeSpan.FromSeconds(1),
            },
            TimeProvider.System).RunAsync(enough.Token);
        await SettledAsync(server, link, "none");
        foreach (var toxic in Toxic.All(hasTls))
        {
            var before = await server.StatusAsync();
            proxy.Poison(toxic);
            await Task.Delay(BadFor, TimeProvider.System);
            await TestServer.EventuallyAsync(() => Task.FromResult(proxy.Hits > 0), $"{link}: {toxic.Name} did something");
            var (hits, during) = (proxy.Hits, await server.StatusAsync());
            await proxy.HealAsync(Tells);
            await SettledAsync(server, link, toxic.Name);
            output.WriteLine($"{link}: {toxic.Name}: did something {hits} times, meanwhile "
                + $"{during.MessagesReceived - before.MessagesReceived} received, {during.StoredPosition - before.StoredPosition} settled");
        }
        await enough.CancelAsync();
        return await CountAsync(link, server, await load, ledger);
    }

    // What comes after the fault gets through to the store, and so did everything before.
    private static async Task SettledAsync(TestServer server, string link, string toxic)
    {
        var head = (await server.StatusAsync()).JournalPosition;
        for (var tries = 0; ; tries++)
        {
            try
            {
                await TestServer.EventuallyAsync(
                    async () => (await server.StatusAsync()).StoredPosition > head + 20, $"{link}: the link works after: {toxic}");
                return;
            }
            catch (Xunit.Sdk.FailException) when (!Tells && tries < 4)
            {
                // To find out of a connection that it is dead, and to try again after a long absence, takes longer.
            }
        }
    }

    private async Task<int> CountAsync(string link, TestServer server, LoadResult load, string ledger)
    {
        var acknowledged = await Account.AcknowledgedAsync(ledger);
        await TestServer.EventuallyAsync(
            async () => await server.StatusAsync() is var s && s.MessagesStored + s.MessagesDead >= acknowledged.Count, "all settled");
        var status = await server.SettledAsync(acknowledged.Count);
        var stored = await Account.StoredAsync(server.Operations);
        var dead = await Account.DeadAsync(server.Operations);
        var lost = acknowledged.Count(id => !stored.Contains(id) && !dead.Contains(id));
        var invented = stored.Concat(dead).Count(id => !acknowledged.Contains(id));
        output.WriteLine($"{link}: sent {load.Sent}, acked {acknowledged.Count}, stored {stored.Count}, dead {dead.Count}, breaks "
            + $"{load.Breaks}, resends dropped {status.MessagesDuplicate}, duplicates {stored.Count(dead.Contains)}, lost {lost}, "
            + $"invented {invented}; received {status.MessagesReceived} = stored {status.MessagesStored} + resends "
            + $"{status.MessagesDuplicate} + dead {status.MessagesDead} + behind {status.MessagesBehind}");
        Assert.Equal((load.Sent, 0, 0, 0), (acknowledged.Count, lost, invented, stored.Count(dead.Contains)));
        Assert.Equal(0, status.Conflicts);
        Assert.Equal(status.MessagesReceived, status.MessagesStored + status.MessagesDuplicate + status.MessagesDead);
        return stored.Count;
    }

    private static Task ImportAsync(TestServer server) => server.ImportAsync(
        """
        {"areas":[{"id":"220204","kind":"DISTRICT","name":"District"},
                  {"id":"s","kind":"SUBDISTRICT","name":"Subdistrict","parentId":"220204"},
                  {"id":"c","kind":"COMPOUND","name":"Compound","parentId":"s"}],
         "piles":[
        """
        + string.Join(',', Enumerable.Range(1, Devices).Select(i =>
            $$"""{"id":"load-000{{i}}","name":"Pile","compoundId":"c","kind":"EBIKE_AC","ports":10}""")) + "]}");
}
