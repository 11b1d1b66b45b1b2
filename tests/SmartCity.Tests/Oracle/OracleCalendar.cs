using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Which row, and which hour of the day, each second of a period lies in. Asked minute by minute: no zone of these years
/// changes its offset within a minute.</summary>
internal sealed class OracleCalendar
{
    private readonly long firstMinute;
    private readonly OracleWorld world;
    private readonly List<int> rowOfMinute = [];
    private readonly List<int> hourOfMinute = [];

    public OracleCalendar(OracleWorld world, BucketKind kind)
    {
        this.world = world;
        firstMinute = world.From / 60;
        var keys = new List<(long, TimeSpan)>();
        for (var minute = firstMinute; minute * 60 < world.Until; minute++)
        {
            var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(minute * 60), world.Zone);
            hourOfMinute.Add(local.Hour);
            keys.Add(KeyOf(kind, local));
        }
        var rows = keys.Distinct().ToList(); // In time order; folds are numbered instead.
        if (kind is BucketKind.HourOfDay or BucketKind.DayOfWeek)
        {
            rows.Sort();
        }
        rowOfMinute.AddRange(keys.Select(key => rows.IndexOf(key)));
        Rows = rows.Count;
    }

    public int Rows { get; }

    public int RowAt(long second) => rowOfMinute[(int)((second / 60) - firstMinute)];

    public int HourAt(long second) => hourOfMinute[(int)((second / 60) - firstMinute)];

    /// <summary>The seconds of a row of a calendar that does not fold, [First, End).</summary>
    public (long First, long End) Span(int row)
    {
        var minute = rowOfMinute.IndexOf(row);
        var last = rowOfMinute.LastIndexOf(row);
        return (Math.Max(world.From, (firstMinute + minute) * 60), Math.Min(world.Until, (firstMinute + last + 1) * 60));
    }

    /// <summary>Days since year 1 began on a Monday, so whole weeks of days are whole weeks.</summary>
    private static (long, TimeSpan) KeyOf(BucketKind kind, DateTimeOffset local)
    {
        var day = DateOnly.FromDateTime(local.DateTime).DayNumber;
        return kind switch
        {
            BucketKind.Hour => ((day * 24L) + local.Hour, local.Offset),
            BucketKind.Day => (day, default),
            BucketKind.Week => (day / 7, default),
            BucketKind.Month => ((local.Year * 12) + local.Month, default),
            BucketKind.HourOfDay => (local.Hour, default),
            BucketKind.DayOfWeek => ((day % 7) + 1, default),
            _ => default,
        };
    }
}
