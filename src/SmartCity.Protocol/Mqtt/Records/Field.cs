using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SmartCity.Protocol.Mqtt;

/// <summary>One field of a record: its JSON name, how it is read and written, and when it is wrong.</summary>
internal abstract class Field<TRecord>(string name)
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(name);

    public string Name => name;

    public JsonEncodedText JsonName { get; } = JsonEncodedText.Encode(name);

    /// <summary>Whether a record without the field is set aside.</summary>
    public bool Required { get; init; }

    /// <summary>What makes up for a required field that is absent: the vendor's own word.</summary>
    public Func<TRecord, bool>? Instead { get; init; }

    public bool Is(ReadOnlySpan<byte> utf8) => utf8.SequenceEqual(_utf8);

    /// <summary>Takes the value the cursor is at. False when it says nothing, or is wrong: then the cursor knows why.</summary>
    public abstract bool Read(ref JsonCursor json, TRecord record);

    /// <summary>Writes the field, or nothing when it is absent.</summary>
    public abstract void Write(Utf8JsonWriter json, TRecord record);

    /// <summary>Whether a record that came as Protobuf has the field, as far as that can be told.</summary>
    public abstract bool IsGiven(TRecord record);

    /// <summary>What is wrong with the value, or null.</summary>
    public abstract string? Problem(TRecord record);

    /// <summary>Turns what no later reader should have to know into what it means.</summary>
    public virtual void Settle(TRecord record)
    {
    }

    protected static string Outside(NumberRange range, double value) =>
        string.Create(CultureInfo.InvariantCulture, $"{range}, got {value}");
}

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

/// <summary>A text; empty says nothing.</summary>
internal sealed class TextField<TRecord>(string name, Func<TRecord, string> get, Action<TRecord, string> set) : Field<TRecord>(name)
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
