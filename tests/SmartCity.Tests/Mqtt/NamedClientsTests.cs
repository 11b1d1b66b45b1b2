using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

public sealed class NamedClientsTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task Clients_without_a_name_get_one_each(MqttProtocolVersion version)
    {
        await using var server = await TestServer.StartAsync();
        await using var first = await TestDevice.ConnectAsync(server.MqttPort, clientId: "", version);
        await using var second = await TestDevice.ConnectAsync(server.MqttPort, clientId: "", version);
        var topic = "smartcity/v1/220204/pile/P-1/conn";
        Assert.Equal(MqttClientPublishReasonCode.Success, await first.PublishAsync(topic, "{}"));
        Assert.Equal(MqttClientPublishReasonCode.Success, await second.PublishAsync(topic, "{}"));
    }
}
