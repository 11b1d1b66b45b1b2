using SmartCity.Protocol.V1;

namespace SmartCity.Protocol.Mqtt;

/// <summary>
/// Reads what devices send. Never throws on a payload: what cannot be read becomes a problem, one bad record alone. Safe for
/// any number of threads.
/// </summary>
public static class UplinkCodec
{
    /// <summary>The MQTT 5 content type of Protobuf payloads. Any other, and none, means JSON.</summary>
    public const string ProtobufContentType = "application/x-protobuf";

    /// <summary>Reads a payload by its topic's channel. The result keeps nothing of <paramref name="payload"/>.</summary>
    public static Uplink Decode(UplinkTopic topic, ReadOnlyMemory<byte> payload, string? contentType)
    {
        var uplink = new UplinkBuilder(topic);
        if (payload.Length > UplinkLimits.PayloadBytesMax)
        {
            uplink.Refuse(
                DeadLetterReason.TooLarge,
                $"the payload must be at most {UplinkLimits.PayloadBytesMax} bytes, got {payload.Length}: split it");
        }
        else if (payload.IsEmpty)
        {
            uplink.Refuse(DeadLetterReason.Undecodable, "the payload is empty: send records");
        }
        else if (topic.IsProtobuf || IsProtobuf(contentType))
        {
            RecordShapes.Of(topic.Channel).ReadProtobuf(payload.Span, uplink);
        }
        else
        {
            JsonPayload.Read(payload.Span, RecordShapes.Of(topic.Channel), uplink);
        }
        return uplink.Build();
    }

    private static bool IsProtobuf(string? contentType) =>
        contentType is not null && contentType.StartsWith(ProtobufContentType, StringComparison.OrdinalIgnoreCase);
}
