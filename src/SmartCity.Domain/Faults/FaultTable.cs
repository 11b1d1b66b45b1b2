using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>Counts of one group in one bucket. Transients are in none but their own.</summary>
/// <param name="Raised">Faults raised here.</param>
/// <param name="Cleared">Faults cleared here.</param>
/// <param name="Transients">Transients raised here.</param>
/// <param name="Repeats">Of the raised, those with an earlier one of the same key in the seven days before.</param>
/// <param name="OpenAtEnd">Open at the bucket's end, or at the evaluation when that comes first.</param>
/// <param name="RepairMs">Sum over the cleared of cleared - raised.</param>
/// <param name="Ignored">RAISED while open, CLEARED while none was open.</param>
/// <param name="Acknowledged">Faults that were first acknowledged here.</param>
/// <param name="AcknowledgeMs">Sum over the acknowledged of acknowledged - raised.</param>
public readonly record struct FaultSums(
    long Raised, long Cleared, long Transients, long Repeats, long OpenAtEnd, long RepairMs, long Ignored,
    long Acknowledged = 0, long AcknowledgeMs = 0)
{
    /// <summary>Mean time to acknowledge, s.</summary>
    public double? MttaSeconds => Acknowledged == 0 ? null : AcknowledgeMs / 1000d / Acknowledged;

    /// <summary>Mean time to repair, s.</summary>
    public double? MttrSeconds => Cleared == 0 ? null : RepairMs / 1000d / Cleared;

    /// <summary>Share of the raised that are repeats.</summary>
    public double? RepeatRate => Raised == 0 ? null : (double)Repeats / Raised;

    /// <summary>Mean time between failures, s, of ports that were seen and not FAULTED for so many ms.</summary>
    public double? MtbfSeconds(long upMs) => Raised == 0 ? null : upMs / 1000d / Raised;
}

/// <summary>Counts faults into (group, bucket). Buckets must not be folded.</summary>
/// <param name="groups">How many groups there are.</param>
/// <param name="buckets">How the period is cut.</param>
/// <param name="evaluation">Nothing later exists.</param>
public sealed class FaultTable(int groups, Buckets buckets, Instant evaluation)
{
    /// <summary>A fault is a repeat when an earlier one of its key was raised at most this long before.</summary>
    public static readonly TimeSpan RepeatWithin = TimeSpan.FromDays(7);

    private readonly FaultSums[] sums = new FaultSums[groups * buckets.Rows.Count];

    /// <summary>Which of one pile's faults count as repeats.</summary>
    /// <param name="faults">All of them, also those before the period.</param>
    public static IReadOnlySet<Fault> Repeats(IEnumerable<Fault> faults, Instant evaluation)
    {
        var repeats = new HashSet<Fault>();
        var earlier = new Dictionary<(int Port, int Code), Instant>();
        foreach (var fault in faults.Where(f => f.CountsAt(evaluation) && !f.IsTakenOver).OrderBy(f => f.Raised))
        {
            var key = (fault.Port, fault.Code.Number);
            if (earlier.TryGetValue(key, out var last) && fault.Raised - last <= RepeatWithin)
            {
                repeats.Add(fault);
            }
            earlier[key] = fault.Raised;
        }
        return repeats;
    }

    /// <summary>Counts one fault of a group, but none that the pile took over: that is one event with the reported one.</summary>
    public void Add(int group, Fault fault, bool isRepeat)
    {
        if (fault.IsTakenOver)
        {
            return;
        }
        if (fault.IsTransient)
        {
            Change(group, fault.Raised, s => s with { Transients = s.Transients + 1 });
            return;
        }
        if (!fault.CountsAt(evaluation))
        {
            return;
        }
        Change(group, fault.Raised, s => s with { Raised = s.Raised + 1, Repeats = s.Repeats + (isRepeat ? 1 : 0) });
        if (fault.Cleared is { } cleared)
        {
            var repair = cleared.Milliseconds - fault.Raised.Milliseconds;
            Change(group, cleared, s => s with { Cleared = s.Cleared + 1, RepairMs = s.RepairMs + repair });
        }
        for (var i = 0; i < buckets.Rows.Count; i++)
        {
            var bucket = buckets.Rows[i];
            if (bucket.From <= evaluation && fault.Raised < bucket.Until && (fault.Cleared ?? Instant.Max) >= bucket.Until)
            {
                ref var row = ref sums[(group * buckets.Rows.Count) + i];
                row = row with { OpenAtEnd = row.OpenAtEnd + 1 };
            }
        }
    }

    /// <summary>Counts that a fault of a group was acknowledged, if it was.</summary>
    public void AddAcknowledged(int group, FaultCase fault)
    {
        if (fault.Acknowledged is { } at && !fault.Fault.IsTransient && fault.Fault.CountsAt(evaluation))
        {
            var wait = at.Milliseconds - fault.Fault.Raised.Milliseconds;
            Change(group, at, s => s with { Acknowledged = s.Acknowledged + 1, AcknowledgeMs = s.AcknowledgeMs + wait });
        }
    }

    /// <summary>Counts a record that changed nothing.</summary>
    public void AddIgnored(int group, Instant at) => Change(group, at, s => s with { Ignored = s.Ignored + 1 });

    /// <summary>The counts of one group in one bucket.</summary>
    public FaultSums Row(int group, int bucket) => sums[(group * buckets.Rows.Count) + bucket];

    /// <summary>The counts over all groups and buckets; open are those of the last bucket that has begun.</summary>
    public FaultSums Total()
    {
        var total = default(FaultSums);
        var last = buckets.Rows.Count - 1;
        while (last > 0 && buckets.Rows[last].From > evaluation)
        {
            last--;
        }
        for (var i = 0; i < sums.Length; i++)
        {
            var row = sums[i];
            total = new FaultSums(
                total.Raised + row.Raised, total.Cleared + row.Cleared, total.Transients + row.Transients,
                total.Repeats + row.Repeats, total.OpenAtEnd + (i % buckets.Rows.Count == last ? row.OpenAtEnd : 0),
                total.RepairMs + row.RepairMs, total.Ignored + row.Ignored, total.Acknowledged + row.Acknowledged,
                total.AcknowledgeMs + row.AcknowledgeMs);
        }
        return total;
    }

    private void Change(int group, Instant at, Func<FaultSums, FaultSums> change)
    {
        if (buckets.RowAt(at) is >= 0 and var bucket)
        {
            ref var row = ref sums[(group * buckets.Rows.Count) + bucket];
            row = change(row);
        }
    }
}
