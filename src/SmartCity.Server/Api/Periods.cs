using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api;

/// <summary>Periods of requests.</summary>
internal static class Periods
{
    /// <summary>The longest period one request may ask about.</summary>
    public static readonly TimeSpan LengthMax = TimeSpan.FromDays(1_100);

    private const int DefaultDays = 7;

    /// <summary>The period of a request, [From, Until); without bounds the last seven local days, that of `until` included.</summary>
    /// <exception cref="InvalidQueryException">The zone is unknown, or the period is empty or too long.</exception>
    public static (Instant From, Instant Until, TimeZoneInfo Zone) From(Period? period, Instant now)
    {
        var zone = ZoneOf(period?.TimeZone);
        var until = Instants.From(period?.Until, "period.until") ?? now;
        var from = Instants.From(period?.From, "period.from") ?? DefaultFrom(until, zone);
        if (from >= until)
        {
            throw new InvalidQueryException(
                "period", $"is empty: from {from} is not before until {until}. The first instant is inside, the last is not.");
        }
        return until - from > LengthMax
            ? throw new InvalidQueryException("period", $"is longer than {LengthMax.TotalDays:0} days. Ask in several parts.")
            : (from, until, zone);
    }

    /// <summary>A period as the wire has it.</summary>
    public static Period Of(Instant from, Instant until, TimeZoneInfo zone) =>
        new() { From = from.ToTimestamp(), Until = until.ToTimestamp(), TimeZone = zone.Id };

    /// <summary>The zone with an IANA name; without a name Asia/Shanghai.</summary>
    /// <exception cref="InvalidQueryException">There is no such zone.</exception>
    public static TimeZoneInfo ZoneOf(string? name)
    {
        var id = string.IsNullOrEmpty(name) ? LocalDay.CityZone : name;
        // The system also takes Windows names, which other clients of the same data would not understand.
        return id.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId
            ? zone
            : throw new InvalidQueryException(
                "period.time_zone",
                $"'{Shorten(id)}' is not a time zone known here. Give an IANA name, for example '{LocalDay.CityZone}'.");
    }

    private static Instant DefaultFrom(Instant until, TimeZoneInfo zone)
    {
        // The last moment inside tells the last day: a period until midnight has nothing of the day that begins then.
        var date = LocalDay.Of(until - TimeSpan.FromMilliseconds(1), zone);
        return LocalDay.StartOf(date.AddDays(-Math.Min(DefaultDays - 1, date.DayNumber)), zone);
    }

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "...";
}
