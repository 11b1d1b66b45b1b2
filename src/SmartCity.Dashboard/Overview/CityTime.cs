using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace SmartCity.Dashboard.Overview;

/// <summary>How the pages write times, ratios and spans.</summary>
internal static class CityTime
{
    /// <summary>The city's clock.</summary>
    public static TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    /// <summary>Local date and minute, or a dash.</summary>
    public static string Minute(Timestamp? time) =>
        time is null ? "–" : Local(time).ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Local time of the day, or a dash.</summary>
    public static string Clock(Timestamp? time) => time is null ? "–" : Local(time).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Local date with weekday, or a dash.</summary>
    public static string Day(Timestamp? time) =>
        time is null ? "–" : Local(time).ToString("ddd MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A ratio in percent, or a dash when there is none.</summary>
    public static string Percent(bool has, double ratio) =>
        has ? (ratio * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "–";

    /// <summary>Seconds as days, hours and minutes.</summary>
    public static string Span(double seconds)
    {
        var span = TimeSpan.FromSeconds(seconds);
        return span.TotalDays >= 1 ? $"{(int)span.TotalDays} d {span.Hours} h"
            : span.TotalHours >= 1 ? $"{(int)span.TotalHours} h {span.Minutes} min" : $"{(int)span.TotalMinutes} min";
    }

    private static DateTimeOffset Local(Timestamp time) => TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), Zone);
}
