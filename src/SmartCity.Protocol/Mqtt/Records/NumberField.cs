using System.Text.Json;

namespace SmartCity.Protocol.Mqtt;

/// <summary>A measured number.</summary>
internal sealed class NumberField<TRecord>(
    string name, NumberRange range, Func<TRecord, double?> get, Action<TRecord, double> set) : Field<TRecord>(name)
{
    public override bool Read(ref JsonCursor json, TRecord record)
    {
        var read = json.TryNumber(out var value);
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
            json.WriteNumber(JsonName, value);
        }
    }

    public override bool IsGiven(TRecord record) => get(record) is not null;

    public override string? Problem(TRecord record) =>
        get(record) is { } value && !range.Holds(value) ? Outside(range, value) : null;
}
