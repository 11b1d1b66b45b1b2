using System.Buffers;
using CsCheck;
using Google.Protobuf;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Protocol;

public sealed class UplinkRoundTripTests
{
    [Fact]
    public void Conn_survives_both_encodings() =>
        Check<ConnMessage, ConnRecord>(UplinkGens.Conn, UplinkKind.Point, UplinkChannel.Conn);

    [Fact]
    public void Status_survives_both_encodings() =>
        Check<StatusMessage, StatusRecord>(UplinkGens.Status, UplinkKind.Pile, UplinkChannel.Status);

    [Fact]
    public void Meter_survives_both_encodings() =>
        Check<MeterMessage, MeterRecord>(UplinkGens.Meter, UplinkKind.Pile, UplinkChannel.Meter);

    [Fact]
    public void Session_survives_both_encodings() =>
        Check<SessionMessage, SessionRecord>(UplinkGens.Session, UplinkKind.Pile, UplinkChannel.Session);

    [Fact]
    public void Fault_survives_both_encodings() =>
        Check<FaultMessage, FaultRecord>(UplinkGens.Fault, UplinkKind.Pile, UplinkChannel.Fault);

    [Fact]
    public void Position_survives_both_encodings() =>
        Check<PositionMessage, PositionRecord>(UplinkGens.Position, UplinkKind.Truck, UplinkChannel.Position);

    [Fact]
    public void Evidence_survives_both_encodings() =>
        Check<EvidenceMessage, EvidenceRecord>(UplinkGens.Evidence, UplinkKind.Truck, UplinkChannel.Evidence);

    [Fact]
    public void Bin_survives_both_encodings() =>
        Check<BinMessage, BinRecord>(UplinkGens.Bin, UplinkKind.Point, UplinkChannel.Bin);

    // Both encodings must give the very message that was written, and so the same hashes.
    private static void Check<TMessage, TRecord>(Gen<TMessage> messages, UplinkKind kind, UplinkChannel channel)
        where TMessage : IUplinkMessage<TRecord>
        where TRecord : IMessage<TRecord>
    {
        var topic = new UplinkTopic("220204", kind, "D1", channel);
        messages.Sample(
            message =>
            {
                var (json, protobuf) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
                UplinkWriter.WriteJson(message, json);
                UplinkWriter.WriteProtobuf(message, protobuf);
                var fromJson = UplinkCodec.Decode(topic, json.WrittenMemory, "application/json");
                var byType = UplinkCodec.Decode(topic, protobuf.WrittenMemory, UplinkCodec.ProtobufContentType);
                var byTopic = UplinkCodec.Decode(topic with { IsProtobuf = true }, protobuf.WrittenMemory, null);
                foreach (var uplink in new[] { fromJson, byType, byTopic })
                {
                    Assert.Empty(uplink.Problems);
                    Assert.Equal(message.Boot, uplink.Boot);
                    Assert.Equal(message.HasSeq ? message.Seq : null, uplink.Seq);
                    Assert.Equal(message.HasSentAt ? message.SentAt : null, uplink.SentAt);
                    Assert.Equal(message.Buffered, uplink.Buffered);
                    Assert.Equal(message.Records, uplink.Records.Select(r => (TRecord)r.Content));
                    Assert.Equal(Enumerable.Range(0, message.Records.Count), uplink.Records.Select(r => r.Index));
                    Assert.Equal(
                        ContentHash.MessageHash(channel, fromJson.Records), ContentHash.MessageHash(channel, uplink.Records));
                }
            },
            iter: 2_000);
    }
}
