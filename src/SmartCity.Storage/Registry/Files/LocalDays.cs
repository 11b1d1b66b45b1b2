using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Files;

/// <summary>Moments as people write them in a file: a date, which is its local midnight, or a time with its offset.</summary>
internal static class LocalDays
{
    private const string DateFormat = "yyyy-MM-dd";

    private static readonly string[] TimeFormats =
    [
        "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mmK", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>The zone of the city.</summary>
    public static TimeZoneInfo City { get; } = TimeZoneInfo.FindSystemTimeZoneById(LocalDay.CityZone);

    /// <summary>The first moment of the day that a moment lies in.</summary>
    public static Instant StartOfDay(Instant at, TimeZoneInfo zone) =>
        LocalDay.StartOf(LocalDay.Of(at, zone), zone);

    /// <summary>Whether a moment is the first one of a day.</summary>
    public static bool IsStartOfDay(Instant at, TimeZoneInfo zone) => StartOfDay(at, zone) == at;

    /// <summary>The moment a text names; null when it names none.</summary>
    public static Instant? Read(string text, TimeZoneInfo zone)
    {
        if (DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            return LocalDay.StartOf(date, zone);
        }
        // A time without an offset would mean another moment on every machine.
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-');
        return hasOffset && DateTimeOffset.TryParseExact(
            text, TimeFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? Instant.From(time) : null;
    }

    /// <summary>The shortest text that <see cref="Read"/> reads as this moment.</summary>
    public static string Write(Instant at, TimeZoneInfo zone) =>
        IsStartOfDay(at, zone) ? LocalDay.Of(at, zone).ToString(DateFormat, CultureInfo.InvariantCulture) : at.ToString();
}
