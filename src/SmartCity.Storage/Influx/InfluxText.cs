using System.Buffers;
using System.Globalization;
using System.Text;

namespace SmartCity.Storage.Influx;

/// <summary>Carries any text through line protocol and back. What not every version carries - control characters, halves of
/// surrogate pairs, a backslash in a tag - is written as U+F8FF and four hex digits; an empty tag as U+F8FF alone.</summary>
internal static class InfluxText
{
    /// <summary>Starts an escape; itself written as one.</summary>
    public const char Escape = '\uF8FF';

    /// <summary>How the escape character begins in UTF-8: a text without it needs no unescaping.</summary>
    private static ReadOnlySpan<byte> EscapeUtf8 => [0xEF, 0xA3, 0xBF];

    private static readonly SearchValues<char> TagMarks = SearchValues.Create(",= ");
    private static readonly SearchValues<char> FieldMarks = SearchValues.Create("\"\\");

    /// <summary>Most bytes of UTF-8 that so many characters may become.</summary>
    public static int BytesMax(int chars) => (chars * 7) + 3;

    /// <summary>Writes a tag value; gives the bytes it took.</summary>
    public static int WriteTag(ReadOnlySpan<char> value, Span<byte> utf8)
    {
        if (value.IsEmpty)
        {
            EscapeUtf8.CopyTo(utf8);
            return EscapeUtf8.Length;
        }
        return Write(value, utf8, TagMarks, isBackslashCarried: false);
    }

    /// <summary>Writes what stands between the quotes of a string field; gives the bytes it took.</summary>
    public static int WriteField(ReadOnlySpan<char> value, Span<byte> utf8) =>
        Write(value, utf8, FieldMarks, isBackslashCarried: true);

    /// <summary>A tag value as InfluxDB holds it: what a query has to compare with.</summary>
    public static string StoredTag(string value) =>
        value.Length == 0 ? Escape.ToString() : Stored(value, isBackslashCarried: false);

    /// <summary>A string field as InfluxDB holds it.</summary>
    public static string StoredField(string value) => Stored(value, isBackslashCarried: true);

    /// <summary>The text that was written. What is no escape of ours stays as it is.</summary>
    public static string Unescape(string stored)
    {
        var at = stored.IndexOf(Escape, StringComparison.Ordinal);
        if (at < 0)
        {
            return stored;
        }
        if (stored.Length == 1)
        {
            return "";
        }
        var text = new StringBuilder(stored.Length).Append(stored, 0, at);
        while (at < stored.Length)
        {
            if (stored[at] == Escape && at + 5 <= stored.Length && ushort.TryParse(
                stored.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                text.Append((char)unit);
                at += 5;
            }
            else
            {
                text.Append(stored[at++]);
            }
        }
        return text.ToString();
    }

    /// <summary>Whether there may be something to unescape.</summary>
    public static bool IsEscaped(ReadOnlySpan<byte> utf8) => utf8.IndexOf(EscapeUtf8) >= 0;

    private static string Stored(string value, bool isBackslashCarried)
    {
        var stored = new StringBuilder(value.Length);
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogate(value[i]) && i + 1 < value.Length && char.IsSurrogatePair(value[i], value[i + 1]))
            {
                stored.Append(value, i++, 2);
            }
            else if (IsCarried(value[i], isBackslashCarried))
            {
                stored.Append(value[i]);
            }
            else
            {
                stored.Append(Escape).Append(((int)value[i]).ToString("x4", CultureInfo.InvariantCulture));
            }
        }
        return stored.ToString();
    }

    private static int Write(ReadOnlySpan<char> value, Span<byte> utf8, SearchValues<char> marks, bool isBackslashCarried)
    {
        var written = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var one = value[i];
            if (char.IsAscii(one) && IsCarried(one, isBackslashCarried))
            {
                if (marks.Contains(one))
                {
                    utf8[written++] = (byte)'\\';
                }
                utf8[written++] = (byte)one;
            }
            else if (IsCarried(one, isBackslashCarried))
            {
                written += Encoding.UTF8.GetBytes(value.Slice(i, 1), utf8[written..]);
            }
            else if (i + 1 < value.Length && char.IsSurrogatePair(one, value[i + 1]))
            {
                written += Encoding.UTF8.GetBytes(value.Slice(i++, 2), utf8[written..]);
            }
            else
            {
                EscapeUtf8.CopyTo(utf8[written..]);
                ((int)one).TryFormat(utf8[(written + 3)..], out var digits, "x4", CultureInfo.InvariantCulture);
                written += 3 + digits;
            }
        }
        return written;
    }

    private static bool IsCarried(char one, bool isBackslashCarried) =>
        one != Escape && !char.IsControl(one) && !char.IsSurrogate(one) && (isBackslashCarried || one != '\\');
}
