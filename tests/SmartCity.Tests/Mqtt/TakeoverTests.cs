using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using SmartCity.Server.Mqtt;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

/// <summary>Two with one client id.</summary>
public sealed class TakeoverTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Two_servers_with_one_id_are_told_so_within_10_seconds_while_connected_or_not()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var first = await Bridge.ConnectedAsync(mosquitto.Address);
        await using var second = await Bridge.StartAsync(mosquitto.Address);
        var began = Stopwatch.GetTimestamp();
        await Bridge.ToldAsync(first, "the id smartcity");
        await Bridge.ToldAsync(second, "give each server its own Mqtt:ClientId");
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(10));
        Assert.Contains(first.Log.All, line => line.Contains("give each server its own Mqtt:ClientId", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_is_lost_when_somebody_takes_the_session_over_and_over()
    {
        var takeovers = Account.Setting("SMARTCITY_TAKEOVERS", 5);
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var server = await Bridge.ConnectedAsync(mosquitto.Address);
        using var enough = new CancellationTokenSource();
        var publishing = PublishAsync(mosquitto.Port, enough.Token);
        for (var i = 0; i < takeovers; i++)
        {
            await Bridge.ConnectedAsync(server);
            await TakeOverAsync(mosquitto.Port);
        }
        await enough.CancelAsync();
        var acknowledged = await publishing;
        await Bridge.ConnectedAsync(server);
        await TestServer.EventuallyAsync(
            async () => (await server.StatusAsync()).MessagesStored == acknowledged, $"all {acknowledged} stored");
        var status = await server.SettledAsync(acknowledged);
        output.WriteLine($"takeovers {takeovers}, sent and acked {acknowledged}, stored {status.MessagesStored}, "
            + $"dead {status.MessagesDead}, duplicates dropped {status.MessagesDuplicate}");
        Assert.Equal((acknowledged, 0, 0), (status.MessagesStored, status.MessagesMissing, status.MessagesDead));
    }

    [Fact]
    public void A_broker_that_went_away_is_no_takeover_and_an_old_one_is_forgotten()
    {
        var clock = new FakeTimeProvider();
        var takeovers = new Takeovers("a", clock);
        takeovers.Closed(isTold: false);
        Assert.Null(takeovers.InWords);
        takeovers.Unreachable();
        takeovers.Closed(isTold: false);
        Assert.Null(takeovers.InWords);
        takeovers.Closed(isTold: false);
        Assert.Contains("2 times without a reason", takeovers.InWords, StringComparison.Ordinal);
        clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Null(takeovers.InWords);
        takeovers.Closed(isTold: true);
        Assert.StartsWith("another client connected with the id a", takeovers.InWords, StringComparison.Ordinal);
    }

    // As another server does, but it takes nothing and is gone without a word.
    private static async Task TakeOverAsync(int port)
    {
        using var client = new MqttClientFactory().CreateMqttClient();
        client.ApplicationMessageReceivedAsync += received =>
        {
            received.AutoAcknowledge = false;
            return Task.CompletedTask;
        };
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("smartcity")
            .WithProtocolVersion(MqttProtocolVersion.V500).WithCleanStart(false).WithSessionExpiryInterval(3600).Build();
        var connected = await client.ConnectAsync(options, TestContext.Current.CancellationToken);
        Assert.True(connected.IsSessionPresent);
    }

    private static async Task<int> PublishAsync(int port, CancellationToken enough)
    {
        await using var device = await TestDevice.ConnectAsync(port, "device");
        var seq = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        while (!enough.IsCancellationRequested && await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            Assert.Equal(MqttClientPublishReasonCode.Success, await device.PublishAsync(Bridge.Meter, Bridge.Message(++seq)));
        }
        return seq;
    }
}
