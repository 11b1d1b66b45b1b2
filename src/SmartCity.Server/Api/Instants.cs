using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api;

/// <summary>Moments between the wire and the domain.</summary>
internal static class Instants
{
    private static readonly Instant First = Instant.From(DateTimeOffset.MinValue);
    private static readonly Instant Last = Instant.From(DateTimeOffset.MaxValue);

    /// <summary>A client's clock may be so much ahead of ours.</summary>
    public static readonly TimeSpan ClockDifferenceMax = TimeSpan.FromSeconds(10);

    /// <summary>The moment as the wire has it; a moment outside the years 1 to 9999 is the nearest one inside.</summary>
    public static Timestamp ToTimestamp(this Instant instant) =>
        Timestamp.FromDateTimeOffset(Instant.Later(First, Instant.Earlier(Last, instant)).ToDateTimeOffset());

    /// <summary>The moment as the wire has it; null stays absent.</summary>
    public static Timestamp? ToTimestamp(this Instant? instant) => instant?.ToTimestamp();

    /// <summary>The moment of a request's field, cut to the millisecond; null when it is absent.</summary>
    /// <param name="field">Path of the field in the request.</param>
    public static Instant? From(Timestamp? timestamp, string field)
    {
        if (timestamp is null)
        {
            return null;
        }
        if (timestamp.Nanos is < 0 or > 999_999_999 || timestamp.Seconds < First.Milliseconds / 1000
            || timestamp.Seconds > Last.Milliseconds / 1000)
        {
            throw new InvalidQueryException(field, "is not a moment between the years 1 and 9999.");
        }
        return new Instant((timestamp.Seconds * 1000) + (timestamp.Nanos / 1_000_000));
    }

    /// <summary>The knowledge time of a request: its <c>as_of</c>, and never later than now.</summary>
    /// <exception cref="InvalidQueryException">It lies in the future, by more than clocks differ.</exception>
    public static Instant AsOf(Timestamp? timestamp, Instant now)
    {
        var asOf = From(timestamp, "as_of") ?? now;
        return asOf > now + ClockDifferenceMax
            ? throw new InvalidQueryException(
                "as_of", $"{asOf} lies in the future; it is {now} here. Leave it out to be answered as of now.")
            : Instant.Earlier(asOf, now);
    }
}
