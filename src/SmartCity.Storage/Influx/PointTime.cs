using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>
/// When a point lies in InfluxDB, in ns: the record's millisecond, and within it a place of its own. Two points of one series at the
/// same ns would be one. The place follows from power-up, message and place in the message alone, so a point that is written again
/// overwrites itself.
/// </summary>
internal static class PointTime
{
    private const long NsPerMs = 1_000_000;
    private const long MessagesApart = 2_000;
    private const long IndexesApart = 500;

    // What InfluxDB can date: 1677 to 2262.
    private const long FirstMs = (long.MinValue / NsPerMs) + 1;
    private const long LastMs = (long.MaxValue / NsPerMs) - 1;

    /// <summary>Of a record. One device's messages of one power-up have places of their own as long as fewer than 2,000 lie between
    /// them, their records as long as there are not more than 500. A record without a number has its hash instead; and one of a
    /// message whose number was another's before, which would lie upon that one's, the hash of its message.</summary>
    public static long Of(in Stamp stamp, TelemetryMessage message)
    {
        var place = (Modulo(stamp.Sequence + stamp.BootReceived.Milliseconds, MessagesApart) * IndexesApart)
            + (stamp.Index % IndexesApart);
        return At(stamp.Time, stamp switch
        {
            { BootReceived.Milliseconds: 0 } => (long)((ulong)stamp.Sequence % NsPerMs),
            _ when message.IsConflict => Modulo((long)(message.Hash % NsPerMs) + place, NsPerMs),
            _ => place,
        });
    }

    /// <summary>Of a message, which lies where it was received.</summary>
    public static long Of(TelemetryMessage message) => At(
        message.Received, (Modulo(message.Sequence ?? 0, 1_000) * 1_000) + (long)(message.Hash % 1_000));

    /// <summary>The millisecond of a point.</summary>
    public static Instant InstantOf(long ns) => new((ns - Modulo(ns, NsPerMs)) / NsPerMs);

    private static long At(Instant moment, long place) => moment.Milliseconds is >= FirstMs and < LastMs
        ? (moment.Milliseconds * NsPerMs) + place
        : throw new StoreRefusedException($"InfluxDB keeps nothing of {moment.Milliseconds} ms: only 1677 to 2262 can be dated.");

    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}
