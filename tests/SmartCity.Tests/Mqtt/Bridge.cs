using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

/// <summary>What tests of the external broker have in common.</summary>
internal static class Bridge
{
    public const string Meter = "smartcity/v1/220204/pile/P-1/meter";

    /// <summary>A server that reads from a broker; after a break it tries again as soon as it ever would.</summary>
    public static Task<TestServer> StartAsync(string broker, string? directory = null, params string[] settings) =>
        TestServer.StartAsync(
            directory, ["--Mqtt:Listen=", $"--Mqtt:Broker={broker}", .. settings],
            services => services.AddTransient<Random>(_ => new Hasty()));

    /// <summary>The same, with the first pile registered and the connection there.</summary>
    public static async Task<TestServer> ConnectedAsync(string broker, string? directory = null, params string[] settings)
    {
        var server = await StartAsync(broker, directory, settings);
        await server.ImportFirstPileAsync();
        await ConnectedAsync(server);
        return server;
    }

    public static Task ConnectedAsync(TestServer server) => TestServer.EventuallyAsync(
        async () => (await server.StatusAsync()).Brokers.Single(b => !b.Embedded).Connected, "connected to the broker");

    public static Task ToldAsync(TestServer server, string words) => TestServer.EventuallyAsync(
        async () => (await server.StatusAsync()).Brokers.Single(b => !b.Embedded).Problem.Contains(words, StringComparison.Ordinal),
        $"the problem says: {words}");

    /// <summary>A meter message, all of whose content follows from its number.</summary>
    public static string Message(int seq, int port = 1) => "{\"boot\":\"b\",\"seq\":" + seq + ",\"records\":[{\"time\":"
        + (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 3_600_000 * 3_600_000 + seq) + ",\"port\":" + port
        + ",\"powerW\":1}]}";

    /// <summary>Publishes messages with the numbers from <paramref name="first"/> to <paramref name="last"/>.</summary>
    public static async Task PublishAsync(int broker, int first, int last, int port = 1)
    {
        await using var device = await TestDevice.ConnectAsync(broker, "device");
        for (var seq = first; seq <= last; seq++)
        {
            var answer = await device.PublishAsync(Meter, Message(seq, port));
            Assert.True(answer is MqttClientPublishReasonCode.Success or MqttClientPublishReasonCode.NoMatchingSubscribers);
        }
    }

    private sealed class Hasty() : Random(0)
    {
        public override double NextDouble() => 0;
    }
}
