using System.Text.Json;

namespace SmartCity.Protocol.Mqtt;

/// <summary>A whole number of 32 bits.</summary>
internal sealed class WholeField<TRecord>(
    string name, NumberRange range, Func<TRecord, int?> get, Action<TRecord, int> set) : Field<TRecord>(name)
{
    public override bool Read(ref JsonCursor json, TRecord record)
    {
        var read = json.TryWhole(int.MinValue, int.MaxValue, out var value);
        if (read)
        {
            set(record, (int)value);
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
