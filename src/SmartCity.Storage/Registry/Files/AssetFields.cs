using System.Globalization;
using System.Text.RegularExpressions;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Files;

/// <summary>The values of one row, read as what they should be. What is wrong is collected, and the value is a default.</summary>
/// <param name="place">Where the row stands.</param>
/// <param name="values">The texts that are not empty, by column.</param>
/// <param name="nameOf">How the file calls a column.</param>
/// <param name="now">When the file is read.</param>
internal sealed partial class AssetFields(
    string place, IReadOnlyDictionary<string, string> values, Func<string, string> nameOf, Instant now)
{
    private const int TextCharsMax = 200;
    private readonly List<ImportProblem> problems = [];

    /// <summary>What is wrong with the row so far.</summary>
    public IReadOnlyList<ImportProblem> Problems => problems;

    public bool Has(string column) => values.ContainsKey(column);

    public string Id(string column = "id") => OptionalId(column) ?? Missing(column, "It is needed in every row.");

    public string? OptionalId(string column) => !values.TryGetValue(column, out var text) || IdPattern().IsMatch(text)
        ? text
        : Wrong(column, $"'{Shorten(text)}' is not an id: 1 to 64 letters, digits, '-' or '_'.", text);

    public string? Text(string column)
    {
        if (!values.TryGetValue(column, out var text))
        {
            return null;
        }
        return text.Length > TextCharsMax || text.Any(char.IsControl)
            ? Wrong(column, $"'{Shorten(text)}' is longer than {TextCharsMax} characters or has line breaks or tabs in it.", text)
            : text;
    }

    public double? Number(string column, double min, double max) => !values.TryGetValue(column, out var text)
        ? null
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max
            ? number
            : Wrong(column, $"'{Shorten(text)}' is not a number from {Write(min)} to {Write(max)}.", min);

    public double RequiredNumber(string column, double min, double max, string why) =>
        Has(column) ? Number(column, min, max) ?? min : Missing(column, why, min);

    public int? Integer(string column, int min, int max) => !values.TryGetValue(column, out var text)
        ? null
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max
            ? number
            : Wrong(column, $"'{Shorten(text)}' is not a whole number from {min} to {max}.", min);

    /// <summary>Seconds, kept to the millisecond.</summary>
    public TimeSpan Seconds(string column, double byDefault, double min, double max) =>
        TimeSpan.FromMilliseconds(Math.Round((Number(column, min, max) ?? byDefault) * 1000));

    public bool Flag(string column, bool byDefault) => !values.TryGetValue(column, out var text)
        ? byDefault
        : text.ToUpperInvariant() switch
        {
            "TRUE" or "1" or "YES" => true,
            "FALSE" or "0" or "NO" => false,
            _ => Wrong(column, $"'{Shorten(text)}' is neither true nor false.", byDefault),
        };

    /// <summary>A name of <typeparamref name="T"/> as the proto writes it: EBIKE_AC.</summary>
    public T? Word<T>(string column) where T : struct, Enum => !values.TryGetValue(column, out var text)
        ? null
        : Words.TryRead<T>(text, out var word)
            ? word
            : Wrong(
                column, $"'{Shorten(text)}' is none of {string.Join(", ", Enum.GetValues<T>().Select(Words.Write))}.", default(T));

    public T RequiredWord<T>(string column, string why) where T : struct, Enum =>
        Word<T>(column) ?? Missing(column, why, default(T));

    public TimeOnly Time(string column) => !values.TryGetValue(column, out var text)
        ? Missing(column, "Give a local time as HH:MM.", TimeOnly.MinValue)
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : Wrong(column, $"'{Shorten(text)}' is not a time of day as HH:MM, 00:00 to 23:59.", TimeOnly.MinValue);

    /// <summary>When the version holds; from the start of today in the zone when the row does not say.</summary>
    public Validity Validity(TimeZoneInfo zone)
    {
        var from = Moment(AssetForm.ValidFrom, zone);
        var until = Moment(AssetForm.ValidUntil, zone);
        var start = from ?? LocalDays.StartOfDay(now, zone);
        if (until <= start)
        {
            Wrong(AssetForm.ValidUntil, $"{until} is not after {nameOf(AssetForm.ValidFrom)}, {start}"
                + (from is null ? " (the start of today, because the row has none)." : "."), until);
        }
        return new Validity(start, until);
    }

    /// <summary>A position, in WGS-84 whatever the file has; null without one.</summary>
    public GeoPoint? Position()
    {
        var gcj = Text("crs")?.ToUpperInvariant().Replace("-", "", StringComparison.Ordinal) switch
        {
            null or "WGS84" => false,
            "GCJ02" => true,
            _ => Wrong("crs", $"'{Shorten(values["crs"])}' is neither WGS84 nor GCJ02.", false),
        };
        if (!Has("lat") && !Has("lon"))
        {
            return null;
        }
        var at = new GeoPoint(
            RequiredNumber("lat", -90, 90, $"It goes with {nameOf("lon")}."),
            RequiredNumber("lon", -180, 180, $"It goes with {nameOf("lat")}."));
        return gcj ? Gcj02.ToWgs84(at) : at;
    }

    /// <summary>Notes what is wrong with a column and gives a value to go on with.</summary>
    public T Wrong<T>(string column, string problem, T goOnWith)
    {
        problems.Add(new ImportProblem(place, nameOf(column), problem));
        return goOnWith;
    }

    public T Missing<T>(string column, string why, T goOnWith) => Wrong(column, $"is missing. {why}", goOnWith);

    public string Missing(string column, string why) => Missing(column, why, "");

    private static string Write(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private Instant? Moment(string column, TimeZoneInfo zone) => !values.TryGetValue(column, out var text)
        ? null
        : LocalDays.Read(text, zone) ?? Wrong(
            column, $"'{Shorten(text)}' is neither a date (2026-05-01) nor a time with its offset (2026-05-01T08:00:00+08:00).",
            (Instant?)null);

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$(?!\n)")]
    private static partial Regex IdPattern();
}
