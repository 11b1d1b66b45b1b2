using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace SmartCity.Cli.Asking;

/// <summary>Times, dates and spans as people type them.</summary>
internal static class Moments
{
    private const string DateForm = "yyyy-MM-dd";

    private static readonly string[] LocalForms =
        [DateForm, "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];

    private static readonly string[] InstantForms =
        ["yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    // What lies a longest span, a day or a zone's offset beside these years is still a moment that can be computed with.
    private const int YearMin = 1900;
    private const int YearMax = 9998;

    private static readonly TimeSpan SpanMax = TimeSpan.FromDays(36_500);

    private static readonly string[] ClockForms = ["HH:mm", "HH:mm:ss"];

    /// <summary>An instant (<c>2026-11-22T08:00:00Z</c>, any offset), or a date or time in <paramref name="zone"/>.</summary>
    public static DateTimeOffset Instant(string option, string text, TimeZoneInfo zone)
    {
        var culture = CultureInfo.InvariantCulture;
        if (DateTime.TryParseExact(text, LocalForms, culture, DateTimeStyles.None, out var local))
        {
            CheckReach(option, text, local.Year);
            return new DateTimeOffset(local, Offset(local, zone));
        }
        if (DateTimeOffset.TryParseExact(text, InstantForms, culture, DateTimeStyles.None, out var instant))
        {
            CheckReach(option, text, instant.Year);
            return instant;
        }
        throw new UsageException($"{option}: '{text}' is no time. Write 2026-11-22, 2026-11-22T08:00 or 2026-11-22T00:00:00Z.");
    }

    /// <summary>The local date of a moment, as the API takes it.</summary>
    public static string DateOf(DateTimeOffset instant, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(instant, zone).ToString(DateForm, CultureInfo.InvariantCulture);

    /// <summary>The same, or a time of day: the last one that is not after <paramref name="now"/>.</summary>
    public static DateTimeOffset Past(string option, string text, TimeZoneInfo zone, DateTimeOffset now)
    {
        if (!TimeOnly.TryParseExact(text, ClockForms, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            return text.Length < DateForm.Length
                ? throw new UsageException($"{option}: '{text}' is no time. Write 02:13, 2026-11-22T02:13 or 2026-11-22T02:13:00Z.")
                : Instant(option, text, zone);
        }
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var moment = On(today);
        return moment <= now ? moment : On(today.AddDays(-1));

        DateTimeOffset On(DateOnly date) => new(date.ToDateTime(time), Offset(date.ToDateTime(time), zone));
    }

    /// <summary>A date as the API takes it.</summary>
    public static string Date(string option, string text)
    {
        if (!DateOnly.TryParseExact(text, DateForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            throw new UsageException($"{option}: '{text}' is no date. Write 2026-11-22.");
        }
        CheckReach(option, text, date.Year);
        return text;
    }

    /// <summary>A date so many days before another, as the API takes it.</summary>
    public static string DaysBefore(string date, int days) => DateOnly
        .ParseExact(date, DateForm, CultureInfo.InvariantCulture).AddDays(-days).ToString(DateForm, CultureInfo.InvariantCulture);

    /// <summary>A span: <c>30m</c>, <c>24h</c>, <c>7d</c>, <c>2w</c>.</summary>
    public static TimeSpan Span(string option, string text)
    {
        var unit = text.Length > 1 ? text[^1] : ' ';
        var minutes = unit switch { 'm' => 1, 'h' => 60, 'd' => 1440, 'w' => 10_080, _ => 0 };
        return minutes > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0 && (long)count * minutes <= (long)SpanMax.TotalMinutes
            ? TimeSpan.FromMinutes((long)count * minutes)
            : throw new UsageException($"{option}: '{text}' is no span of at most {SpanMax.TotalDays:0} days. Write 30m, 24h, 7d or 2w.");
    }

    /// <summary>A span of whole days: <c>7d</c>, <c>2w</c>.</summary>
    public static int Days(string option, string text) => text is [.., 'd' or 'w']
        ? (int)Span(option, text).TotalDays
        : throw new UsageException($"{option}: '{text}' is not whole days. Write 7d or 2w.");

    public static TimeZoneInfo Zone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone)
        ? zone
        : throw new UsageException($"--time-zone: '{id}' is not known here. Write an IANA name, as Asia/Shanghai.");

    public static Timestamp ToTimestamp(this DateTimeOffset instant) => Timestamp.FromDateTimeOffset(instant);

    private static void CheckReach(string option, string text, int year)
    {
        if (year is < YearMin or > YearMax)
        {
            throw new UsageException($"{option}: '{text}' is out of reach. Write a year from {YearMin} to {YearMax}.");
        }
    }

    // Of a doubled hour the first; a skipped one counts on from before the gap.
    private static TimeSpan Offset(DateTime local, TimeZoneInfo zone) => zone.IsAmbiguousTime(local)
        ? zone.GetAmbiguousTimeOffsets(local).Max()
        : zone.IsInvalidTime(local) ? zone.GetUtcOffset(local.AddDays(-1)) : zone.GetUtcOffset(local);
}
