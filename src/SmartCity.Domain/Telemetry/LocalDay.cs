namespace SmartCity.Domain.Telemetry;

/// <summary>Local dates as moments, by the rules of a time zone.</summary>
public static class LocalDay
{
    /// <summary>The zone of the city: whose dates are meant where nobody names a zone.</summary>
    public const string CityZone = "Asia/Shanghai";

    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    /// <summary>The local date that a moment lies in.</summary>
    public static DateOnly Of(Instant at, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at.ToDateTimeOffset(), zone).DateTime);

    /// <summary>The first moment of a local date: midnight, of two the first; or, where the clocks skip it, the moment they
    /// jump.</summary>
    public static Instant StartOf(DateOnly date, TimeZoneInfo zone)
    {
        var local = date.ToDateTime(TimeOnly.MinValue);
        while (zone.IsInvalidTime(local))
        {
            local += Step;
        }
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        // Not DateTimeOffset: dates near the year 1 would not survive the subtraction of the offset.
        return new Instant((local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond);
    }
}
