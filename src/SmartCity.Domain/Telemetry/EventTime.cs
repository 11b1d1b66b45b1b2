namespace SmartCity.Domain.Telemetry;

/// <summary>Decides when a record happened, given two clocks of which one may lie.</summary>
public static class EventTime
{
    /// <summary>Device times before this are refused.</summary>
    public static readonly Instant Oldest = Instant.From(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>How far ahead of our clock a device may be; exactly this is fine.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(5);

    /// <summary>The longest a record may have waited in a device whose clock is refused.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromDays(90);

    /// <summary>The event time of a record, and what to mark on it.</summary>
    /// <param name="time">When the device says it measured.</param>
    /// <param name="sentAt">When the device says it sent, by the same clock.</param>
    /// <param name="received">When the message came in.</param>
    public static (Instant Time, StampFlags Flags) Of(Instant time, Instant? sentAt, Instant received)
    {
        if (time >= Oldest && time <= received + AheadMax)
        {
            return (time, StampFlags.None);
        }
        // A wrong clock still measures spans: the record is as old as it was when it was sent.
        if (sentAt is { } sent && sent >= time && sent <= time + WaitMax) // Their difference may not fit in any number.
        {
            return (received - (sent - time), StampFlags.ClockRefused);
        }
        return (received, StampFlags.ClockRefused | StampFlags.Undatable);
    }
}
