namespace SmartCity.Domain.Telemetry;

/// <summary>One row of a cut period: a span clipped to the period, or, folded, an hour of the day or a day of the week.</summary>
/// <param name="Fold">Null for a span. Hours are 0..23, days 1 (Monday) .. 7.</param>
public readonly record struct BucketSpan(Instant From, Instant Until, int? Fold);

/// <summary>
/// A period cut by the local calendar. Underneath lie cells: the pieces of local hours, in time order and without gaps.
/// Every cell belongs to one row, so summing by cell is exact whatever the rows are.
/// </summary>
public sealed class Buckets
{
    /// <summary>The most cells a period may have: about eleven years.</summary>
    public const int CellsMax = 100_000;

    private const long HourMs = 3_600_000;

    private readonly long[] edges;
    private readonly int[] rowOf;
    private readonly byte[] hourOf;

    private Buckets(long[] edges, int[] rowOf, byte[] hourOf, IReadOnlyList<BucketSpan> rows)
    {
        this.edges = edges;
        this.rowOf = rowOf;
        this.hourOf = hourOf;
        Rows = rows;
    }

    /// <summary>The rows: spans oldest first, folds by number. Only folds that occur in the period.</summary>
    public IReadOnlyList<BucketSpan> Rows { get; }

    /// <summary>Where the period begins, inclusive.</summary>
    public Instant From => new(edges[0]);

    /// <summary>Where the period ends, exclusive.</summary>
    public Instant Until => new(edges[^1]);

    /// <summary>The cells' edges in ms: cell i is [edges[i], edges[i + 1]).</summary>
    public ReadOnlySpan<long> Edges => edges;

    /// <summary>The row of each cell.</summary>
    public ReadOnlySpan<int> RowOf => rowOf;

    /// <summary>The local hour (0..23) of each cell.</summary>
    public ReadOnlySpan<byte> HourOf => hourOf;

    /// <summary>Cuts [from, until).</summary>
    /// <exception cref="ArgumentException">The period is empty, or longer than <see cref="CellsMax"/> hours.</exception>
    public static Buckets Of(BucketKind kind, Instant from, Instant until, TimeZoneInfo zone)
    {
        if (until <= from || (until.Milliseconds - from.Milliseconds) / HourMs >= CellsMax)
        {
            throw new ArgumentException($"A period needs a length of at most {CellsMax} hours.", nameof(until));
        }
        var cells = LocalHours(from.Milliseconds, until.Milliseconds, zone);
        var rowOf = new int[cells.Count];
        var rows = Rowed(kind, cells, until, rowOf);
        return new Buckets(
            [.. cells.Select(c => c.From), until.Milliseconds], rowOf, [.. cells.Select(c => (byte)c.Local.Hour)], rows);
    }

    /// <summary>The cell that holds the moment; -1 outside the period.</summary>
    public int CellAt(Instant at)
    {
        if (at < From || at >= Until)
        {
            return -1;
        }
        var found = Array.BinarySearch(edges, at.Milliseconds);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The row that holds the moment; -1 outside the period.</summary>
    public int RowAt(Instant at) => CellAt(at) is >= 0 and var cell ? rowOf[cell] : -1;

    private static List<(long From, DateTime Local)> LocalHours(long from, long until, TimeZoneInfo zone)
    {
        var cells = new List<(long, DateTime)>((int)((until - from) / HourMs) + 2);
        for (var at = from; at < until;)
        {
            var offset = OffsetAt(at, zone);
            var local = at + offset;
            cells.Add((at, DateTimeOffset.FromUnixTimeMilliseconds(local).UtcDateTime));
            var next = at + HourMs - Math.Abs(((local % HourMs) + HourMs) % HourMs);
            at = OffsetAt(next - 1, zone) == offset ? next : ChangeBetween(at, next, zone);
        }
        return cells;
    }

    /// <summary>The first ms after <paramref name="low"/> with another offset; the offset at high - 1 differs.</summary>
    private static long ChangeBetween(long low, long high, TimeZoneInfo zone)
    {
        var offset = OffsetAt(low, zone);
        high--;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (OffsetAt(middle, zone) == offset)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
        return high;
    }

    private static long OffsetAt(long at, TimeZoneInfo zone) =>
        (long)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(at)).TotalMilliseconds;

    private static List<BucketSpan> Rowed(BucketKind kind, List<(long From, DateTime Local)> cells, Instant until, int[] rowOf)
    {
        if (kind is BucketKind.HourOfDay or BucketKind.DayOfWeek)
        {
            return Folded(kind, cells, rowOf);
        }
        var rows = new List<BucketSpan>();
        var current = DateTime.MinValue;
        for (var i = 0; i < cells.Count; i++)
        {
            var (from, local) = cells[i];
            var start = StartOf(kind, local);
            if (i == 0 || kind == BucketKind.Hour || start != current)
            {
                Close(rows, new Instant(from));
                rows.Add(new BucketSpan(new Instant(from), until, null));
                current = start;
            }
            rowOf[i] = rows.Count - 1;
        }
        return rows;
    }

    private static void Close(List<BucketSpan> rows, Instant until)
    {
        if (rows.Count > 0)
        {
            rows[^1] = rows[^1] with { Until = until };
        }
    }

    private static List<BucketSpan> Folded(BucketKind kind, List<(long From, DateTime Local)> cells, int[] rowOf)
    {
        var folds = cells.ConvertAll(c => kind == BucketKind.HourOfDay ? c.Local.Hour : Weekday(c.Local));
        var present = folds.Distinct().Order().ToList();
        for (var i = 0; i < rowOf.Length; i++)
        {
            rowOf[i] = present.IndexOf(folds[i]);
        }
        return present.ConvertAll(fold => new BucketSpan(Instant.Min, Instant.Max, fold));
    }

    private static DateTime StartOf(BucketKind kind, DateTime local) => kind switch
    {
        BucketKind.Day => local.Date,
        BucketKind.Week => local.Date.AddDays(1 - Weekday(local)),
        BucketKind.Month => new DateTime(local.Year, local.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        _ => DateTime.MinValue,
    };

    private static int Weekday(DateTime local) => local.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)local.DayOfWeek;
}
