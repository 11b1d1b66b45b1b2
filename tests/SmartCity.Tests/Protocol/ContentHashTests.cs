using System.Buffers;
using Google.Protobuf;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Protocol;

public sealed class ContentHashTests
{
    private static readonly MeterRecord Sample = new() { Time = UplinkJson.Time, Port = 1, SessionId = "S", VoltageV = 220 };

    [Fact]
    public void A_resend_has_the_hash_of_the_first_delivery_in_either_encoding()
    {
        var live = UplinkJson.Decode(
            UplinkJson.Meter,
            $$"""{"sentAt":1,"records":[{"time":{{UplinkJson.Time}},"port":1,"sessionId":"S","voltageV":220}]}""");
        var again = new MeterMessage { SentAt = 2, Buffered = true, Records = { Sample } };
        var payload = new ArrayBufferWriter<byte>();
        UplinkWriter.WriteProtobuf(again, payload);
        var resent = UplinkCodec.Decode(UplinkJson.Meter with { IsProtobuf = true }, payload.WrittenMemory, null);

        Assert.Equal(Hash(live), Hash(resent));
        Assert.Equal(2, resent.SentAt);
    }

    [Fact]
    public void A_field_of_a_record_that_we_do_not_know_changes_no_hash()
    {
        byte[] record = [.. Sample.ToByteArray(), 0x98, 0x06, 0x01]; // Field 99.
        byte[] payload = [0x2A, (byte)record.Length, .. record]; // As one of `records`.

        var uplink = UplinkCodec.Decode(UplinkJson.Meter with { IsProtobuf = true }, payload, null);

        Assert.Equal(ContentHash.RecordHash(Sample), ContentHash.RecordHash(Assert.Single(uplink.Records).Content));
    }

    [Fact]
    public void Other_content_order_or_channel_has_another_hash()
    {
        UplinkRecord[] one = [new(0, Sample)];
        var other = Sample.Clone();
        other.VoltageV = 221;
        ulong[] hashes =
        [
            ContentHash.MessageHash(UplinkChannel.Meter, one),
            ContentHash.MessageHash(UplinkChannel.Status, one),
            ContentHash.MessageHash(UplinkChannel.Meter, [new(1, Sample)]),
            ContentHash.MessageHash(UplinkChannel.Meter, [new(0, other)]),
            ContentHash.MessageHash(UplinkChannel.Meter, [new(0, Sample), new(1, other)]),
            ContentHash.MessageHash(UplinkChannel.Meter, [new(0, other), new(1, Sample)]),
        ];

        Assert.Equal(hashes.Length, hashes.Distinct().Count());
    }

    [Fact]
    public void Hashes_are_stored_and_so_may_never_change() =>
        Assert.Equal(15_382_870_778_335_326_006, ContentHash.RecordHash(Sample));

    [Fact]
    public void A_long_record_is_hashed_whole()
    {
        var a = new FaultRecord { Info = new string('x', 5000) + "a" };
        var b = new FaultRecord { Info = new string('x', 5000) + "b" };

        Assert.NotEqual(ContentHash.RecordHash(a), ContentHash.RecordHash(b));
        Assert.Equal(ContentHash.RecordHash(a), ContentHash.RecordHash(a.Clone()));
    }

    private static ulong Hash(Uplink uplink) => ContentHash.MessageHash(uplink.Topic.Channel, uplink.Records);
}
