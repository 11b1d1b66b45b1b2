using System.Collections;
using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace SmartCity.Cli.Showing;

/// <summary>
/// Writes messages as CSV (RFC 4180): a column for every field of the API, <c>key.group_id</c> for a field of a field, so that
/// a program that reads it never has to guess. Instants are ISO 8601 with the offset of the asked
/// zone, words bare, what is absent is empty, lists are text: <c>first 1, last 3; first 7, last 9</c>.
/// </summary>
internal static class CsvText
{
    private const string LineEnd = "\r\n";

    public static async Task WriteAsync(
        TextWriter to, MessageDescriptor row, IReadOnlyList<IMessage> rows, TimeZoneInfo zone, bool header = true)
    {
        var columns = Columns(row, "", rows, m => m, zone).ToList();
        if (header)
        {
            await to.WriteAsync(string.Join(',', columns.Select(c => Quoted(c.Name))) + LineEnd);
        }
        foreach (var message in rows)
        {
            await to.WriteAsync(string.Join(',', columns.Select(c => Quoted(c.Text(message)))) + LineEnd);
        }
    }

    /// <summary>Writes rows of two cells.</summary>
    public static async Task WriteAsync(TextWriter to, IEnumerable<(string, string)> rows)
    {
        foreach (var (first, second) in rows)
        {
            await to.WriteAsync($"{Quoted(first)},{Quoted(second)}{LineEnd}");
        }
    }

    /// <summary>The fields of one message: what would be its columns.</summary>
    public static IEnumerable<(string Name, string Text)> Fields(IMessage message, TimeZoneInfo zone) =>
        Columns(message.Descriptor, "", [message], m => m, zone).Select(column => (column.Name, column.Text(message)));

    private static IEnumerable<(string Name, Func<IMessage, string> Text)> Columns(
        MessageDescriptor type, string prefix, IReadOnlyList<IMessage> rows, Func<IMessage, IMessage?> find, TimeZoneInfo zone)
    {
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            var nested = field.FieldType == FieldType.Message && !field.IsRepeated && field.MessageType != Timestamp.Descriptor;
            if (!nested)
            {
                yield return (prefix + field.Name, row => find(row) is { } holder ? Text(field, holder, zone) : "");
                continue;
            }
            IMessage? Find(IMessage row) => find(row) is { } holder ? field.Accessor.GetValue(holder) as IMessage : null;
            // Of alternatives only those in use get columns: an asset is of one of eight kinds.
            if (field.RealContainingOneof is null || rows.Any(row => Find(row) is not null))
            {
                foreach (var column in Columns(field.MessageType, $"{prefix}{field.Name}.", rows, Find, zone))
                {
                    yield return column;
                }
            }
        }
    }

    private static string Text(FieldDescriptor field, IMessage holder, TimeZoneInfo zone)
    {
        if (field.HasPresence && !field.Accessor.HasValue(holder))
        {
            return "";
        }
        var value = field.Accessor.GetValue(holder);
        return field.IsRepeated ? List((IList)value, field, zone) : Text(field, value, zone);
    }

    private static string Text(FieldDescriptor field, object? value, TimeZoneInfo zone) => value switch
    {
        null => "",
        Timestamp time => Local(time.ToDateTimeOffset(), zone),
        // What devices report has its times in ms since the epoch.
        long time when field.Name == "time" => Local(DateTimeOffset.FromUnixTimeMilliseconds(time), zone),
        ByteString bytes => bytes.ToBase64(),
        bool flag => flag ? "true" : "false",
        IMessage message => Words(message, zone),
        _ when field.FieldType == FieldType.Enum => Word(field.EnumType, Convert.ToInt32(value, CultureInfo.InvariantCulture)),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string List(IList values, FieldDescriptor field, TimeZoneInfo zone) =>
        string.Join("; ", values.Cast<object>().Select(value => Text(field, value, zone)));

    // An item of a list: what it says, by the names of its fields.
    private static string Words(IMessage message, TimeZoneInfo zone) => string.Join(", ", message.Descriptor.Fields.InDeclarationOrder()
        .Where(field => field.Accessor.GetValue(message) is not (null or "" or 0 or 0L or 0d or 0UL or false))
        .Select(field => (field.Name, Text: Text(field, message, zone)))
        .Where(part => part.Text.Length > 0)
        .Select(part => $"{part.Name} {part.Text}"));

    private static string Local(DateTimeOffset time, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(time, zone).ToString("yyyy-MM-dd'T'HH:mm:ss.FFFzzz", CultureInfo.InvariantCulture);

    private static string Word(EnumDescriptor type, int number)
    {
        var prefix = type.FindValueByNumber(0).Name.Length - "UNSPECIFIED".Length;
        return type.FindValueByNumber(number)?.Name[prefix..] ?? number.ToString(CultureInfo.InvariantCulture);
    }

    private static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
