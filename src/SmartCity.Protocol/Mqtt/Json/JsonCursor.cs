using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace SmartCity.Protocol.Mqtt;

/// <summary>
/// Walks a JSON payload and takes values by the contract's rules. Payloads that are no JSON throw <see cref="JsonException"/>;
/// a value of the wrong type only leaves a <see cref="Complaint"/>.
/// </summary>
internal ref struct JsonCursor
{
    private const int PreviewMax = 40;
    private const double WholeMax = 1L << 53;

    private Utf8JsonReader _json;

    public JsonCursor(ReadOnlySpan<byte> payload)
    {
        _json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = UplinkLimits.JsonDepthMax });
    }

    /// <summary>Why the last value was not taken: <c>must be a number, got "hot"</c>.</summary>
    public string? Complaint { get; private set; }

    public readonly bool IsObject => _json.TokenType == JsonTokenType.StartObject;

    public readonly bool IsArray => _json.TokenType == JsonTokenType.StartArray;

    public readonly bool IsNull => _json.TokenType == JsonTokenType.Null;

    public readonly bool IsNumber => _json.TokenType == JsonTokenType.Number;

    /// <summary>Moves to the next token, or tells that the payload is at its end.</summary>
    public bool Read() => _json.Read();

    /// <summary>Passes over the value the cursor is at.</summary>
    public void Skip() => _json.Skip();

    /// <summary>In an object: moves to the next field's value and gives its name; false after the last.</summary>
    public bool NextField(out ReadOnlySpan<byte> name)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            name = default;
            return false;
        }
        name = _json.ValueIsEscaped ? Unescaped() : _json.ValueSpan;
        _json.Read();
        return true;
    }

    /// <summary>In an array: moves to the next element; false after the last.</summary>
    public bool NextElement()
    {
        _json.Read();
        return _json.TokenType != JsonTokenType.EndArray;
    }

    public bool TryNumber(out double value)
    {
        if (IsNumber && _json.TryGetDouble(out value) && double.IsFinite(value))
        {
            return true;
        }
        value = 0;
        return Refuse("must be a number");
    }

    /// <summary>A whole number, also as a string.</summary>
    public bool TryWhole(long min, long max, out long value)
    {
        if (IsNumber ? TryInteger(out value) : TryQuoted(out value))
        {
            if (value >= min && value <= max)
            {
                return true;
            }
        }
        value = 0;
        return Refuse(max == long.MaxValue ? "must be a whole number" : $"must be a whole number from {min} to {max}");
    }

    /// <summary>A number that counts, also as a string.</summary>
    public bool TryCount(out ulong value)
    {
        if (IsNumber && _json.TryGetUInt64(out value))
        {
            return true;
        }
        if (_json.TokenType == JsonTokenType.String && ulong.TryParse(_json.ValueSpan, null, out value))
        {
            return true;
        }
        if (IsNumber && TryInteger(out var whole) && whole >= 0) // 7.0
        {
            value = (ulong)whole;
            return true;
        }
        value = 0;
        return Refuse("must be a whole number of at least 0");
    }

    public bool TryFlag(out bool value)
    {
        value = _json.TokenType == JsonTokenType.True;
        return value || _json.TokenType == JsonTokenType.False || Refuse("must be true or false");
    }

    /// <summary>The bytes of a string as they stand in the payload.</summary>
    public bool TryUtf8(out ReadOnlySpan<byte> value)
    {
        value = _json.TokenType == JsonTokenType.String ? _json.ValueSpan : default;
        return _json.TokenType == JsonTokenType.String || Refuse("must be a text");
    }

    public bool TryText([NotNullWhen(true)] out string? value)
    {
        value = null;
        if (_json.TokenType != JsonTokenType.String)
        {
            return Refuse("must be a text");
        }
        if (!_json.ValueIsEscaped && TextPool.TryGet(_json.ValueSpan, out value))
        {
            return true;
        }
        try
        {
            value = _json.GetString()!;
            return true;
        }
        catch (InvalidOperationException) // Half a surrogate pair, or bytes that are no UTF-8.
        {
            return Refuse("must be valid Unicode text");
        }
    }

    /// <summary>Keeps <c>{rule}, got {value}</c> as the complaint and says false.</summary>
    public bool Refuse(string rule)
    {
        Complaint = $"{rule}, got {Preview()}";
        return false;
    }

    /// <summary>The complaint about the value just tried, once.</summary>
    public bool TakeComplaint([NotNullWhen(true)] out string? complaint)
    {
        complaint = Complaint;
        Complaint = null;
        return complaint is not null;
    }

    private bool TryInteger(out long value)
    {
        if (_json.TryGetInt64(out value))
        {
            return true;
        }
        // 5.0 and 1e3 are whole too.
        if (_json.TryGetDouble(out var number) && Math.Abs(number) < WholeMax && number == Math.Floor(number))
        {
            value = (long)number;
            return true;
        }
        return false;
    }

    private readonly bool TryQuoted(out long value)
    {
        value = 0;
        return _json.TokenType == JsonTokenType.String && long.TryParse(_json.ValueSpan, null, out value);
    }

    private readonly ReadOnlySpan<byte> Unescaped()
    {
        try
        {
            return Encoding.UTF8.GetBytes(_json.GetString()!);
        }
        catch (InvalidOperationException) // No field of ours is called so.
        {
            return default;
        }
    }

    private readonly string Preview()
    {
        var text = _json.ValueSpan;
        var shown = Encoding.UTF8.GetString(text[..Math.Min(text.Length, PreviewMax)]) + (text.Length > PreviewMax ? "..." : "");
        return _json.TokenType switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => $"\"{shown}\"",
            _ => shown,
        };
    }
}
