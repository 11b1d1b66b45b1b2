using System.Text.Json;

namespace SmartCity.Protocol.Mqtt;

/// <summary>A text; empty says nothing.</summary>
internal sealed class TextField<TRecord>(string name, Func<TRecord, string> get, Action<TRecord, string> set)
    : Field<TRecord>(name)
{
    public override bool Read(ref JsonCursor json, TRecord record)
    {
        if (!json.TryText(out var value) || value.Length == 0)
        {
            return false;
        }
        set(record, value);
        return true;
    }

    public override void Write(Utf8JsonWriter json, TRecord record)
    {
        if (IsGiven(record))
        {
            json.WriteString(JsonName, get(record));
        }
    }

    public override bool IsGiven(TRecord record) => get(record).Length > 0;

    public override string? Problem(TRecord record) => get(record).Length <= UplinkLimits.TextMax
        ? null
        : $"must have at most {UplinkLimits.TextMax} characters, got {get(record).Length}";
}
