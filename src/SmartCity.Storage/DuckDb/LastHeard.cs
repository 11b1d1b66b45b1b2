using System.Collections.Concurrent;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;

namespace SmartCity.Storage.DuckDb;

/// <summary>When each device was heard last. Who is silent is asked with every answer, and a device that is silent for
/// long would be looked for through all years. The one writer notes; any thread reads.</summary>
internal sealed class LastHeard
{
    private readonly ConcurrentDictionary<int, long> _times = new();
    private readonly Dictionary<int, long> _uncommitted = [];
    private long _uncommittedReceived = long.MinValue;
    private long _received = long.MinValue;

    public static LastHeard Load(DuckDbConnection connection)
    {
        var last = new LastHeard();
        using var rows = connection.Query("SELECT device, max(time), max(received) FROM heard GROUP BY device");
        while (rows.Next())
        {
            last._times[rows.Int32()] = rows.Int64();
            last._received = Math.Max(last._received, rows.Int64());
        }
        return last;
    }

    /// <summary>A device was heard, within the transaction under way.</summary>
    public void Note(int device, Stamp stamp)
    {
        _uncommitted[device] = Math.Max(stamp.Time.Milliseconds, _uncommitted.GetValueOrDefault(device, long.MinValue));
        _uncommittedReceived = Math.Max(_uncommittedReceived, stamp.Received.Milliseconds);
    }

    /// <summary>The transaction is over.</summary>
    public void Committed()
    {
        // First, as Before looks at it last: nobody is told what he could not know yet.
        Interlocked.Exchange(ref _received, Math.Max(_received, _uncommittedReceived));
        foreach (var (device, time) in _uncommitted)
        {
            _times[device] = Math.Max(time, _times.GetValueOrDefault(device, long.MinValue));
        }
        _uncommitted.Clear();
    }

    /// <summary>The devices last heard before a moment, and when. None when less was known then than is now: the store has
    /// to be asked.</summary>
    public IReadOnlyList<(int Device, long Time)> Before(Instant moment, Instant knownAt)
    {
        List<(int, long)> times = [.. _times.Where(pair => pair.Value < moment.Milliseconds).Select(pair => (pair.Key, pair.Value))];
        return knownAt.Milliseconds < Interlocked.Read(ref _received) ? [] : times;
    }
}
