using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf;

namespace SmartCity.Protocol.Mqtt;

/// <summary>Writes what devices send. Safe for any number of threads.</summary>
public static class UplinkWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Never shown as HTML; keeps Chinese readable.
        SkipValidation = true,
    };

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    /// <summary>Writes a message as the contract's JSON, in UTF-8.</summary>
    public static void WriteJson<TRecord>(IUplinkMessage<TRecord> message, IBufferWriter<byte> to)
        where TRecord : IMessage<TRecord>
    {
        var json = _writer ??= new Utf8JsonWriter(to, Options);
        json.Reset(to);
        json.WriteStartObject();
        if (message.Boot.Length > 0)
        {
            json.WriteString("boot"u8, message.Boot);
        }
        if (message.HasSeq)
        {
            json.WriteNumber("seq"u8, message.Seq);
        }
        if (message.HasSentAt)
        {
            json.WriteNumber("sentAt"u8, message.SentAt);
        }
        if (message.Buffered)
        {
            json.WriteBoolean("buffered"u8, true);
        }
        json.WriteStartArray("records"u8);
        var records = RecordShapes.WriterOf<TRecord>();
        foreach (var record in message.Records)
        {
            records.WriteJson(json, record);
        }
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }

    /// <summary>Writes a message as Protobuf. Publish it with the content type, or on a topic with <c>/pb</c>.</summary>
    public static void WriteProtobuf(IMessage message, IBufferWriter<byte> to) => message.WriteTo(to);
}
