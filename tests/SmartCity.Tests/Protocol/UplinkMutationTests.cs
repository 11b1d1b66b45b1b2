using System.Text;
using Google.Protobuf;
using SmartCity.Protocol.Mqtt;

namespace SmartCity.Tests.Protocol;

public sealed class UplinkMutationTests
{
    private const int Rounds = 100_000;

    private static readonly (UplinkTopic Topic, byte[] Payload)[] Seeds =
    [
        Json(UplinkJson.Meter, """{"boot":"b","seq":1,"records":[{"time":1,"port":1,"sessionId":"S\u00e9","voltageV":220.5}]}"""),
        Json(UplinkJson.Status, """{"sentAt":"5","records":[{"time":1,"status":"CHARGING"},{"time":2,"status":77}]}"""),
        Json(UplinkJson.Session, """{"records":[{"time":1,"port":1,"sessionId":"桩","event":"ENDED","stopReason":"X"}]}"""),
        Json(UplinkJson.Conn, """{"buffered":true,"records":[{"time":1,"online":true,"x":[{"y":null}]}]}"""),
        Json(UplinkJson.Evidence, """{"records":[{"time":1,"type":"MANUAL","lat":43.8,"count":3}]}"""),
    ];

    [Fact]
    public void No_mutation_of_a_payload_makes_the_codec_throw()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var read = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var (topic, good) = Seeds[random.Next(Seeds.Length)];
            topic = topic with { IsProtobuf = random.Next(3) == 0 };
            var payload = Mutated(topic.IsProtobuf ? AsProtobuf(topic, good) : good, random);
            try
            {
                var uplink = UplinkCodec.Decode(topic, payload, null);
                ContentHash.MessageHash(topic.Channel, uplink.Records);
                read += uplink.Records.Count;
                Assert.True(uplink.Records.Count + uplink.Problems.Count > 0, "said nothing");
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, round {round}, {topic}: {Convert.ToBase64String(payload)}\n{e}");
            }
        }
        Assert.InRange(read, Rounds / 100, Rounds * 4); // Neither all nor none of them were broken.
    }

    private static (UplinkTopic Topic, byte[] Payload) Json(UplinkTopic topic, string json) =>
        (topic, Encoding.UTF8.GetBytes(json));

    // Enough of a wire format to be mutated: the records' own bytes as field 5, behind a boot.
    private static byte[] AsProtobuf(UplinkTopic topic, byte[] json)
    {
        using var bytes = new MemoryStream();
        using var output = new CodedOutputStream(bytes);
        output.WriteTag(1, WireFormat.WireType.LengthDelimited);
        output.WriteString("boot");
        foreach (var record in UplinkCodec.Decode(topic, json, null).Records)
        {
            output.WriteTag(5, WireFormat.WireType.LengthDelimited);
            output.WriteMessage(record.Content);
        }
        output.Flush();
        return bytes.ToArray();
    }

    private static byte[] Mutated(byte[] good, Random random)
    {
        var bytes = new List<byte>(good);
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: bytes.Insert(at, "{}[]\",:\\0-e.\0"u8[random.Next(13)]); break;
                case 3: bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 8))); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, random.Next(1, 40)))); break;
            }
            if (bytes.Count == 0)
            {
                break;
            }
        }
        return [.. bytes];
    }
}
