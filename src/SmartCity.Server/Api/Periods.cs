using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api;

/// <summary>Periods of requests.</summary>
internal static class Periods
{
    /// <summary>The zone whose calendar counts when a request names none.</summary>
    public const string DefaultZone = "Asia/Shanghai";

    /// <summary>The longest period one request may ask about.</summary>
    public static readonly TimeSpan LengthMax = TimeSpan.FromDays(1_100);

    private const int DefaultDays = 7;

    /// <summary>The period of a request, [From, Until); without bounds the seven local days before today, and today.</summary>
    /// <exception cref="InvalidQueryException">The zone is unknown, or the period is empty or too long.</exception>
    public static (Instant From, Instant Until, TimeZoneInfo Zone) From(Period? period, Instant now)
    {
        var zone = ZoneOf(period?.TimeZone);
        var until = Instants.From(period?.Until, "period.until") ?? now;
        var from = Instants.From(period?.From, "period.from") ?? Midnight(until, -DefaultDays, zone);
        if (from >= until)
        {
            throw new InvalidQueryException(
                "period", $"is empty: from {from} is not before until {until}. The first instant is inside, the last is not.");
        }
        return until - from > LengthMax
            ? throw new InvalidQueryException("period", $"is longer than {LengthMax.TotalDays:0} days. Ask in several parts.")
            : (from, until, zone);
    }

    /// <summary>The zone with an IANA name; without a name Asia/Shanghai.</summary>
    /// <exception cref="InvalidQueryException">There is no such zone.</exception>
    public static TimeZoneInfo ZoneOf(string? name)
    {
        var id = string.IsNullOrEmpty(name) ? DefaultZone : name;
        // The system also takes Windows names, which other clients of the same data would not understand.
        return id.Length <= 64 && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) && zone.HasIanaId
            ? zone
            : throw new InvalidQueryException(
                "period.time_zone",
                $"'{Shorten(id)}' is not a time zone known here. Give an IANA name, for example '{DefaultZone}'.");
    }

    /// <summary>The first instant of the local day <paramref name="days"/> after that of an instant.</summary>
    public static Instant Midnight(Instant at, int days, TimeZoneInfo zone)
    {
        var date = TimeZoneInfo.ConvertTime(at.ToDateTimeOffset(), zone).Date.AddDays(days);
        if (zone.IsInvalidTime(date))
        {
            // A day may begin at 01:00; its first instant is where the clocks jump, which the offset before the jump gives.
            return Instant.From(new DateTimeOffset(date, zone.GetUtcOffset(date.AddHours(-3))));
        }
        // Clocks that go back at midnight make it happen twice: the earlier one, with the larger offset.
        var offset = zone.IsAmbiguousTime(date) ? zone.GetAmbiguousTimeOffsets(date).Max() : zone.GetUtcOffset(date);
        return Instant.From(new DateTimeOffset(date, offset));
    }

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "...";
}
