using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>The fault figures of one pile in one bucket.</summary>
internal sealed class OracleFaultTable
{
    private const long Week = 7 * 86_400;

    /// <param name="faults">The pile's, by the moment raised.</param>
    public OracleFaultTable(OracleWorld world, OracleTable table, OraclePile pile, IReadOnlyList<OracleFault> faults, int row)
    {
        // Told by the reported one.
        faults = [.. faults.Where(f => !f.IsTakenOver)];
        bool IsHere(long? at) => at >= world.From && at < world.Until && table.Calendar.RowAt(at.Value) == row;

        var statuses = table.Row(pile.Number, row);
        var counted = faults.Where(f => f.Counts(world.Evaluation)).ToList();
        Raised = counted.Count(f => IsHere(f.Raised));
        Cleared = counted.Count(f => IsHere(f.Cleared));
        RepairSeconds = counted.Where(f => IsHere(f.Cleared)).Sum(f => f.Cleared!.Value - f.Raised);
        Transients = faults.Count(f => f.IsTransient && IsHere(f.Raised));
        // Faults of one key follow each other, also two of one second.
        Repeats = counted.Where((fault, i) => IsHere(fault.Raised) && counted.Take(i).Any(earlier =>
            earlier.Port == fault.Port && earlier.Code == fault.Code && earlier.Raised >= fault.Raised - Week)).Count();
        var (first, end) = table.Calendar.Span(row);
        Open = counted.Count(f => first <= world.Evaluation && f.Raised < end && (f.Cleared ?? long.MaxValue) >= end);
        Ignored = pile.Faults.Ignored.Count(i => IsHere(i.At));
        UpSeconds = statuses.Statuses.Sum() - statuses.Statuses[(int)PortStatus.Unknown]
            - statuses.Statuses[(int)PortStatus.Offline] - statuses.Statuses[(int)PortStatus.Faulted];
    }

    public long Raised { get; }

    public long Cleared { get; }

    public long RepairSeconds { get; }

    public long Transients { get; }

    public long Repeats { get; }

    /// <summary>At the end of the bucket.</summary>
    public long Open { get; }

    public long Ignored { get; }

    /// <summary>Seconds in which a port was seen and not FAULTED.</summary>
    public long UpSeconds { get; }

    public double? Mttr => Cleared == 0 ? null : (double)RepairSeconds / Cleared;

    public double? Mtbf => Raised == 0 ? null : (double)UpSeconds / Raised;

    public double? RepeatRate => Raised == 0 ? null : (double)Repeats / Raised;
}
