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

    /// <summary>Of a record. All records that a device sends in 2,000 messages, up to 500 in each, have places of their own within one
    /// power-up; where those of another begin is a hash, and so is the place of a record without a number. A message whose number was
    /// another's before would lie upon that one: it is moved by its own hash. Two records of one series at the same millisecond that
    /// are none of these share a place once in a million.</summary>
    public static long Of(in Stamp stamp, TelemetryMessage message)
    {
        var begin = stamp.BootReceived == default ? 0 : Mixed(stamp.BootReceived.Milliseconds);
        var place = stamp.BootReceived == default
            ? (long)((ulong)stamp.Sequence % NsPerMs)
            : (Modulo(stamp.Sequence, MessagesApart) * IndexesApart) + (stamp.Index % IndexesApart);
        var moved = message.IsConflict ? (long)(message.Hash % NsPerMs) : 0;
        return At(stamp.Time, Modulo(begin + place + moved, NsPerMs));
    }

    /// <summary>Of a message, which lies where it was received.</summary>
    public static long Of(TelemetryMessage message) => At(
        message.Received, (Modulo(message.Sequence ?? 0, 1_000) * 1_000) + (long)(message.Hash % 1_000));

    /// <summary>The millisecond of a point.</summary>
    public static Instant InstantOf(long ns) => new((ns - Modulo(ns, NsPerMs)) / NsPerMs);

    private static long At(Instant moment, long place) => moment.Milliseconds is >= FirstMs and < LastMs
        ? (moment.Milliseconds * NsPerMs) + place
        : throw new StoreRefusedException($"InfluxDB keeps nothing of {moment.Milliseconds} ms: only 1677 to 2262 can be dated.");

    private static long Mixed(long value) => (long)((((ulong)value * 0x9E37_79B9_7F4A_7C15) >> 32) % NsPerMs);

    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}
