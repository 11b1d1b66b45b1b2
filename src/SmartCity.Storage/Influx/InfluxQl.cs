using System.Globalization;
using System.Text;

namespace SmartCity.Storage.Influx;

/// <summary>The one place that quotes what goes into a statement. No version takes parameters in all of its releases.</summary>
internal static class InfluxQl
{
    /// <summary>The earliest time that InfluxDB takes, in ns since 1970: the year 1677.</summary>
    public const long TimeMin = long.MinValue + 2;

    /// <summary>The latest time that InfluxDB takes: the year 2262.</summary>
    public const long TimeMax = long.MaxValue - 1;

    private const long NanosecondsPerMillisecond = 1_000_000;

    /// <summary>A measurement, tag, field or database, quoted: an unquoted one may be a keyword.</summary>
    public static string Identifier(string name) => Quoted(name, '"');

    /// <summary>A value, to compare with a tag.</summary>
    public static string TagLiteral(string value) => Quoted(InfluxText.StoredTag(value), '\'');

    /// <summary>A text, to compare with a string field.</summary>
    public static string FieldLiteral(string value) => Quoted(InfluxText.StoredField(value), '\'');

    /// <summary>A condition: the tag has one of the values, of which there is at least one.</summary>
    public static string AnyOf(string tag, IReadOnlyCollection<string> values)
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Count);
        var key = Identifier(tag);
        return $"({string.Join(" OR ", values.Select(value => $"{key} = {TagLiteral(value)}"))})";
    }

    /// <summary>A condition: time in [from, until), both in ns since 1970. Beyond what InfluxDB takes there is no
    /// bound.</summary>
    public static string Between(long from, long until)
    {
        var (first, last) = (Math.Clamp(from, TimeMin, TimeMax), Math.Clamp(until, TimeMin, TimeMax));
        return string.Create(CultureInfo.InvariantCulture, $"time >= {first} AND time {(until > TimeMax ? "<=" : "<")} {last}");
    }

    /// <summary>Milliseconds since 1970 as nanoseconds, within what InfluxDB takes.</summary>
    public static long Nanoseconds(long milliseconds) => milliseconds switch
    {
        <= TimeMin / NanosecondsPerMillisecond => TimeMin,
        >= TimeMax / NanosecondsPerMillisecond => TimeMax,
        _ => milliseconds * NanosecondsPerMillisecond,
    };

    // Of escapes, all versions understand these three and no others.
    private static string Quoted(string text, char quote)
    {
        var quoted = new StringBuilder(text.Length + 2).Append(quote);
        foreach (var one in text)
        {
            _ = one switch
            {
                '\n' => quoted.Append("\\n"),
                '\\' => quoted.Append("\\\\"),
                _ when one == quote => quoted.Append('\\').Append(quote),
                _ => quoted.Append(one),
            };
        }
        return quoted.Append(quote).ToString();
    }
}
