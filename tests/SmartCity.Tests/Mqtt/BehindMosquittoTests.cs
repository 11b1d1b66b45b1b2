using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

/// <summary>All kinds of devices on a real mosquitto: what arrives is stored once.</summary>
public sealed class BehindMosquittoTests
{
    private const string Conn = "smartcity/v1/220204/pile/P-1/conn";
    private const string Status = "smartcity/v1/220204/pile/P-1/status";
    private static readonly string Time = $"{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 60_000}";

    [Fact]
    public async Task Both_protocols_in_every_quality_of_service_are_stored_once()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var server = await Bridge.ConnectedAsync(mosquitto.Address);
        var seq = 0;
        foreach (var version in (MqttProtocolVersion[])[MqttProtocolVersion.V311, MqttProtocolVersion.V500])
        {
            await using var device = await TestDevice.ConnectAsync(mosquitto.Port, "P-1", version);
            foreach (var qos in Enum.GetValues<MqttQualityOfServiceLevel>())
            {
                for (var i = 0; i < 10; i++)
                {
                    await device.PublishAsync(Bridge.Meter, Encoding.UTF8.GetBytes(Bridge.Message(++seq)), qos);
                }
            }
        }
        var status = await server.SettledAsync(seq);
        Assert.Equal((60, 60, 0), (status.MessagesReceived, status.MessagesStored, status.MessagesMissing));
    }

    [Fact]
    public async Task What_is_retained_is_stored_once_however_often_the_broker_hands_it_out()
    {
        await using var mosquitto = await Mosquitto.StartAsync("allow_anonymous true", "persistence false");
        var directory = Directory.CreateTempSubdirectory("smartcity-retained-");
        await using (var server = await TestServer.StartAsync(directory.FullName))
        {
            await server.ImportFirstPileAsync(); // Or what is retained would wait for its pile.
        }
        await using (var device = await TestDevice.ConnectAsync(mosquitto.Port))
        {
            var counted = $$"""{"boot":"b","seq":1,"records":[{"time":{{Time}},"online":true}]}""";
            await device.PublishAsync(Conn, Encoding.UTF8.GetBytes(counted), retain: true);
            var plain = $$"""{"records":[{"time":{{Time}},"port":2,"status":"CHARGING"}]}""";
            await device.PublishAsync(Status, Encoding.UTF8.GetBytes(plain), retain: true);
        }
        await using (var server = await Bridge.ConnectedAsync(mosquitto.Address, directory.FullName))
        {
            Assert.Equal(2, (await server.SettledAsync(2)).MessagesStored);
        }
        // Another name is another session, and a new subscription: the broker hands out again what it retains.
        await using (var server = await Bridge.ConnectedAsync(mosquitto.Address, directory.FullName, "--Mqtt:ClientId=another"))
        {
            var status = await server.SettledAsync(4);
            Assert.Equal((2, 2), (status.MessagesStored, status.MessagesDuplicate));
        }
        directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V500)]
    public async Task The_will_of_a_device_that_is_lost_is_stored_once(MqttProtocolVersion version)
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await using var server = await Bridge.ConnectedAsync(mosquitto.Address);
        await using (var device = await TestDevice.ConnectAsync(mosquitto.Port, "P-1", version, options => options
            .WithWillTopic(Conn).WithWillPayload($$"""{"records":[{"time":{{Time}},"online":false}]}""")
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).WithWillRetain()))
        {
            await device.PublishAsync(Bridge.Meter, Bridge.Message(1));
            device.Vanish();
        }
        var status = await server.SettledAsync(2);
        Assert.Equal((2, 0), (status.MessagesStored, status.MessagesDead));
    }
}
