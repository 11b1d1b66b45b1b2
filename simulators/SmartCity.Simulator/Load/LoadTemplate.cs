using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using SmartCity.Protocol.Mqtt;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Mqtt;

namespace SmartCity.Simulator.Load;

/// <summary>
/// One device's PUBLISH of meter records, encoded once; numbers of fixed width are then written over it. What the records say
/// follows from the sequence number and the time, so a resend is the same.
/// </summary>
internal sealed class LoadTemplate
{
    public const int Ports = 10;

    /// <summary>A port that no load pile has.</summary>
    public const int BadPort = 99;
    private const int SeqDigits = 10, TimeDigits = 13, VarintSeqBytes = 5, VarintTimeBytes = 6;
    private readonly byte[] packet;
    private readonly int packetIdAt;
    private readonly int seqAt;
    private readonly int[] timesAt;
    private readonly int[] valuesAt; // Power, then current, of each record.
    private readonly PayloadFormat format;

    public LoadTemplate(string device, string boot, PayloadFormat format, int records, int qos, bool bad = false,
        string area = DistrictPlan.DistrictId)
    {
        this.format = format;
        var payload = new List<byte>();
        var times = new List<int>();
        var values = new List<int>();
        var seq = format == PayloadFormat.Json
            ? BuildJson(payload, boot, records, bad, times, values)
            : BuildProtobuf(payload, boot, records, bad, times, values);
        var topic = Encoding.UTF8.GetBytes(
            new UplinkTopic(area, UplinkKind.Pile, device, UplinkChannel.Meter).ToString());
        var type = format == PayloadFormat.Json ? null : UplinkCodec.ProtobufContentType;
        packet = new byte[MqttWire.PublishBytesMax(topic.Length, type, payload.Count)];
        var length = MqttWire.WritePublish(packet, topic, 0, type, retain: false, payload.ToArray(), qos);
        Array.Resize(ref packet, length);
        var body = length - payload.Count;
        packetIdAt = qos == 0 ? -1 : packet.AsSpan().IndexOf(topic) + topic.Length;
        seqAt = body + seq;
        timesAt = [.. times.Select(t => body + t)];
        valuesAt = [.. values.Select(v => body + v)];
    }

    public int Length => packet.Length;

    /// <summary>Writes the packet for one message.</summary>
    public void Write(Span<byte> to, ushort packetId, long seq, long timeMs)
    {
        packet.CopyTo(to);
        if (packetIdAt >= 0)
        {
            BinaryPrimitives.WriteUInt16BigEndian(to[packetIdAt..], packetId);
        }
        if (format == PayloadFormat.Json)
        {
            WriteJson(to, seq, timeMs);
        }
        else
        {
            WriteProtobuf(to, seq, timeMs);
        }
    }

    private static int BuildJson(
        List<byte> payload, string boot, int records, bool bad, List<int> times, List<int> values)
    {
        Add(payload, $"{{\"boot\":\"{boot}\",\"seq\":");
        var seq = payload.Count;
        Add(payload, new string(' ', SeqDigits)); // JSON allows spaces before a number, but no zeros.
        Add(payload, ",\"sentAt\":");
        times.Add(payload.Count);
        Add(payload, new string('1', TimeDigits));
        Add(payload, ",\"records\":[");
        for (var r = 0; r < records; r++)
        {
            Add(payload, r == 0 ? "{\"time\":" : ",{\"time\":");
            times.Add(payload.Count);
            Add(payload, new string('1', TimeDigits));
            Add(payload, $",\"port\":{(bad ? BadPort : (r % Ports) + 1)},\"voltageV\":221.5,\"powerW\":");
            values.Add(payload.Count);
            Add(payload, "100.0,\"currentA\":");
            values.Add(payload.Count);
            Add(payload, "1.000,\"portTempC\":31.5,\"ambientTempC\":18.0}");
        }
        Add(payload, "]}");
        return seq;
    }

    private static int BuildProtobuf(
        List<byte> payload, string boot, int records, bool bad, List<int> times, List<int> values)
    {
        Add(payload, "\u000A" + (char)boot.Length + boot + "\u0010");
        var seq = payload.Count;
        payload.AddRange(new byte[VarintSeqBytes]);
        payload.Add(0x18);
        times.Add(payload.Count);
        payload.AddRange(new byte[VarintTimeBytes]);
        for (var r = 0; r < records; r++)
        {
            payload.AddRange([0x2A, 1 + VarintTimeBytes + 2 + (5 * 9), 0x08]);
            times.Add(payload.Count);
            payload.AddRange(new byte[VarintTimeBytes]);
            payload.AddRange([0x10, (byte)(bad ? BadPort : (r % Ports) + 1)]);
            AddDouble(payload, 0x21, 221.5); // Voltage
            values.Add(AddDouble(payload, 0x31, 100)); // Power
            values.Add(AddDouble(payload, 0x29, 1)); // Current
            AddDouble(payload, 0x49, 31.5); // Port temperature
            AddDouble(payload, 0x51, 18); // Ambient temperature
        }
        return seq;
    }

    private void WriteJson(Span<byte> to, long seq, long timeMs)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(seq, digits, out var count);
        digits[..count].CopyTo(to[(seqAt + SeqDigits - count)..]);
        foreach (var at in timesAt)
        {
            Utf8Formatter.TryFormat(timeMs, to[at..], out _);
        }
        for (var v = 0; v < valuesAt.Length; v += 2)
        {
            var (power, current) = Values(seq, v);
            WriteFixed(to[valuesAt[v]..], power, 4, 1);
            WriteFixed(to[valuesAt[v + 1]..], current, 4, 3);
        }
    }

    private void WriteProtobuf(Span<byte> to, long seq, long timeMs)
    {
        WriteVarint(to[seqAt..], seq, VarintSeqBytes);
        foreach (var at in timesAt)
        {
            WriteVarint(to[at..], timeMs, VarintTimeBytes);
        }
        for (var v = 0; v < valuesAt.Length; v += 2)
        {
            var (power, current) = Values(seq, v);
            BinaryPrimitives.WriteDoubleLittleEndian(to[valuesAt[v]..], power / 10.0);
            BinaryPrimitives.WriteDoubleLittleEndian(to[valuesAt[v + 1]..], current / 1000.0);
        }
    }

    /// <summary>Power in 0.1 W (100..399.9 W) and its current in mA: spread like a sensor's, not all the same.</summary>
    private static (int Power, int Current) Values(long seq, int record)
    {
        var x = ((uint)seq * 2654435761u) + ((uint)record * 40503u);
        x ^= x >> 15;
        var power = 1000 + (int)(x % 3000);
        return (power, power * 1000 / 2215);
    }

    // 1234 with 4 digits and 1 decimal is 123.4.
    private static void WriteFixed(Span<byte> to, int value, int digits, int decimals)
    {
        for (var at = digits; at >= 0; at--)
        {
            if (at == digits - decimals)
            {
                to[at] = (byte)'.';
                continue;
            }
            to[at] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    // A varint may have more bytes than it needs; a fixed count lets it be written over.
    private static void WriteVarint(Span<byte> to, long value, int bytes)
    {
        for (var i = 0; i < bytes; i++)
        {
            to[i] = (byte)((int)(value & 0x7F) | (i < bytes - 1 ? 0x80 : 0));
            value >>= 7;
        }
    }

    private static void Add(List<byte> to, string ascii) => to.AddRange(Encoding.ASCII.GetBytes(ascii));

    private static int AddDouble(List<byte> to, byte tag, double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        to.Add(tag);
        to.AddRange(bytes);
        return to.Count - 8;
    }
}
