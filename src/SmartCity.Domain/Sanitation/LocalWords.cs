using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Writes moments as people near the point read them on their clocks.</summary>
internal sealed class LocalWords(Obligation obligation)
{
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(obligation.Window.TimeZone);

    /// <summary>How long, as one says it.</summary>
    public static string Of(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => Text($"{span.TotalSeconds:0} s"),
        { TotalMinutes: < 120 } => Text($"{span.TotalMinutes:0} min"),
        _ => Text($"{(int)span.TotalHours} h {span.Minutes} min"),
    };

    /// <summary>The usual windows as people call them beside their keys.</summary>
    public static string NameOf(string windowKey) => windowKey switch
    {
        "MORNING" => "MORNING (早)",
        "NOON" => "NOON (中)",
        "EVENING" => "EVENING (晚)",
        _ => windowKey,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The time of day; with the date where it is not the service date.</summary>
    public string Of(Instant at)
    {
        var local = TimeZoneInfo.ConvertTime(at.ToDateTimeOffset(), zone);
        var format = DateOnly.FromDateTime(local.DateTime) == obligation.ServiceDate ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }
}
