using System.Globalization;
using System.Text;
using SmartCity.Storage.Influx;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>One line of line protocol, taken apart. As a reader it gives the fields that it was told to, from left to right.</summary>
internal sealed class LinePoint : RecordReader
{
    private readonly Dictionary<string, string> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private IReadOnlyList<string> _names = [];
    private int _column;

    private LinePoint()
    {
    }

    public string Measurement { get; private set; } = "";

    /// <summary>When it lies, in ns since 1970.</summary>
    public long Time { get; private set; }

    /// <summary>Takes a line apart.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static LinePoint Parse(string line)
    {
        var point = new LinePoint();
        var at = 0;
        point.Measurement = Name(line, ref at, ", ");
        while (Peek(line, at) == ',')
        {
            at++;
            var key = Name(line, ref at, "=");
            at++;
            point._tags[key] = InfluxText.Unescape(Name(line, ref at, ", "));
        }
        do
        {
            at++;
            var key = Name(line, ref at, "=");
            at++;
            point._fields[key] = Peek(line, at) == '"' ? Quoted(line, ref at) : Name(line, ref at, ", ");
        }
        while (Peek(line, at) == ',');
        point.Time = at < line.Length
            && long.TryParse(line.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time)
            ? time
            : throw new FormatException("it does not end with a time in ns");
        return point;
    }

    public string Tag(string key) => _tags.GetValueOrDefault(key) ?? throw new FormatException($"it has no tag {key}");

    /// <summary>The fields that are read from now on.</summary>
    public LinePoint Begin(IReadOnlyList<string> names)
    {
        (_names, _column) = (names, 0);
        return this;
    }

    public override long Int64() => Int64OrNull() ?? throw Missing();

    public override int Int32() => Int32OrNull() ?? throw Missing();

    public override byte Byte() => ByteOrNull() ?? throw Missing();

    public override double Double() => DoubleOrNull() ?? throw Missing();

    public override string Text() => TextOrNull() ?? throw Missing();

    public override long? Int64OrNull() => Next() is not { } text ? null
        : text.EndsWith('i')
            && long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(text, "a whole number, as 5i");

    public override int? Int32OrNull() => Int64OrNull() is not { } number ? null
        : number is >= int.MinValue and <= int.MaxValue ? (int)number : throw Wrong($"{number}i", "a number of 32 bits");

    public override byte? ByteOrNull() => Int64OrNull() is not { } number ? null
        : number is >= byte.MinValue and <= byte.MaxValue ? (byte)number : throw Wrong($"{number}i", "a number from 0 to 255");

    public override double? DoubleOrNull() => Next() is not { } text ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(text, "a number");

    public override string? TextOrNull() => Next() is not { } text ? null
        : text.StartsWith('"') ? InfluxText.Unescape(text[1..]) : throw Wrong(text, "a text in quotes");

    // A text begins with its quote, so that it is not taken for a number.
    private string? Next() => _fields.GetValueOrDefault(_names[_column++]);

    private FormatException Missing() => new($"it has no field {_names[_column - 1]}");

    private FormatException Wrong(string text, string wanted) => new($"its field {_names[_column - 1]} is {text} instead of {wanted}");

    private static char Peek(string line, int at) => at < line.Length ? line[at] : '\n';

    private static string Name(string line, ref int at, string ends)
    {
        var begin = at;
        StringBuilder? unescaped = null;
        while (at < line.Length && !ends.Contains(line[at], StringComparison.Ordinal))
        {
            if (line[at] == '\\' && at + 1 < line.Length && ",= ".Contains(line[at + 1], StringComparison.Ordinal))
            {
                unescaped ??= new StringBuilder().Append(line, begin, at - begin);
                at++;
            }
            unescaped?.Append(line[at]);
            at++;
        }
        return at == line.Length ? throw new FormatException("it is cut short")
            : at == begin ? throw new FormatException($"a name or a value is missing at its character {at + 1}")
            : unescaped?.ToString() ?? line[begin..at];
    }

    private static string Quoted(string line, ref int at)
    {
        var text = new StringBuilder().Append(line[at++]);
        while (at < line.Length && line[at] != '"')
        {
            at += line[at] == '\\' && Peek(line, at + 1) is '"' or '\\' ? 1 : 0;
            text.Append(Peek(line, at));
            at++;
        }
        return at++ < line.Length ? text.ToString() : throw new FormatException("a quote is not closed");
    }
}
