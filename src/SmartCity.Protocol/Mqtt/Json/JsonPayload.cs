using System.Text.Json;
using SmartCity.Protocol.V1;

namespace SmartCity.Protocol.Mqtt;

/// <summary>Reads the envelope of a JSON payload and hands its records to their shape.</summary>
internal static class JsonPayload
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static void Read(ReadOnlySpan<byte> payload, RecordShape shape, UplinkBuilder into)
    {
        try
        {
            var json = new JsonCursor(payload.StartsWith(ByteOrderMark) ? payload[3..] : payload);
            ReadMessage(ref json, shape, into);
        }
        catch (JsonException e)
        {
            into.Refuse(DeadLetterReason.Undecodable, 
                $"the payload must be JSON: it breaks at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
    }

    private static void ReadMessage(ref JsonCursor json, RecordShape shape, UplinkBuilder into)
    {
        json.Read();
        if (!json.IsObject)
        {
            json.Refuse("the payload must be a JSON object");
            into.Refuse(DeadLetterReason.Undecodable, json.Complaint!);
            return;
        }
        var seen = false;
        while (!into.IsRefused && json.NextField(out var name))
        {
            if (json.IsNull)
            {
                continue;
            }
            if (name.SequenceEqual("records"u8))
            {
                ReadRecords(ref json, shape, into, again: seen);
                seen = true;
            }
            else
            {
                ReadEnvelope(ref json, name, into);
            }
        }
        while (!into.IsRefused && json.Read())
        {
            // The reader throws on anything after the object.
        }
    }

    private static void ReadEnvelope(ref JsonCursor json, ReadOnlySpan<byte> name, UplinkBuilder into)
    {
        string field;
        if (name.SequenceEqual("boot"u8))
        {
            field = "boot";
            into.Boot = json.TryText(out var boot) ? boot : "";
        }
        else if (name.SequenceEqual("seq"u8))
        {
            field = "seq";
            into.Seq = json.TryCount(out var seq) ? seq : null;
        }
        else if (name.SequenceEqual("sentAt"u8))
        {
            field = "sentAt";
            into.SentAt = json.TryWhole(long.MinValue, long.MaxValue, out var sentAt) ? sentAt : null;
        }
        else if (name.SequenceEqual("buffered"u8))
        {
            field = "buffered";
            into.Buffered = json.TryFlag(out var buffered) && buffered;
        }
        else
        {
            json.Skip();
            return;
        }
        if (json.TakeComplaint(out var complaint))
        {
            into.Refuse(DeadLetterReason.Undecodable, $"{field} {complaint}");
        }
    }

    private static void ReadRecords(ref JsonCursor json, RecordShape shape, UplinkBuilder into, bool again)
    {
        if (again || !json.IsArray)
        {
            json.Refuse(again ? "records must be given once" : "records must be an array");
            into.Refuse(DeadLetterReason.Undecodable, json.Complaint!);
            return;
        }
        into.HasRecords = true;
        for (var index = 0; json.NextElement(); index++)
        {
            if (index == UplinkLimits.RecordsMax)
            {
                into.Refuse(DeadLetterReason.TooLarge, RecordShape.TooMany);
                return;
            }
            shape.ReadJson(ref json, index, into);
        }
    }
}
