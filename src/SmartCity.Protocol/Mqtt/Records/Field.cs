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
