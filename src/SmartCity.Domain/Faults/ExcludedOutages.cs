using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>Sums the time that ports were down while maintenance was declared into (group, bucket), in ms of ports. Buckets must
/// not be folded.</summary>
/// <param name="groups">How many groups there are.</param>
/// <param name="buckets">How the period is cut.</param>
public sealed class ExcludedOutages(int groups, Buckets buckets)
{
    private readonly int rows = buckets.Rows.Count;
    private readonly long[] time = new long[groups * buckets.Rows.Count];

    /// <summary>Adds one pile.</summary>
    /// <param name="of">Where its time counts.</param>
    /// <param name="segments">As <see cref="StatusTimeline.Write"/> gives them.</param>
    /// <param name="maintenance">Oldest first, without overlaps.</param>
    public void Add(PileGroups of, IReadOnlyList<StatusSegment> segments, IReadOnlyList<(Instant From, Instant Until)> maintenance)
    {
        if (maintenance.Count == 0)
        {
            return;
        }
        foreach (var segment in segments)
        {
            if (segment.Status is PortStatus.Offline or PortStatus.Unavailable or PortStatus.Faulted
                && of.Of(segment.Version, segment.Port) is >= 0 and var group)
            {
                foreach (var (from, until) in maintenance)
                {
                    Add(group * rows, Instant.Later(from, segment.From), Instant.Earlier(until, segment.Until));
                }
            }
        }
    }

    /// <summary>The time of one group in one bucket.</summary>
    public long Row(int group, int bucket) => time[(group * rows) + bucket];

    /// <summary>The time of all groups and buckets.</summary>
    public long Total() => time.Sum();

    private void Add(int firstRow, Instant from, Instant until)
    {
        if (from >= until)
        {
            return;
        }
        for (var row = Math.Max(buckets.RowAt(from), 0); row < rows && buckets.Rows[row].From < until; row++)
        {
            var span = Instant.Earlier(until, buckets.Rows[row].Until) - Instant.Later(from, buckets.Rows[row].From);
            time[firstRow + row] += Math.Max(0, (long)span.TotalMilliseconds);
        }
    }
}
