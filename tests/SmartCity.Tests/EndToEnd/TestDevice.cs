using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace SmartCity.Tests.EndToEnd;

/// <summary>A device on a broker on 127.0.0.1.</summary>
public sealed class TestDevice : IAsyncDisposable
{
    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();
    private bool vanished;

    private TestDevice()
    {
    }

    public static async Task<TestDevice> ConnectAsync(
        int port, string clientId = "P-1", MqttProtocolVersion version = MqttProtocolVersion.V500,
        Action<MqttClientOptionsBuilder>? configure = null)
    {
        var device = new TestDevice();
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId(clientId)
            .WithProtocolVersion(version).WithCleanStart();
        configure?.Invoke(options);
        var result = await device.client.ConnectAsync(options.Build(), TestContext.Current.CancellationToken);
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        return device;
    }

    /// <summary>Publishes and gives what the broker said: at QoS 1 Success means durable.</summary>
    public async Task<MqttClientPublishReasonCode> PublishAsync(
        string topic, ReadOnlyMemory<byte> payload, MqttQualityOfServiceLevel qos = MqttQualityOfServiceLevel.AtLeastOnce,
        bool retain = false)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload.ToArray())
            .WithQualityOfServiceLevel(qos).WithRetainFlag(retain).Build();
        return (await client.PublishAsync(message, TestContext.Current.CancellationToken)).ReasonCode;
    }

    public Task<MqttClientPublishReasonCode> PublishAsync(string topic, string json) =>
        PublishAsync(topic, System.Text.Encoding.UTF8.GetBytes(json));

    /// <summary>Subscribes; gives messages to the handler as they come.</summary>
    public async Task<MqttClientSubscribeResultCode> SubscribeAsync(string topic, Action<MqttApplicationMessage> handler)
    {
        client.ApplicationMessageReceivedAsync += e =>
        {
            handler(e.ApplicationMessage);
            return Task.CompletedTask;
        };
        var result = await client.SubscribeAsync(topic, cancellationToken: TestContext.Current.CancellationToken);
        return result.Items.First().ResultCode;
    }

    /// <summary>Drops the connection without a word: the broker publishes the Will.</summary>
    public void Vanish()
    {
        vanished = true;
        client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        if (!vanished && client.IsConnected)
        {
            await client.DisconnectAsync(new MqttClientDisconnectOptions());
        }
        client.Dispose();
    }
}
