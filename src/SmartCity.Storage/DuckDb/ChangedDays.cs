using System.Collections.Concurrent;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Counts what came in about each day (UTC): whoever remembers what he made of a day sees that there is more. The one writer
/// notes; any thread reads.</summary>
internal sealed class ChangedDays
{
    private const long DayMs = 86_400_000;

    private static long _opened;

    // Counts of one opening of the store say nothing about those of another.
    private readonly long _base = Interlocked.Increment(ref _opened) << 40;
    private readonly ConcurrentDictionary<long, long> _counts = new();
    private readonly Dictionary<long, long> _uncommitted = [];

    /// <summary>Takes in a message, within the transaction under way.</summary>
    public void Note<T>(TelemetryMessage<T> message) where T : struct, ITelemetryRecord
    {
        var last = long.MinValue;
        foreach (var record in message.Records)
        {
            var day = Math.DivRem(record.Stamp.Time.Milliseconds, DayMs).Quotient;
            if (day != last)
            {
                _uncommitted[day] = _uncommitted.GetValueOrDefault(day) + 1;
                last = day;
            }
        }
    }

    /// <summary>The transaction is over.</summary>
    public void Committed()
    {
        foreach (var (day, count) in _uncommitted)
        {
            _counts.AddOrUpdate(day, count, (_, before) => before + count);
        }
        _uncommitted.Clear();
    }

    /// <summary>Another number than before when something came in about [from, until), or about the rest of its days.</summary>
    public long RevisionOf(Instant from, Instant until)
    {
        var revision = _base;
        for (var day = from.Milliseconds / DayMs; day <= (until.Milliseconds - 1) / DayMs; day++)
        {
            revision += _counts.GetValueOrDefault(day);
        }
        return revision;
    }
}
