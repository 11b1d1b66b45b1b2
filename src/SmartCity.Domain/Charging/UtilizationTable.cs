using System.Numerics;
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
    private const int Hours = PileDay.Hours;

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
        Add(history, of, [], segments, postings, started, evaluation);
    }

    /// <summary>Adds one pile of which some days are summed already; <see cref="AddCompoundDay"/> brings what is known of
    /// their saturation.</summary>
    /// <param name="history">The pile.</param>
    /// <param name="of">Where its time counts.</param>
    /// <param name="days">Local days, each in one row, by time.</param>
    /// <param name="segments">What lies outside these days; likewise the postings and sessions.</param>
    /// <param name="postings">Its energy.</param>
    /// <param name="started">Its sessions.</param>
    /// <param name="evaluation">Nothing later exists.</param>
    public void Add(
        PileHistory history, PileGroups of, ReadOnlySpan<(int Row, PileDay Day)> days, List<StatusSegment> segments,
        List<EnergyPosting> postings, List<ChargingSession> started, Instant evaluation)
    {
        AddTime(of, days, segments);
        saturation.Add(history, of, segments);
        AddEnergy(history, of, postings);
        AddSessions(history, of, started, evaluation);
    }

    /// <summary>Adds what was found about a compound on one day.</summary>
    /// <param name="group">Its group; -1 when groups cut through compounds.</param>
    /// <param name="row">The row of the day.</param>
    /// <param name="day">Its ports of one kind.</param>
    public void AddCompoundDay(int group, int row, CompoundDay day) => saturation.Add(group, row, day);

    internal static bool IsSeen(PortStatus status) => status is not (PortStatus.Unknown or PortStatus.Offline);

    internal static bool IsOccupied(PortStatus status) => status is >= PortStatus.Plugged and <= PortStatus.FinishedPlugged;

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

    private void AddTime(PileGroups of, ReadOnlySpan<(int Row, PileDay Day)> days, List<StatusSegment> segments)
    {
        var next = new int[days.Length];
        var segment = 0;
        // Port by port: a port counts once in a row, however many pieces it has there.
        for (var port = PortAt(days, next, segments, segment); port < int.MaxValue; port = PortAt(days, next, segments, segment))
        {
            portOrdinal++;
            var counted = false;
            for (var i = 0; i < next.Length; i++)
            {
                var (row, day) = days[i];
                for (; next[i] < day.Places.Length && day.Places[next[i]].Port == port; next[i]++)
                {
                    var group = of.Of(day.Places[next[i]].Version, port);
                    counted |= group >= 0;
                    AddPlace(group, row, day, next[i]);
                }
            }
            for (; segment < segments.Count && segments[segment].Port == port; segment++)
            {
                var group = of.Of(segments[segment].Version, port);
                counted |= group >= 0;
                AddSegment(segments[segment], group);
            }
            portsInAll += counted ? 1 : 0;
        }
    }

    private static int PortAt(
        ReadOnlySpan<(int Row, PileDay Day)> days, int[] next, List<StatusSegment> segments, int segment)
    {
        var port = segment < segments.Count ? segments[segment].Port : int.MaxValue;
        for (var i = 0; i < next.Length; i++)
        {
            var places = days[i].Day.Places;
            port = next[i] < places.Length ? Math.Min(port, places[next[i]].Port) : port;
        }
        return port;
    }

    private void AddPlace(int group, int bucket, PileDay day, int place)
    {
        if (group < 0)
        {
            return;
        }
        var row = (group * rows) + bucket;
        Add(day.ByStatus(place), time.AsSpan(row * Statuses, Statuses));
        Add(day.OccupiedByHour(place), occupied.AsSpan(row * Hours, Hours));
        Add(day.SeenByHour(place), seen.AsSpan(row * Hours, Hours));
        energy[row] += day.EnergyMicroWh(place);
        suspects[row] += day.Suspects(place);
        sessions[row] += day.Sessions(place);
        CountPort(row);
    }

    // A year of a district is twenty million of these additions.
    private static void Add(ReadOnlySpan<int> figures, Span<long> into)
    {
        var i = 0;
        for (; i + Vector<int>.Count <= figures.Length; i += Vector<int>.Count)
        {
            Vector.Widen(new Vector<int>(figures[i..]), out var low, out var high);
            (new Vector<long>(into[i..]) + low).CopyTo(into[i..]);
            (new Vector<long>(into[(i + Vector<long>.Count)..]) + high).CopyTo(into[(i + Vector<long>.Count)..]);
        }
        for (; i < figures.Length; i++)
        {
            into[i] += figures[i];
        }
    }

    private void CountPort(int row)
    {
        if (lastPort[row] != portOrdinal)
        {
            lastPort[row] = portOrdinal;
            ports[row]++;
        }
    }

    private void AddSegment(in StatusSegment segment, int group)
    {
        if (group < 0)
        {
            return;
        }
        var firstRow = group * rows;
        var edges = buckets.Edges;
        var rowOf = buckets.RowOf;
        var hourOf = buckets.HourOf;
        var status = (int)segment.Status;
        var isSeen = IsSeen(segment.Status);
        var isOccupied = IsOccupied(segment.Status);
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
            CountPort(row);
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
