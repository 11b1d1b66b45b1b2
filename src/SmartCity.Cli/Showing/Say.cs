using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace SmartCity.Cli.Showing;

/// <summary>Figures as people read them. What is absent is a dash, never 0.</summary>
internal static class Say
{
    public const string Absent = "-";

    public static string Percent(double? ratio) =>
        ratio is { } value ? (value * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %" : Absent;

    public static string Number(double? value, int decimals = 1) =>
        value is { } number ? number.ToString("N" + decimals, CultureInfo.InvariantCulture) : Absent;

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Hours(double seconds) => Number(seconds / 3600);

    public static string Kwh(double wh) => Number(wh / 1000, 2);

    /// <summary>Local date and time to the second.</summary>
    public static string Time(Timestamp? time, TimeZoneInfo zone) =>
        time is null ? Absent : Local(time, zone, "yyyy-MM-dd HH:mm:ss");

    /// <summary>Local time of the day to the second.</summary>
    public static string Clock(Timestamp? time, TimeZoneInfo zone) => time is null ? Absent : Local(time, zone, "HH:mm:ss");

    /// <summary>Local time of the day to the minute.</summary>
    public static string Minute(Timestamp? time, TimeZoneInfo zone) => time is null ? Absent : Local(time, zone, "HH:mm");

    /// <summary>The two leading units: <c>2 d 03 h</c>, <c>1 h 05 min</c>, <c>4 min 10 s</c>, <c>35 s</c>.</summary>
    public static string Span(double? seconds)
    {
        if (seconds is not { } value)
        {
            return Absent;
        }
        var sign = value < 0 ? "-" : "";
        var span = TimeSpan.FromSeconds(Math.Round(Math.Abs(value)));
        var text = span switch
        {
            { TotalDays: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours:00} h"),
            { TotalHours: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Hours} h {span.Minutes:00} min"),
            { TotalMinutes: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.Minutes} min {span.Seconds:00} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{span.Seconds} s"),
        };
        return sign + text;
    }

    public static string Text(string text) => text.Length == 0 ? Absent : text;

    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => $"{bytes} B",
        < 1 << 20 => $"{Number(bytes / 1024.0)} KiB",
        < 1 << 30 => $"{Number(bytes / (1024.0 * 1024))} MiB",
        _ => $"{Number(bytes / (1024.0 * 1024 * 1024))} GiB",
    };

    private static string Local(Timestamp time, TimeZoneInfo zone, string form) =>
        TimeZoneInfo.ConvertTime(time.ToDateTimeOffset(), zone).ToString(form, CultureInfo.InvariantCulture);
}
