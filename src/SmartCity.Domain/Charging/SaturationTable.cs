using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>
/// Sums, per compound and pile kind, the time in which no port was free, too few were seen, or every one was down. Only the
/// ports in scope are a compound's ports here.
/// </summary>
internal sealed class SaturationTable
{
    private const int Figures = 3;

    private readonly Buckets buckets;
    private readonly bool wholeCompounds;
    private readonly int seenPercentMin;
    private readonly long[] sums;
    private readonly long[] total = new long[Figures];
    private readonly CompoundChanges changes;
    private bool isSummed;

    /// <param name="wholeCompounds">Groups hold whole compounds; else only the total is summed.</param>
    /// <param name="seenPercentMin">How many of a compound's ports have to be seen, %.</param>
    public SaturationTable(int groups, Buckets buckets, bool wholeCompounds, int seenPercentMin)
    {
        this.wholeCompounds = wholeCompounds;
        this.seenPercentMin = seenPercentMin;
        this.buckets = buckets;
        changes = new CompoundChanges(buckets.From);
        sums = new long[groups * buckets.Rows.Count * Figures];
    }

    public void Add(PileHistory history, PileGroups of, List<StatusSegment> segments) =>
        changes.Add(history, of, segments, wholeCompounds);

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

    private void Sum()
    {
        if (isSummed)
        {
            return;
        }
        isSummed = true;
        foreach (var key in changes.Keys)
        {
            foreach (var span in changes.Spans(key))
            {
                AddFigure(key.Group, span, 0, span.IsSaturated(seenPercentMin));
                AddFigure(key.Group, span, 1, !span.IsKnown(seenPercentMin));
                AddFigure(key.Group, span, 2, span.IsBlackout);
            }
        }
    }

    private void AddFigure(int group, in CompoundSpan span, int figure, bool applies)
    {
        if (!applies)
        {
            return;
        }
        total[figure] += span.Milliseconds;
        if (group < 0)
        {
            return;
        }
        var at = span.From.Milliseconds;
        var end = span.Until.Milliseconds;
        for (var cell = buckets.CellAt(span.From); at < end; cell++)
        {
            var cellEnd = Math.Min(buckets.Edges[cell + 1], end);
            sums[(((group * buckets.Rows.Count) + buckets.RowOf[cell]) * Figures) + figure] += cellEnd - at;
            at = cellEnd;
        }
    }
}
