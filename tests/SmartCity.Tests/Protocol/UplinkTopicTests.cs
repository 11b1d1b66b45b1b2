using SmartCity.Protocol.Mqtt;

namespace SmartCity.Tests.Protocol;

public sealed class UplinkTopicTests
{
    [Theory]
    [InlineData("smartcity/v1/220204/pile/P-1_a/meter", UplinkKind.Pile, "P-1_a", UplinkChannel.Meter, false)]
    [InlineData("smartcity/v1/220204/pile/9/conn", UplinkKind.Pile, "9", UplinkChannel.Conn, false)]
    [InlineData("smartcity/v1/220204/pile/9/status/pb", UplinkKind.Pile, "9", UplinkChannel.Status, true)]
    [InlineData("smartcity/v1/220204/pile/9/session", UplinkKind.Pile, "9", UplinkChannel.Session, false)]
    [InlineData("smartcity/v1/220204/pile/9/fault", UplinkKind.Pile, "9", UplinkChannel.Fault, false)]
    [InlineData("smartcity/v1/220204/truck/T1/position/pb", UplinkKind.Truck, "T1", UplinkChannel.Position, true)]
    [InlineData("smartcity/v1/220204/truck/T1/evidence", UplinkKind.Truck, "T1", UplinkChannel.Evidence, false)]
    [InlineData("smartcity/v1/220204/truck/T1/conn", UplinkKind.Truck, "T1", UplinkChannel.Conn, false)]
    [InlineData("smartcity/v1/220204/point/pb/bin", UplinkKind.Point, "pb", UplinkChannel.Bin, false)]
    [InlineData("smartcity/v1/220204/point/pb/conn", UplinkKind.Point, "pb", UplinkChannel.Conn, false)]
    public void A_topic_is_read_and_written_back(
        string text, UplinkKind kind, string device, UplinkChannel channel, bool protobuf)
    {
        Assert.True(UplinkTopic.TryParse(text, out var topic, out var problem), problem);
        Assert.Equal(new UplinkTopic("220204", kind, device, channel, protobuf), topic);
        Assert.Equal(text, topic.ToString());
    }

    [Theory]
    [InlineData("", "publish to smartcity/v1/")]
    [InlineData("smartcity/v1/220204/pile/P1", "publish to smartcity/v1/")]
    [InlineData("smartcity/v1/220204/pile/P1/meter/x", "publish to smartcity/v1/")]
    [InlineData("smartcity/v1/220204/pile/P1/meter/pb/pb", "publish to smartcity/v1/")]
    [InlineData("smartcity/v2/220204/pile/P1/meter", "publish to smartcity/v1/")]
    [InlineData("/smartcity/v1/220204/pile/P1/meter", "publish to smartcity/v1/")]
    [InlineData("smartcity/v1/state/220204/pile/P1", "six digits")]
    [InlineData("smartcity/v1/22020/pile/P1/meter", "six digits")]
    [InlineData("smartcity/v1/22020٣/pile/P1/meter", "six digits")]
    [InlineData("smartcity/v1/220204/Pile/P1/meter", "pile, truck or point")]
    [InlineData("smartcity/v1/220204/pile//meter", "1 to 64 letters")]
    [InlineData("smartcity/v1/220204/pile/桩/meter", "1 to 64 letters")]
    [InlineData("smartcity/v1/220204/pile/P 1/meter", "1 to 64 letters")]
    [InlineData("smartcity/v1/220204/pile/P1/position", "a pile sends on conn, status, meter, session, fault")]
    [InlineData("smartcity/v1/220204/truck/P1/meter", "a truck sends on conn, position, evidence")]
    [InlineData("smartcity/v1/220204/point/P1/evidence", "a point sends on conn, bin")]
    [InlineData("smartcity/v1/220204/pile/P1/cmd", "a pile sends on")]
    public void A_wrong_topic_is_told_what_to_do(string text, string expected)
    {
        Assert.False(UplinkTopic.TryParse(text, out _, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_has_at_most_64_characters()
    {
        Assert.True(UplinkTopic.TryParse($"smartcity/v1/220204/pile/{new string('a', 64)}/meter", out _, out _));
        Assert.False(UplinkTopic.TryParse($"smartcity/v1/220204/pile/{new string('a', 65)}/meter", out _, out var problem));
        Assert.True(problem.Length < 250);
    }

    [Fact]
    public void What_the_server_publishes_is_no_uplink()
    {
        string[] down =
        [
            Topics.Commands("220204", UplinkKind.Pile, "P1"), Topics.Errors("220204", UplinkKind.Truck, "T1"),
            Topics.State("220204", UplinkKind.Point, "C1"),
        ];

        Assert.Equal(
            [
                "smartcity/v1/220204/pile/P1/cmd", "smartcity/v1/220204/truck/T1/errors", "smartcity/v1/state/220204/point/C1",
            ],
            down);
        Assert.All(down, topic => Assert.True(Topics.IsDown(topic)));
        Assert.All(down, topic => Assert.False(UplinkTopic.TryParse(topic, out _, out _)));
        Assert.False(Topics.IsDown("smartcity/v1/220204/pile/errors/meter"));
    }
}
