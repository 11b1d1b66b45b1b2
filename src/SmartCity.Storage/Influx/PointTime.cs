using System.IO.Hashing;
using System.Runtime.InteropServices;
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
    private const int NsPerMs = 1_000_000;
    private const long MessagesApart = 2_000;
    private const long IndexesApart = 500;

    // What InfluxDB can date: 1677 to 2262.
    private const long FirstMs = (long.MinValue / NsPerMs) + 1;
    private const long LastMs = (long.MaxValue / NsPerMs) - 1;

    /// <summary>Of a record. All records that a device sends in 2,000 messages, up to 500 in each, have places of their own within one
    /// power-up; where those of another begin is a hash of its name, and the place of a record without a number is its own hash. A message
    /// whose number was another's before would lie upon that one: it is moved by its hash. Two records of one series at the same
    /// millisecond that are none of these share a place once in a million.</summary>
    public static long Of(in Stamp stamp, TelemetryMessage message)
    {
        var place = message.Sequence is null
            ? (long)((ulong)stamp.Sequence % NsPerMs)
            : (Modulo(stamp.Sequence, MessagesApart) * IndexesApart) + (stamp.Index % IndexesApart);
        var moved = message.IsConflict ? message.Hash % NsPerMs : 0;
        return At(stamp.Time, (long)(((ulong)place + moved + BeginOf(message.Boot)) % NsPerMs));
    }

    /// <summary>Of a message, which lies where it was received.</summary>
    public static long Of(TelemetryMessage message)
    {
        var place = message.Sequence is { } number
            ? (ulong)(Modulo(number, MessagesApart) * IndexesApart) + (message.IsConflict ? message.Hash % NsPerMs : 0)
            : message.Hash % NsPerMs;
        // Records of one message that were set aside may come back one by one.
        var replayed = message.OnlyRecord is { } index ? (ulong)index + 1 : 0;
        return At(message.Received, (long)((place + replayed + BeginOf(message.Boot)) % NsPerMs));
    }

    /// <summary>The millisecond of a point.</summary>
    public static Instant InstantOf(long ns) => new((ns - Modulo(ns, NsPerMs)) / NsPerMs);

    private static long At(Instant moment, long place) => moment.Milliseconds is >= FirstMs and < LastMs
        ? (moment.Milliseconds * NsPerMs) + place
        : throw new StoreRefusedException($"InfluxDB keeps nothing of {moment.Milliseconds} ms: only 1677 to 2262 can be dated.");

    private static ulong BeginOf(string boot) =>
        boot.Length == 0 ? 0 : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(boot.AsSpan())) % NsPerMs;

    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}
