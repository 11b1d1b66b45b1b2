using System.Globalization;
using System.Text;

namespace SmartCity.Tests.Influx;

/// <summary>One line as its specification reads it, written without a look at the encoder.</summary>
internal sealed record ParsedLine(
    string Measurement, IReadOnlyList<(string Key, string Value)> Tags, IReadOnlyList<(string Key, object Value)> Fields,
    long Time);

/// <summary>A plain reader of line protocol: measurement[,tag=value...] field=value[,...] time.</summary>
internal sealed class LineParser(string line)
{
    private int at;

    public static ParsedLine[] ParseAll(ReadOnlySpan<byte> utf8)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
        if (text.Length > 0 && text[^1] != '\n')
        {
            throw new FormatException("the last line does not end");
        }
        return [.. text.Split('\n')[..^1].Select(line => new LineParser(line).Parse())];
    }

    public ParsedLine Parse()
    {
        if (line.Any(char.IsControl))
        {
            throw new FormatException("a control character in a line");
        }
        var measurement = Word(", ");
        var tags = new List<(string, string)>();
        while (Next() == ',')
        {
            var key = Word("=");
            Expect('=');
            var value = Word(",= ");
            tags.Add((key, value.Length > 0 ? value : throw new FormatException("an empty tag value")));
        }
        var fields = new List<(string, object)>();
        do
        {
            var key = Word("=");
            Expect('=');
            fields.Add((key, line[at] == '"' ? Quoted() : Plain(Word(", "))));
        }
        while (Next() == ',');
        return new ParsedLine(measurement, tags, fields, Whole(line[at..]));
    }

    private char Next() => line[at++];

    private void Expect(char one)
    {
        if (Next() != one)
        {
            throw new FormatException($"no {one} at {at - 1} of {line}");
        }
    }

    private string Word(string ends)
    {
        var word = new StringBuilder();
        while (!ends.Contains(line[at], StringComparison.Ordinal))
        {
            if (line[at] == '\\')
            {
                // What follows a backslash must be one of the three, whose meaning no version disputes.
                at++;
                if (!",= ".Contains(line[at], StringComparison.Ordinal))
                {
                    throw new FormatException($"a backslash before '{line[at]}'");
                }
            }
            word.Append(line[at++]);
        }
        return word.ToString();
    }

    private string Quoted()
    {
        var text = new StringBuilder();
        for (at++; line[at] != '"'; at++)
        {
            if (line[at] == '\\' && line[++at] is not ('"' or '\\'))
            {
                throw new FormatException($"a backslash before '{line[at]}'");
            }
            text.Append(line[at]);
        }
        at++;
        return text.ToString();
    }

    private static long Whole(string digits) => long.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    private static object Plain(string word) => word switch
    {
        "true" => true,
        "false" => false,
        [.. var digits, 'i'] => Whole(digits),
        _ => double.Parse(word, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture),
    };
}
