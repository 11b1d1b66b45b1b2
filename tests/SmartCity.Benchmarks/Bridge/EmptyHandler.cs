using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace SmartCity.Benchmarks.Bridge;

/// <summary>The library we use with a handler that does nothing: as fast as any bridge on it can be.</summary>
internal sealed class EmptyHandler(int port) : Drain("empty handler of MQTTnet")
{
    private readonly MqttClientFactory factory = new();

    public override async Task SubscribeAsync()
    {
        using var client = factory.CreateMqttClient();
        await client.ConnectAsync(Options());
        await client.SubscribeAsync("smartcity/v1/#", MqttQualityOfServiceLevel.AtLeastOnce);
        // Without a DISCONNECT that ends the session.
        await client.DisconnectAsync(new MqttClientDisconnectOptionsBuilder().WithSessionExpiryInterval(uint.MaxValue).Build());
    }

    public override async Task<DrainFigures> RunAsync(long messages)
    {
        using var client = factory.CreateMqttClient();
        var count = 0L;
        client.ApplicationMessageReceivedAsync += _ =>
        {
            Interlocked.Increment(ref count);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(Options());
        var figures = await TimeAsync(
            () => Task.FromResult(Interlocked.Read(ref count)), () => Environment.CpuUsage.TotalTime, messages,
            TimeSpan.FromMilliseconds(10));
        await client.DisconnectAsync();
        return figures;
    }

    private MqttClientOptions Options() => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", port)
        .WithProtocolVersion(MqttProtocolVersion.V500)
        .WithClientId("empty-handler")
        .WithCleanStart(false)
        .WithSessionExpiryInterval(uint.MaxValue)
        .WithReceiveMaximum(1_000)
        .Build();
}
