using System.Runtime.InteropServices;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>
/// Sums, per compound and pile kind, the time in which no port was free, too few were seen, or every one was down. Only the
/// ports in scope are a compound's ports here.
/// </summary>
internal sealed class SaturationTable
{
    private const int Figures = 3;
    private const int ClassBits = 3;

    private readonly Buckets buckets;
    private readonly bool wholeCompounds;
    private readonly int seenPercentMin;
    private readonly long[] sums;
    private readonly long[] total = new long[Figures];
    private readonly Dictionary<(string Compound, PileKind Kind, int Group), List<long>> changes = [];
    private bool isSummed;

    /// <param name="wholeCompounds">Groups hold whole compounds; else only the total is summed.</param>
    /// <param name="seenPercentMin">How many of a compound's ports have to be seen, %.</param>
    public SaturationTable(int groups, Buckets buckets, bool wholeCompounds, int seenPercentMin)
    {
        this.wholeCompounds = wholeCompounds;
        this.seenPercentMin = seenPercentMin;
        this.buckets = buckets;
        sums = new long[groups * buckets.Rows.Count * Figures];
    }

    private enum PortClass
    {
        None,
        Free,
        Busy,
        Broken,
        Offline,
        Unknown,
    }

    public void Add(PileHistory history, PileGroups of, List<StatusSegment> segments)
    {
        List<long>? into = null;
        var version = -1;
        var port = 0;
        var was = PortClass.None;
        var end = Instant.Min;
        foreach (ref readonly var segment in CollectionsMarshal.AsSpan(segments))
        {
            var group = of.Of(segment.Version, segment.Port);
            if (group < 0)
            {
                continue;
            }
            if (segment.Port != port || segment.Version != version || segment.From != end)
            {
                Note(into, end, was, PortClass.None);
                var pile = history.Versions[segment.Version];
                into = ListOf(pile, wholeCompounds ? group : -1);
                (port, version, was) = (segment.Port, segment.Version, PortClass.None);
            }
            var now = ClassOf(segment.Status);
            Note(into, segment.From, was, now);
            (was, end) = (now, segment.Until);
        }
        Note(into, end, was, PortClass.None);
    }

    /// <summary>Adds what was summed before.</summary>
    public void Add(int group, int bucket, CompoundDay day)
    {
        ReadOnlySpan<long> figures = [day.Saturated, day.Unknown, day.Blackout];
        for (var figure = 0; figure < Figures; figure++)
        {
            total[figure] += figures[figure];
            if (group >= 0)
            {
                sums[(((group * buckets.Rows.Count) + bucket) * Figures) + figure] += figures[figure];
            }
        }
    }

    public CompoundDay DayOf(int group, int bucket)
    {
        Sum();
        var figures = sums.AsSpan(((group * buckets.Rows.Count) + bucket) * Figures, Figures);
        return new CompoundDay(figures[0], figures[1], figures[2]);
    }

    public void Fill(UtilizationSums row, int group, int bucket)
    {
        Sum();
        Fill(row, sums.AsSpan(((group * buckets.Rows.Count) + bucket) * Figures, Figures));
    }

    public void FillTotal(UtilizationSums row)
    {
        Sum();
        Fill(row, total);
    }

    private static void Fill(UtilizationSums row, ReadOnlySpan<long> figures)
    {
        row.Saturated = figures[0];
        row.SaturationUnknown = figures[1];
        row.Blackout = figures[2];
    }

    private List<long> ListOf(Pile pile, int group)
    {
        ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(changes, (pile.CompoundId, pile.Kind, group), out _);
        return list ??= [];
    }

    /// <summary>A change in one number: numbers sort fast, and a year of a district has millions of them.</summary>
    private void Note(List<long>? into, Instant at, PortClass was, PortClass now)
    {
        if (was != now)
        {
            into!.Add(((at.Milliseconds - buckets.From.Milliseconds) << (2 * ClassBits)) | ((long)was << ClassBits) | (long)now);
        }
    }

    private void Sum()
    {
        if (isSummed)
        {
            return;
        }
        isSummed = true;
        foreach (var ((_, _, group), list) in changes)
        {
            list.Sort();
            Sum(group, list);
        }
    }

    private void Sum(int group, List<long> list)
    {
        Span<int> ports = stackalloc int[1 << ClassBits];
        var from = 0L;
        foreach (var change in list)
        {
            var at = change >> (2 * ClassBits);
            if (at > from)
            {
                AddSpan(group, from, at, ports);
                from = at;
            }
            ports[(int)(change >> ClassBits) & ((1 << ClassBits) - 1)]--;
            ports[(int)change & ((1 << ClassBits) - 1)]++;
        }
    }

    private void AddSpan(int group, long from, long until, ReadOnlySpan<int> ports)
    {
        var (free, busy, broken) = (ports[(int)PortClass.Free], ports[(int)PortClass.Busy], ports[(int)PortClass.Broken]);
        var down = broken + ports[(int)PortClass.Offline];
        var all = free + busy + down + ports[(int)PortClass.Unknown];
        if (all == 0)
        {
            return;
        }
        var isKnown = (free + busy + broken) * 100L >= (long)all * seenPercentMin;
        AddFigure(group, from, until, 0, isKnown && busy > 0 && free == 0);
        AddFigure(group, from, until, 1, !isKnown);
        AddFigure(group, from, until, 2, down == all);
    }

    private void AddFigure(int group, long from, long until, int figure, bool applies)
    {
        if (!applies)
        {
            return;
        }
        total[figure] += until - from;
        if (group < 0)
        {
            return;
        }
        var at = buckets.From.Milliseconds + from;
        var end = buckets.From.Milliseconds + until;
        for (var cell = buckets.CellAt(new Instant(at)); at < end; cell++)
        {
            var cellEnd = Math.Min(buckets.Edges[cell + 1], end);
            sums[(((group * buckets.Rows.Count) + buckets.RowOf[cell]) * Figures) + figure] += cellEnd - at;
            at = cellEnd;
        }
    }

    private static PortClass ClassOf(PortStatus status) => status switch
    {
        PortStatus.Available => PortClass.Free,
        PortStatus.Unknown => PortClass.Unknown,
        PortStatus.Offline => PortClass.Offline,
        PortStatus.Unavailable or PortStatus.Faulted => PortClass.Broken,
        _ => PortClass.Busy,
    };
}
