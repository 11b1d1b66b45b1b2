using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Turns service dates and wall-clock times into moments, by the rules of a time zone.</summary>
public static class ServiceClock
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    /// <summary>The service date that a moment belongs to.</summary>
    public static DateOnly DateOf(Instant at, TimeZoneInfo zone, TimeOnly serviceDayStart)
    {
        var local = TimeZoneInfo.ConvertTime(at.ToDateTimeOffset(), zone).DateTime;
        return DateOnly.FromDateTime(local - serviceDayStart.ToTimeSpan());
    }

    /// <summary>A window's start and end on a service date. A window is never shortened by clocks that go back.</summary>
    public static (Instant Start, Instant End) Of(
        CollectionWindow window, DateOnly serviceDate, TimeZoneInfo zone, TimeOnly serviceDayStart)
    {
        var startDate = window.Start < serviceDayStart ? serviceDate.AddDays(1) : serviceDate;
        var endDate = window.End <= window.Start ? startDate.AddDays(1) : startDate;
        return (Earlier(startDate.ToDateTime(window.Start), zone), Later(endDate.ToDateTime(window.End), zone));
    }

    private static Instant Earlier(DateTime local, TimeZoneInfo zone) =>
        At(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : OffsetOf(local, zone));

    private static Instant Later(DateTime local, TimeZoneInfo zone) =>
        At(local, zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Min() : OffsetOf(local, zone));

    private static TimeSpan OffsetOf(DateTime local, TimeZoneInfo zone)
    {
        // A time that the clocks skip is read with the offset before the jump, which moves it forward by the gap.
        var valid = local;
        while (zone.IsInvalidTime(valid))
        {
            valid -= Step;
        }
        return zone.GetUtcOffset(valid);
    }

    // Not DateTimeOffset: dates near the year 1 would not survive the subtraction of the offset.
    private static Instant At(DateTime local, TimeSpan offset) =>
        new((local.Ticks - DateTime.UnixEpoch.Ticks - offset.Ticks) / TimeSpan.TicksPerMillisecond);
}
