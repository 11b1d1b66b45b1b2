using System.Globalization;
using System.Text;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace SmartCity.Protocol.Mqtt;

/// <summary>
/// A word of a fixed list, on the wire by its bare name (<c>CHARGING</c>), its full name or its number. A word that is not in
/// the list becomes UNSPECIFIED, kept in the field for the vendor's text where the record has one.
/// </summary>
internal sealed class EnumField<TRecord> : Field<TRecord>
{
    private const int UnknownName = int.MinValue; // Nobody numbers words so; the name is already kept.

    private readonly Word[] _words;
    private readonly Func<TRecord, int> _get;
    private readonly Action<TRecord, int> _set;

    public EnumField(string name, EnumDescriptor type, Func<TRecord, int> get, Action<TRecord, int> set)
        : base(name)
    {
        _get = get;
        _set = set;
        var prefix = type.FindValueByNumber(0).Name.Length - "UNSPECIFIED".Length;
        _words = [.. type.Values.Select(value => new Word(value.Name, value.Name[prefix..], value.Number))];
    }

    public Func<TRecord, string>? VendorText { get; init; }

    public Action<TRecord, string>? KeepVendorText { get; init; }

    public override bool Read(ref JsonCursor json, TRecord record)
    {
        if (json.IsNumber)
        {
            var read = json.TryWhole(int.MinValue, int.MaxValue, out var number);
            _set(record, read ? (int)number : 0);
            return read && number != 0;
        }
        if (!json.TryUtf8(out var name))
        {
            return false;
        }
        foreach (var word in _words)
        {
            if (name.SequenceEqual(word.Bare) || name.SequenceEqual(word.Full))
            {
                _set(record, word.Number);
                return word.Number != 0;
            }
        }
        if (!json.TryText(out var text) || text.Length == 0)
        {
            return false;
        }
        _set(record, UnknownName);
        Keep(record, text);
        return true;
    }

    public override void Write(Utf8JsonWriter json, TRecord record)
    {
        var number = _get(record);
        if (Find(number) is { } word && number != 0)
        {
            json.WriteString(JsonName, word.Json);
        }
        else if (number != 0)
        {
            json.WriteNumber(JsonName, number);
        }
    }

    public override bool IsGiven(TRecord record) => _get(record) != 0;

    public override string? Problem(TRecord record) => null;

    public override void Settle(TRecord record)
    {
        var number = _get(record);
        if (Find(number) is not null)
        {
            return;
        }
        if (number != UnknownName)
        {
            Keep(record, number.ToString(CultureInfo.InvariantCulture));
        }
        _set(record, 0);
    }

    // The device's own vendor text, if it sends one, says more than a name we do not know.
    private void Keep(TRecord record, string text)
    {
        if (VendorText is not null && VendorText(record).Length == 0)
        {
            KeepVendorText!(record, text);
        }
    }

    private Word? Find(int number)
    {
        foreach (var word in _words)
        {
            if (word.Number == number)
            {
                return word;
            }
        }
        return null;
    }

    private sealed class Word(string full, string bare, int number)
    {
        public byte[] Full { get; } = Encoding.UTF8.GetBytes(full);

        public byte[] Bare { get; } = Encoding.UTF8.GetBytes(bare);

        public JsonEncodedText Json { get; } = JsonEncodedText.Encode(bare);

        public int Number => number;
    }
}
