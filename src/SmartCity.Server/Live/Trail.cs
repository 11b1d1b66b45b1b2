using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>
/// The latest records of one thing, in the order of <see cref="Stamp.Compare"/> whatever the order of arrival, and each once.
/// Bounded: a record that repeats the one before it goes first, then the oldest; the latest always stays.
/// </summary>
/// <param name="capacity">The most records that are kept.</param>
/// <param name="repeats">Whether the second record says nothing new after the first.</param>
internal sealed class Trail<T>(int capacity, Func<T, T, bool> repeats) where T : struct, ITelemetryRecord
{
    private readonly List<T> records = new(1);
    private bool cut;

    /// <summary>The records, oldest first.</summary>
    public IReadOnlyList<T> Records => records;

    /// <summary>Takes a record in; one that is here already changes nothing.</summary>
    public void Add(in T record)
    {
        var stamp = record.Stamp;
        var place = records.Count;
        while (place > 0)
        {
            var order = Stamp.Compare(records[place - 1].Stamp, stamp);
            if (order < 0)
            {
                break;
            }
            if (order == 0)
            {
                KeepEarlierReceived(place - 1, record);
                return;
            }
            place--;
        }
        records.Insert(place, record);
        if (records.Count > capacity)
        {
            Shorten();
        }
    }

    /// <summary>The record that holds at a moment; null before the first.</summary>
    public T? At(Instant at)
    {
        for (var i = records.Count - 1; i >= 0; i--)
        {
            if (records[i].Stamp.Time <= at)
            {
                return records[i];
            }
        }
        // A device whose clock runs ahead pushed out what held: its oldest word is nearer to the truth than none.
        return cut ? records[0] : null;
    }

    /// <summary>The first time of a record after a moment; never if there is none.</summary>
    public Instant NextAfter(Instant at)
    {
        var next = Instant.Max;
        for (var i = records.Count - 1; i >= 0 && records[i].Stamp.Time > at; i--)
        {
            next = records[i].Stamp.Time;
        }
        return next;
    }

    // The same place in the same message with other content: as with resends, the first to arrive is the one that counts.
    private void KeepEarlierReceived(int place, in T record)
    {
        if (record.Stamp.Received < records[place].Stamp.Received)
        {
            records[place] = record;
        }
    }

    private void Shorten()
    {
        for (var i = 1; i < records.Count - 1; i++)
        {
            if (repeats(records[i - 1], records[i]))
            {
                records.RemoveAt(i);
                return;
            }
        }
        records.RemoveAt(0);
        cut = true;
    }
}
