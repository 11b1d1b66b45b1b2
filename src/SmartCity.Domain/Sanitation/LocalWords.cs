using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Writes moments as people near the point read them on their clocks.</summary>
internal sealed class LocalWords(Obligation obligation)
{
    private readonly TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(obligation.Window.TimeZone);

    /// <summary>The time of day; with the date where it is not the service date.</summary>
    public string Of(Instant at)
    {
        var local = TimeZoneInfo.ConvertTime(at.ToDateTimeOffset(), zone);
        var format = DateOnly.FromDateTime(local.DateTime) == obligation.ServiceDate ? "HH:mm:ss" : "yyyy-MM-dd HH:mm:ss";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }
}
