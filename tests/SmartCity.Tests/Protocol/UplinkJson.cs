using System.Text;
using SmartCity.Protocol.Mqtt;

namespace SmartCity.Tests.Protocol;

/// <summary>Decodes JSON written in a test.</summary>
internal static class UplinkJson
{
    public const long Time = 1_760_000_000_000;

    public static readonly UplinkTopic Status = new("220204", UplinkKind.Pile, "P1", UplinkChannel.Status);
    public static readonly UplinkTopic Meter = Status with { Channel = UplinkChannel.Meter };
    public static readonly UplinkTopic Session = Status with { Channel = UplinkChannel.Session };
    public static readonly UplinkTopic Fault = Status with { Channel = UplinkChannel.Fault };
    public static readonly UplinkTopic Conn = Status with { Channel = UplinkChannel.Conn };
    public static readonly UplinkTopic Position = new("220204", UplinkKind.Truck, "T1", UplinkChannel.Position);
    public static readonly UplinkTopic Evidence = Position with { Channel = UplinkChannel.Evidence };
    public static readonly UplinkTopic Bin = new("220204", UplinkKind.Point, "C1", UplinkChannel.Bin);

    public static Uplink Decode(UplinkTopic topic, string json) => UplinkCodec.Decode(topic, Encoding.UTF8.GetBytes(json), null);

    /// <summary>Decodes a message of records given by their fields, a time before each.</summary>
    public static Uplink Records(UplinkTopic topic, params string[] fields) =>
        Decode(topic, $$"""{"records":[{{string.Join(',', fields.Select(f => $$"""{"time":{{Time}},{{f}}}"""))}}]}""");

    /// <summary>The one record of such a message.</summary>
    public static TRecord Only<TRecord>(UplinkTopic topic, string fields)
    {
        var uplink = Records(topic, fields);
        Assert.Empty(uplink.Problems);
        return (TRecord)Assert.Single(uplink.Records).Content;
    }

    /// <summary>The one problem of a message.</summary>
    public static UplinkProblem Problem(this Uplink uplink) => Assert.Single(uplink.Problems);
}
