using System.Text.Json;

namespace SmartCity.Protocol.Mqtt;

/// <summary>A moment by the device's clock, in ms since the epoch.</summary>
internal sealed class TimeField<TRecord>(string name, Func<TRecord, long?> get, Action<TRecord, long> set) : Field<TRecord>(name)
{
    public override bool Read(ref JsonCursor json, TRecord record)
    {
        var read = json.TryWhole(long.MinValue, long.MaxValue, out var value);
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

    public override bool IsGiven(TRecord record) => get(record) is not (null or 0);

    public override string? Problem(TRecord record) =>
        get(record) is { } value && !RecordRanges.IsTime(value) ? $"{RecordRanges.TimeRule}, got {value}" : null;
}
