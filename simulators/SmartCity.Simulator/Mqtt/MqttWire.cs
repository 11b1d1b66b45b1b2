using System.Buffers.Binary;
using System.Text;

namespace SmartCity.Simulator.Mqtt;

/// <summary>The packets of MQTT 5 that a device which only publishes needs.</summary>
internal static class MqttWire
{
    public const byte PingRequest = 0xC0;
    private const byte Connect = 0x10, Publish = 0x30, Disconnect = 0xE0;
    private const byte ContentTypeProperty = 0x03, ReceiveMaximumProperty = 0x21;
    private const byte QosOne = 1 << 1, Retain = 1;
    private const byte CleanStart = 0x02, WillQosOneRetained = 0x04 | 0x08 | 0x20, UserAndPassword = 0x80 | 0x40;
    private const byte ServerReason = 0x1F;

    public static ReadOnlySpan<byte> Ping => [PingRequest, 0];

    public static ReadOnlySpan<byte> Goodbye => [Disconnect, 0];

    /// <summary>CONNECT with a clean start: what was not acknowledged is kept and sent again by us, not by the broker.</summary>
    public static byte[] ConnectPacket(MqttSession session)
    {
        var body = new List<byte>();
        body.AddRange([0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 5]);
        body.Add((byte)(CleanStart | (session.Will is null ? 0 : WillQosOneRetained) | (session.Login is null ? 0 : UserAndPassword)));
        AddShort(body, (int)session.KeepAlive.TotalSeconds);
        body.Add(0); // No properties.
        AddText(body, session.ClientId);
        if (session.Will is { } will)
        {
            body.Add(0);
            AddText(body, will.Topic);
            var payload = will.Payload();
            AddShort(body, payload.Length);
            body.AddRange(payload);
        }
        if (session.Login is { } login)
        {
            AddText(body, login.User);
            AddText(body, login.Password);
        }
        var packet = new List<byte> { Connect };
        Span<byte> length = stackalloc byte[4];
        packet.AddRange(length[..WriteLength(length, body.Count)]);
        packet.AddRange(body);
        return [.. packet];
    }

    /// <summary>The most bytes a PUBLISH of this takes.</summary>
    public static int PublishBytesMax(int topicBytes, string? contentType, int payloadBytes) =>
        5 + 2 + topicBytes + 2 + 1 + (contentType is null ? 0 : 3 + contentType.Length) + payloadBytes;

    /// <summary>Writes a QoS 1 PUBLISH and gives its length. The content type is ASCII and short.</summary>
    public static int WritePublish(
        Span<byte> to, ReadOnlySpan<byte> topic, ushort packetId, string? contentType, bool retain, ReadOnlySpan<byte> payload,
        int qos = 1)
    {
        var properties = contentType is null ? 0 : 3 + contentType.Length;
        var remaining = 2 + topic.Length + (qos > 0 ? 2 : 0) + 1 + properties + payload.Length;
        to[0] = (byte)(Publish | (qos > 0 ? QosOne : 0) | (retain ? Retain : 0));
        var at = 1 + WriteLength(to[1..], remaining);
        BinaryPrimitives.WriteUInt16BigEndian(to[at..], (ushort)topic.Length);
        topic.CopyTo(to[(at + 2)..]);
        at += 2 + topic.Length;
        if (qos > 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[at..], packetId);
            at += 2;
        }
        to[at++] = (byte)properties;
        if (contentType is not null)
        {
            to[at] = ContentTypeProperty;
            BinaryPrimitives.WriteUInt16BigEndian(to[(at + 1)..], (ushort)contentType.Length);
            at += 3 + Encoding.ASCII.GetBytes(contentType, to[(at + 3)..]);
        }
        payload.CopyTo(to[at..]);
        return at + payload.Length;
    }

    /// <summary>The first whole packet in <paramref name="bytes"/>; false when more bytes are needed.</summary>
    public static bool TryReadPacket(ReadOnlySpan<byte> bytes, out byte header, out ReadOnlySpan<byte> body, out int consumed)
    {
        header = 0;
        body = default;
        consumed = 0;
        var length = 0;
        for (var i = 1; i < bytes.Length && i <= 4; i++)
        {
            length |= (bytes[i] & 0x7F) << (7 * (i - 1));
            if ((bytes[i] & 0x80) != 0)
            {
                continue;
            }
            if (bytes.Length < 1 + i + length)
            {
                return false;
            }
            header = bytes[0];
            body = bytes.Slice(1 + i, length);
            consumed = 1 + i + length;
            return true;
        }
        return bytes.Length <= 4 ? false : throw new MqttException("The broker sent something that is not MQTT.");
    }

    /// <summary>Reads CONNACK: how many messages the broker takes unacknowledged.</summary>
    /// <exception cref="MqttException">The broker refused us.</exception>
    public static int ReadConnAck(ReadOnlySpan<byte> body)
    {
        if (body.Length < 2 || body[1] != 0)
        {
            var reason = body.Length < 2 ? 0 : body[1];
            throw new MqttException($"The broker refused the connection with reason 0x{reason:X2}{Describe(reason)}.");
        }
        var properties = body.Length > 3 ? body[3..] : default;
        return FindReceiveMaximum(properties) ?? ushort.MaxValue;
    }

    private static int? FindReceiveMaximum(ReadOnlySpan<byte> properties)
    {
        while (properties.Length > 0)
        {
            if (properties[0] == ReceiveMaximumProperty)
            {
                return BinaryPrimitives.ReadUInt16BigEndian(properties[1..]);
            }
            properties = properties[PropertyBytes(properties)..];
        }
        return null;
    }

    private static int PropertyBytes(ReadOnlySpan<byte> property) => property[0] switch
    {
        0x11 or 0x27 => 5,
        0x13 or 0x22 => 3,
        0x24 or 0x25 or 0x28 or 0x29 or 0x2A => 2,
        0x12 or 0x15 or 0x16 or 0x1A or 0x1C or ServerReason => TextBytes(property[1..]) + 1,
        0x26 => TwoTexts(property[1..]) + 1,
        var other => throw new MqttException($"The broker's CONNACK has the unknown property 0x{other:X2}."),
    };

    private static int TextBytes(ReadOnlySpan<byte> text) => 2 + BinaryPrimitives.ReadUInt16BigEndian(text);

    private static int TwoTexts(ReadOnlySpan<byte> texts) => TextBytes(texts) + TextBytes(texts[TextBytes(texts)..]);

    private static string Describe(int reason) => reason switch
    {
        0x86 or 0x87 => " (not authorized)",
        0x84 => " (it does not speak MQTT 5)",
        0x88 or 0x89 => " (unavailable or busy)",
        _ => "",
    };

    private static int WriteLength(Span<byte> to, int length)
    {
        var at = 0;
        do
        {
            to[at++] = (byte)((length & 0x7F) | (length > 0x7F ? 0x80 : 0));
            length >>= 7;
        }
        while (length > 0);
        return at;
    }

    private static void AddShort(List<byte> to, int value)
    {
        to.Add((byte)(value >> 8));
        to.Add((byte)value);
    }

    private static void AddText(List<byte> to, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        AddShort(to, bytes.Length);
        to.AddRange(bytes);
    }
}
