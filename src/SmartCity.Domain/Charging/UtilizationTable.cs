using System.Runtime.InteropServices;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>
/// Sums what piles did into (group, bucket). Filled pile by pile; flat arrays, because a month of a district is millions of
/// additions.
/// </summary>
/// <param name="groups">How many groups there are.</param>
/// <param name="buckets">How the period is cut.</param>
/// <param name="wholeCompounds">No group cuts through a compound; else saturation is known in total only.</param>
/// <param name="rules">The city's settings.</param>
public sealed class UtilizationTable(int groups, Buckets buckets, bool wholeCompounds, ChargingRules rules)
{
    internal const int Statuses = (int)PortStatus.Offline + 1;
    private const int Hours = 24;

    private readonly int rows = buckets.Rows.Count;
    private readonly long[] time = new long[groups * buckets.Rows.Count * Statuses];
    private readonly long[] occupied = new long[groups * buckets.Rows.Count * Hours];
    private readonly long[] seen = new long[groups * buckets.Rows.Count * Hours];
    private readonly long[] energy = new long[groups * buckets.Rows.Count];
    private readonly long[] sessions = new long[groups * buckets.Rows.Count];
    private readonly long[] suspects = new long[groups * buckets.Rows.Count];
    private readonly int[] ports = new int[groups * buckets.Rows.Count];
    private readonly int[] lastPort = new int[groups * buckets.Rows.Count];
    private readonly SaturationTable saturation = new(groups, buckets, wholeCompounds, rules.SeenPercentMin);
    private int portOrdinal;
    private int portsInAll;

    /// <summary>How the period is cut.</summary>
    public Buckets Buckets => buckets;

    /// <summary>Adds one pile.</summary>
    /// <param name="history">The pile.</param>
    /// <param name="of">Where its time counts.</param>
    /// <param name="segments">As <see cref="StatusTimeline.Write"/> gives them.</param>
    /// <param name="postings">Its energy; empty when that is not asked for. Those outside the period do not count.</param>
    /// <param name="started">Its sessions; likewise.</param>
    /// <param name="evaluation">Nothing later exists.</param>
    public void Add(
        PileHistory history, PileGroups of, List<StatusSegment> segments, List<EnergyPosting> postings,
        List<ChargingSession> started, Instant evaluation)
    {
        AddTime(of, segments);
        saturation.Add(history, of, segments);
        AddEnergy(history, of, postings);
        AddSessions(history, of, started, evaluation);
    }

    /// <summary>The figures of one group in one bucket.</summary>
    public UtilizationSums Row(int group, int bucket)
    {
        var row = (group * rows) + bucket;
        var sums = new UtilizationSums { Ports = ports[row] };
        AddRow(sums, row);
        saturation.Fill(sums, group, bucket);
        sums.PeakHour = Peak(occupied.AsSpan(row * Hours, Hours), seen.AsSpan(row * Hours, Hours));
        return sums;
    }

    /// <summary>The figures over all groups and buckets.</summary>
    public UtilizationSums Total()
    {
        var sums = new UtilizationSums { Ports = portsInAll };
        Span<long> occupiedAt = stackalloc long[Hours];
        Span<long> seenAt = stackalloc long[Hours];
        for (var row = 0; row < energy.Length; row++)
        {
            AddRow(sums, row);
            for (var hour = 0; hour < Hours; hour++)
            {
                occupiedAt[hour] += occupied[(row * Hours) + hour];
                seenAt[hour] += seen[(row * Hours) + hour];
            }
        }
        saturation.FillTotal(sums);
        sums.PeakHour = Peak(occupiedAt, seenAt);
        return sums;
    }

    private void AddRow(UtilizationSums sums, int row)
    {
        sums.Add(time.AsSpan(row * Statuses, Statuses));
        sums.EnergyMicroWh += energy[row];
        sums.Sessions += sessions[row];
        sums.Suspects += suspects[row];
    }

