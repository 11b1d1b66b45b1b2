using System.Buffers;
using Google.Protobuf;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Devices;

/// <summary>One message of a device: what it says never changes, so a resend is recognised.</summary>
/// <param name="SendAt">The true time at which the device has a link to send it.</param>
/// <param name="Buffered">It had to wait in the outbox.</param>
internal sealed record DeviceMessage(
    UplinkKind Kind, string Device, UplinkChannel Channel, string Boot, ulong Seq, long SendAt, bool Buffered, long ClockOffset,
    IReadOnlyList<IMessage> Records)
{
    /// <summary>Where it is published.</summary>
    public string Topic => new UplinkTopic(DistrictPlan.DistrictId, Kind, Device, Channel).ToString();

    /// <summary>The last word of a device is kept by the broker.</summary>
    public bool Retain => Channel == UplinkChannel.Conn;

    /// <summary>The payload, when sent at the true time <paramref name="now"/>.</summary>
    public byte[] Encode(long now, bool buffered, bool protobuf) => Channel switch
    {
        UplinkChannel.Conn => Encode<ConnMessage, ConnRecord>(now, buffered, protobuf),
        UplinkChannel.Status => Encode<StatusMessage, StatusRecord>(now, buffered, protobuf),
        UplinkChannel.Meter => Encode<MeterMessage, MeterRecord>(now, buffered, protobuf),
        UplinkChannel.Session => Encode<SessionMessage, SessionRecord>(now, buffered, protobuf),
        UplinkChannel.Fault => Encode<FaultMessage, FaultRecord>(now, buffered, protobuf),
        UplinkChannel.Position => Encode<PositionMessage, PositionRecord>(now, buffered, protobuf),
        UplinkChannel.Evidence => Encode<EvidenceMessage, EvidenceRecord>(now, buffered, protobuf),
        UplinkChannel.Bin => Encode<BinMessage, BinRecord>(now, buffered, protobuf),
        _ => throw new InvalidOperationException($"Devices have no channel {Channel}."),
    };

    private byte[] Encode<TMessage, TRecord>(long now, bool buffered, bool protobuf)
        where TMessage : IUplinkMessage<TRecord>, new()
        where TRecord : class, IMessage<TRecord>
    {
        var message = new TMessage { Boot = Boot, Seq = Seq, SentAt = now + ClockOffset, Buffered = buffered };
        foreach (var record in Records)
        {
            message.Records.Add((TRecord)record);
        }
        if (protobuf)
        {
            return message.ToByteArray();
        }
        var bytes = new ArrayBufferWriter<byte>();
        UplinkWriter.WriteJson(message, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
