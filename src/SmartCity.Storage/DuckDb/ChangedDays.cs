using System.Collections.Concurrent;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>What trucks and points brought about each day (UTC): whoever remembers what he made of a day sees that there is more.
/// The one writer notes; any thread reads.</summary>
internal sealed class ChangedDays
{
    private const long DayMs = 86_400_000;

    private static long _opened;

    // Counts of one opening of the store say nothing about those of another.
    private readonly long _base = Interlocked.Increment(ref _opened) << 40;
    private readonly ConcurrentDictionary<long, (long Count, long Received)> _days = new();
    private readonly Dictionary<long, (long Count, long Received)> _uncommitted = [];

    public static ChangedDays Load(DuckDbConnection connection)
    {
        var changed = new ChangedDays();
        using var rows = connection.Query(
            $"SELECT h.time // {DayMs}, max(h.received) FROM heard h JOIN device d ON d.id = h.device "
            + $"WHERE d.kind <> {(byte)DeviceKind.Pile} GROUP BY ALL");
        while (rows.Next())
        {
            changed._days[rows.Int64()] = (0, rows.Int64());
        }
        return changed;
    }

    /// <summary>Takes in a message, within the transaction under way.</summary>
    public void Note<T>(TelemetryMessage<T> message) where T : struct, ITelemetryRecord
    {
        var last = long.MinValue;
        foreach (var record in message.Records)
        {
            if (record is ConnRecord { Online: false })
            {
                continue; // Word that a device is gone is not heard of it, and its time is that of the connection.
            }
            var day = record.Stamp.Time.Milliseconds / DayMs;
            if (day != last)
            {
                last = day;
                var (count, received) = _uncommitted.GetValueOrDefault(day, (0, long.MinValue));
                _uncommitted[day] = (count + 1, Math.Max(received, message.Received.Milliseconds));
            }
        }
    }

    /// <summary>The transaction is over.</summary>
    public void Committed()
    {
        foreach (var (day, added) in _uncommitted)
        {
            var (count, received) = _days.GetValueOrDefault(day, (0, long.MinValue));
            _days[day] = (count + added.Count, Math.Max(received, added.Received));
        }
        _uncommitted.Clear();
    }

    /// <summary>What there is about the days that [from, until) touches.</summary>
    public CollectionsChange Of(Instant from, Instant until)
    {
        var (revision, received) = (_base, long.MinValue);
        for (var day = from.Milliseconds / DayMs; day <= (until.Milliseconds - 1) / DayMs; day++)
        {
            if (_days.TryGetValue(day, out var found))
            {
                (revision, received) = (revision + found.Count, Math.Max(received, found.Received));
            }
        }
        return new CollectionsChange(revision, received == long.MinValue ? null : new Instant(received));
    }
}