    private void AddTime(PileGroups of, List<StatusSegment> segments)
    {
        var port = 0;
        var counted = false;
        foreach (ref readonly var segment in CollectionsMarshal.AsSpan(segments))
        {
            var group = of.Of(segment.Version, segment.Port);
            if (segment.Port != port)
            {
                port = segment.Port;
                portOrdinal++;
                counted = false;
            }
            if (group < 0)
            {
                continue;
            }
            portsInAll += counted ? 0 : 1;
            counted = true;
            AddSegment(segment, group * rows);
        }
    }

    private void AddSegment(in StatusSegment segment, int firstRow)
    {
        var edges = buckets.Edges;
        var rowOf = buckets.RowOf;
        var hourOf = buckets.HourOf;
        var status = (int)segment.Status;
        var isSeen = segment.Status is not (PortStatus.Unknown or PortStatus.Offline);
        var isOccupied = segment.Status is >= PortStatus.Plugged and <= PortStatus.FinishedPlugged;
        var until = segment.Until.Milliseconds;
        var cell = buckets.CellAt(segment.From);
        for (var from = segment.From.Milliseconds; from < until; cell++)
        {
            var end = Math.Min(edges[cell + 1], until);
            var span = end - from;
            var row = firstRow + rowOf[cell];
            time[(row * Statuses) + status] += span;
            seen[(row * Hours) + hourOf[cell]] += isSeen ? span : 0;
            occupied[(row * Hours) + hourOf[cell]] += isOccupied ? span : 0;
            if (lastPort[row] != portOrdinal)
            {
                lastPort[row] = portOrdinal;
                ports[row]++;
            }
            from = end;
        }
    }

    private void AddEnergy(PileHistory history, PileGroups of, List<EnergyPosting> postings)
    {
        var version = -1;
        var (from, until, bucket) = (Instant.Max, Instant.Min, -1);
        foreach (ref readonly var posting in CollectionsMarshal.AsSpan(postings))
        {
            // In time order, the next one is nearly always in the same hour and version.
            if (posting.At < from || posting.At >= until)
            {
                var cell = buckets.CellAt(posting.At);
                (from, until) = cell < 0 ? (Instant.Max, Instant.Min) : (new(buckets.Edges[cell]), new(buckets.Edges[cell + 1]));
                bucket = cell < 0 ? -1 : buckets.RowOf[cell];
            }
            if (version < 0 || !history.Versions[version].Validity.Contains(posting.At))
            {
                version = history.VersionAt(posting.At);
            }
            var group = history.HasPort(version, posting.Port) ? of.Of(version, posting.Port) : -1;
            if (group >= 0 && bucket >= 0)
            {
                energy[(group * rows) + bucket] += posting.MicroWh;
                suspects[(group * rows) + bucket] += posting.Suspects;
            }
        }
    }

    private void AddSessions(PileHistory history, PileGroups of, List<ChargingSession> started, Instant evaluation)
    {
        foreach (var session in started)
        {
            if (session.Start <= evaluation && RowOf(history, of, session.Port, session.Start) is >= 0 and var row)
            {
                sessions[row]++;
            }
        }
    }

    /// <summary>The row in which a moment of a port counts; -1 outside the period, the scope or commissioned time.</summary>
    private int RowOf(PileHistory history, PileGroups of, int port, Instant at)
    {
        var version = history.VersionAt(at);
        var bucket = buckets.RowAt(at);
        var group = history.HasPort(version, port) ? of.Of(version, port) : -1;
        return group < 0 || bucket < 0 ? -1 : (group * rows) + bucket;
    }

    private static int? Peak(ReadOnlySpan<long> occupied, ReadOnlySpan<long> seen)
    {
        int? peak = null;
        for (var hour = 0; hour < Hours; hour++)
        {
            // Fractions are compared crosswise: whole numbers know what a tie is.
            if (seen[hour] > 0 && (peak is not { } best
                || (Int128)occupied[hour] * seen[best] > (Int128)occupied[best] * seen[hour]))
            {
                peak = hour;
            }
        }
        return peak;
    }
}
