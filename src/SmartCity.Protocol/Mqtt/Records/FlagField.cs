using System.Text.Json;

namespace SmartCity.Protocol.Mqtt;

/// <summary>Yes or no.</summary>
internal sealed class FlagField<TRecord>(string name, Func<TRecord, bool?> get, Action<TRecord, bool> set) : Field<TRecord>(name)
{
    public override bool Read(ref JsonCursor json, TRecord record)
    {
        var read = json.TryFlag(out var value);
        if (read)
        {
            set(record, value);
        }
        return read;
    }

    public override void Write(Utf8JsonWriter json, TRecord record)
    {
        if (get(record) is { } value)
        {
            json.WriteBoolean(JsonName, value);
        }
    }

    public override bool IsGiven(TRecord record) => get(record) is not null;

    public override string? Problem(TRecord record) => null;
}
