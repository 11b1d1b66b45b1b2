using SmartCity.Protocol.Mqtt;
using SmartCity.Server.Mqtt;
using SmartCity.Server.Settings;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

public sealed class BrokerFiltersTests
{
    [Fact]
    public void Areas_and_groups_choose_what_is_subscribed_to()
    {
        Assert.Equal(Topics.UplinkFilters, BrokerFilters.Of(new MqttOptions()));
        Assert.Equal(
            ["smartcity/v1/220204/#", "smartcity/v1/220203/#"],
            BrokerFilters.Of(new MqttOptions { Areas = "220204,220203,220204" }));
        Assert.Equal(
            ["$share/city/smartcity/v1/220204/#"], BrokerFilters.Of(new MqttOptions { Areas = "220204", SharedGroup = "city" }));
        Assert.All(BrokerFilters.Of(new MqttOptions { SharedGroup = "g" }), filter => Assert.True(BrokerFilters.IsShared(filter)));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("220203,220204", true)]
    [InlineData("220203", false)]
    public void States_are_published_for_the_districts_that_are_read(string areas, bool published) => Assert.Equal(
        published,
        BrokerFilters.IsOurs(new MqttOptions { Areas = areas }, Topics.State("220204", UplinkKind.Pile, "P-1")));

    [Fact]
    public async Task A_district_that_moved_to_another_server_comes_to_the_first_one_no_more()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        var directory = Directory.CreateTempSubdirectory("smartcity-areas-");
        await using (await Bridge.ConnectedAsync(mosquitto.Address, directory.FullName))
        {
            // All districts, as ever.
        }
        await using (var server = await Bridge.ConnectedAsync(mosquitto.Address, directory.FullName, "--Mqtt:Areas=220203"))
        {
            await Bridge.PublishAsync(mosquitto.Port, 1, 3);
            await using var device = await TestDevice.ConnectAsync(mosquitto.Port);
            var topic = Bridge.Meter.Replace("220204", "220203", StringComparison.Ordinal);
            await device.PublishAsync(topic, Bridge.Message(4));
            Assert.Equal(1, (await server.SettledAsync(1)).MessagesReceived);
        }
        directory.Delete(recursive: true);
    }
}
