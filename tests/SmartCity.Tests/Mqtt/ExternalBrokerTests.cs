using System.Collections.Concurrent;
using MQTTnet;
using SmartCity.Protocol.V1;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

/// <summary>Reading from a real mosquitto.</summary>
public sealed class ExternalBrokerTests
{
    private const string Topic = "smartcity/v1/220204/pile/P-1/meter";

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task What_others_publish_is_stored_once_also_while_we_are_away_and_after_the_broker_died()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        var directory = Directory.CreateTempSubdirectory("smartcity-bridge-");
        await using (var server = await ReadingFromAsync(mosquitto.Address, directory.FullName))
        {
            await server.ImportFirstPileAsync();
            await ConnectedAsync(server);
            await PublishAsync(mosquitto.Port, 0, 200);
            Assert.Equal(200, (await server.SettledAsync(200)).MessagesStored);
        }
        await PublishAsync(mosquitto.Port, 200, 100); // The broker keeps these for us.
        await using (var server = await ReadingFromAsync(mosquitto.Address, directory.FullName))
        {
            Assert.Equal(300, (await server.SettledAsync(300)).MessagesStored);
            await mosquitto.RestartAsync();
            await ConnectedAsync(server);
            await PublishAsync(mosquitto.Port, 300, 100);
            await TestServer.EventuallyAsync(async () => (await server.StatusAsync()).MessagesStored == 400, "all 400 stored");
        }
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task The_broker_is_told_nothing_is_left_unacknowledged()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var server = await ReadingFromAsync(mosquitto.Address, settings: ["--Mqtt:ReceiveMaximum=5"]);
        await server.ImportFirstPileAsync();
        await ConnectedAsync(server);
        // With a window of 5, one acknowledgement too few would stop it; bad messages and our own notes must not hold a place.
        await PublishAsync(mosquitto.Port, 0, 100, port: 99);
        await PublishAsync(mosquitto.Port, 100, 100);
        var status = await server.SettledAsync(200);
        Assert.Equal((100, 100), (status.MessagesStored, status.MessagesDead));
    }

    [Fact]
    public async Task A_broker_that_forgot_what_it_retained_is_told_every_state_again()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var server = await Bridge.ConnectedAsync(mosquitto.Address);
        await StateAsync(mosquitto.Port);
        await mosquitto.RestartAsync();
        await Bridge.ConnectedAsync(server);
        await StateAsync(mosquitto.Port);
    }

    [Fact]
    public async Task A_refused_password_is_told_in_words()
    {
        await using var mosquitto = await Mosquitto.StartAsync("allow_anonymous false");
        await using var server = await ReadingFromAsync(mosquitto.Address.Replace("://", "://me:wrong@", StringComparison.Ordinal));
        await ProblemAsync(server, "Mqtt:Password");
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_told_in_words()
    {
        await using var server = await ReadingFromAsync("mqtt://127.0.0.1:1");
        await ProblemAsync(server, "is the broker running");
    }

    [Fact]
    public async Task An_unknown_host_is_told_in_words()
    {
        await using var server = await ReadingFromAsync("mqtt://no-such-host.invalid");
        await ProblemAsync(server, "host is not known");
    }

    // Nothing about the pile changes meanwhile.
    private static async Task StateAsync(int broker)
    {
        await using var viewer = await TestDevice.ConnectAsync(broker, "viewer");
        var states = new ConcurrentBag<string>();
        await viewer.SubscribeAsync("smartcity/v1/state/#", message => states.Add(message.Topic));
        await TestServer.EventuallyAsync(
            () => Task.FromResult(states.Contains("smartcity/v1/state/220204/pile/P-1")), "the state of the pile is at the broker");
    }

    private static Task<TestServer> ReadingFromAsync(string broker, string? directory = null, params string[] settings) =>
        TestServer.StartAsync(directory, ["--Mqtt:Listen=", $"--Mqtt:Broker={broker}", .. settings]);

    private static async Task<BrokerStatus> BrokerAsync(TestServer server) => Assert.Single((await server.StatusAsync()).Brokers);

    private static Task ConnectedAsync(TestServer server) =>
        TestServer.EventuallyAsync(async () => (await BrokerAsync(server)).Connected, "connected to the broker");

    private static Task ProblemAsync(TestServer server, string words) => TestServer.EventuallyAsync(
        async () => await BrokerAsync(server) is { Connected: false } broker && broker.Problem.Contains(words, StringComparison.Ordinal),
        $"the problem says: {words}");

    private static async Task PublishAsync(int broker, int from, int count, int port = 1)
    {
        await using var device = await TestDevice.ConnectAsync(broker, "device");
        for (var seq = from; seq < from + count; seq++)
        {
            var record = "{\"time\":" + (Now - 1_000 + seq) + ",\"port\":" + port + ",\"powerW\":1}";
            var payload = "{\"boot\":\"b\",\"seq\":" + seq + ",\"records\":[" + record + "]}";
            var answer = await device.PublishAsync(Topic, payload);
            Assert.True(answer is MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers);
        }
    }
}
