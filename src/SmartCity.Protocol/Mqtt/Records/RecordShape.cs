using System.Text.Json;
using Google.Protobuf;
using SmartCity.Protocol.V1;

namespace SmartCity.Protocol.Mqtt;

/// <summary>How the records of one channel are read, in either encoding.</summary>
internal abstract class RecordShape
{
    public static readonly string TooMany =
        $"records must be at most {UplinkLimits.RecordsMax} in one message: split it";

    /// <summary>Reads the record the cursor is at.</summary>
    public abstract void ReadJson(ref JsonCursor json, int index, UplinkBuilder into);

    /// <summary>Reads a whole Protobuf payload.</summary>
    public abstract void ReadProtobuf(ReadOnlySpan<byte> payload, UplinkBuilder into);
}

/// <summary>The table of a record's fields, from which JSON reading, JSON writing and all checks follow.</summary>
internal sealed class RecordShape<TMessage, TRecord>(MessageParser<TMessage> parser, params Field<TRecord>[] fields)
    : RecordShape, IRecordWriter<TRecord>
    where TMessage : IUplinkMessage<TRecord>, IMessage<TMessage>
    where TRecord : class, IMessage<TRecord>, new()
{
    // Unknown fields are dropped, so that the same content has the same hash in both encodings.
    private readonly MessageParser<TMessage> _parser = parser.WithDiscardUnknownFields(true);

    public override void ReadJson(ref JsonCursor json, int index, UplinkBuilder into)
    {
        if (!json.IsObject)
        {
            json.Refuse(" must be an object");
            json.TakeComplaint(out var notAnObject);
            into.SetAside(index, DeadLetterReason.Undecodable, notAnObject!);
            json.Skip();
            return;
        }
        var record = new TRecord();
        var given = 0u;
        var next = 0;
        string? problem = null;
        while (json.NextField(out var name))
        {
            var at = Find(name, next);
            if (at < 0 || json.IsNull || problem is not null)
            {
                json.Skip();
                continue;
            }
            next = at + 1;
            if (fields[at].Read(ref json, record))
            {
                given |= 1u << at;
            }
            else if (json.TakeComplaint(out var complaint))
            {
                problem = $".{fields[at].Name} {complaint}";
                json.Skip();
            }
        }
        if (problem is not null)
        {
            into.SetAside(index, DeadLetterReason.Undecodable, problem);
            return;
        }
        Accept(record, given, index, into);
    }

    public override void ReadProtobuf(ReadOnlySpan<byte> payload, UplinkBuilder into)
    {
        TMessage message;
        try
        {
            message = _parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException e)
        {
            into.Refuse(DeadLetterReason.Undecodable, $"the payload must be a {typeof(TMessage).Name} in Protobuf: {e.Message}");
            return;
        }
        into.Boot = message.Boot;
        into.Seq = message.HasSeq ? message.Seq : null;
        into.SentAt = message.HasSentAt ? message.SentAt : null;
        into.Buffered = message.Buffered;
        if (message.Records.Count > UplinkLimits.RecordsMax)
        {
            into.Refuse(DeadLetterReason.TooLarge, TooMany);
            return;
        }
        for (var index = 0; index < message.Records.Count; index++)
        {
            Accept(message.Records[index], Given(message.Records[index]), index, into);
        }
    }

    public void WriteJson(Utf8JsonWriter json, TRecord record)
    {
        json.WriteStartObject();
        foreach (var field in fields)
        {
            field.Write(json, record);
        }
        json.WriteEndObject();
    }

    private void Accept(TRecord record, uint given, int index, UplinkBuilder into)
    {
        for (var at = 0; at < fields.Length; at++)
        {
            var field = fields[at];
            if (field.Required && (given & (1u << at)) == 0 && field.Instead?.Invoke(record) != true)
            {
                into.SetAside(index, DeadLetterReason.MissingField, $".{field.Name} is missing: it is required");
                return;
            }
            if (field.Problem(record) is { } problem)
            {
                into.SetAside(index, DeadLetterReason.OutOfRange, $".{field.Name} {problem}");
                return;
            }
            field.Settle(record);
        }
        into.Add(index, record);
    }

    // Devices send fields in the order of the table, mostly: the search starts where the last one ended.
    private int Find(ReadOnlySpan<byte> name, int start)
    {
        for (var at = start; at < fields.Length; at++)
        {
            if (fields[at].Is(name))
            {
                return at;
            }
        }
        for (var at = 0; at < start; at++)
        {
            if (fields[at].Is(name))
            {
                return at;
            }
        }
        return -1;
    }

    private uint Given(TRecord record)
    {
        var given = 0u;
        for (var at = 0; at < fields.Length; at++)
        {
            given |= fields[at].IsGiven(record) ? 1u << at : 0;
        }
        return given;
    }
}

/// <summary>Writes one record as JSON.</summary>
internal interface IRecordWriter<in TRecord>
{
    void WriteJson(Utf8JsonWriter json, TRecord record);
}
