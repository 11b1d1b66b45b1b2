using CsCheck;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Telemetry;

public sealed class BucketsTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly TimeZoneInfo Shanghai = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    [Fact]
    public void Days_have_23_24_and_25_hours()
    {
        Assert.Equal([24, 23, 24], Hours(BucketKind.Day, "2026-03-27T23:00Z", "2026-03-30T22:00Z", Berlin));
        Assert.Equal([24, 25, 24], Hours(BucketKind.Day, "2026-10-23T22:00Z", "2026-10-26T23:00Z", Berlin));
    }

    [Fact]
    public void The_hour_that_comes_twice_is_two_buckets_and_the_skipped_one_is_none()
    {
        Assert.Equal(25, Cut(BucketKind.Hour, "2026-10-24T22:00Z", "2026-10-25T23:00Z", Berlin).Rows.Count);
        Assert.Equal(23, Cut(BucketKind.Hour, "2026-03-28T23:00Z", "2026-03-29T22:00Z", Berlin).Rows.Count);
    }

    [Fact]
    public void A_fold_holds_both_of_the_hours_that_come_twice()
    {
        var buckets = Cut(BucketKind.HourOfDay, "2026-10-24T22:00Z", "2026-10-25T23:00Z", Berlin);
        Assert.Equal(24, buckets.Rows.Count);
        Assert.Equal(2, buckets.Rows[buckets.RowAt(Of("2026-10-25T00:30Z"))].Fold);
        Assert.Equal(2, buckets.Rows[buckets.RowAt(Of("2026-10-25T01:30Z"))].Fold);
    }

    [Fact]
    public void Buckets_are_clipped_to_the_period()
    {
        var rows = Cut(BucketKind.Day, "2026-03-01T10:00Z", "2026-03-02T20:30Z", Shanghai).Rows;
        Assert.Equal(
            [("2026-03-01T10:00Z", "2026-03-01T16:00Z"), ("2026-03-01T16:00Z", "2026-03-02T16:00Z"),
                ("2026-03-02T16:00Z", "2026-03-02T20:30Z")],
            rows.Select(r => (Text(r.From), Text(r.Until))));
    }

    [Fact]
    public void Weeks_begin_on_monday_and_months_on_the_first()
    {
        // 2 March 2026 is a Monday.
        var weeks = Cut(BucketKind.Week, "2026-02-26T16:00Z", "2026-03-10T16:00Z", Shanghai).Rows;
        Assert.Equal(["2026-02-26T16:00Z", "2026-03-01T16:00Z", "2026-03-08T16:00Z"], weeks.Select(r => Text(r.From)));
        var months = Cut(BucketKind.Month, "2025-12-20T16:00Z", "2026-02-10T16:00Z", Shanghai).Rows;
        Assert.Equal(["2025-12-20T16:00Z", "2025-12-31T16:00Z", "2026-01-31T16:00Z"], months.Select(r => Text(r.From)));
    }

    [Fact]
    public void Days_of_the_week_are_numbered_from_monday_and_only_those_that_occur()
    {
        var rows = Cut(BucketKind.DayOfWeek, "2026-02-28T16:00Z", "2026-03-02T16:00Z", Shanghai).Rows;
        Assert.Equal([1, 7], rows.Select(r => r.Fold));
    }

    [Fact]
    public void Hours_follow_the_wall_clock_where_zones_are_not_whole_hours()
    {
        var kathmandu = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu");
        var rows = Cut(BucketKind.Hour, "2026-03-01T00:00Z", "2026-03-01T02:00Z", kathmandu).Rows;
        Assert.Equal(["2026-03-01T00:00Z", "2026-03-01T00:15Z", "2026-03-01T01:15Z"], rows.Select(r => Text(r.From)));
    }

    [Fact]
    public void A_day_whose_midnight_is_skipped_begins_where_the_clocks_jump_to()
    {
        var beirut = TimeZoneInfo.FindSystemTimeZoneById("Asia/Beirut");
        Assert.Equal("2026-03-28T22:00Z", Text(LocalDay.StartOf(new DateOnly(2026, 3, 29), beirut)));
        Assert.Equal([24, 23, 24], Hours(BucketKind.Day, "2026-03-27T22:00Z", "2026-03-30T21:00Z", beirut));
        Assert.Equal("2026-03-28T23:00Z", Text(LocalDay.StartOf(new DateOnly(2026, 3, 29), Berlin)));
    }

    [Fact]
    public void Every_moment_lies_in_exactly_one_cell() =>
        Gen.Select(Gen.Long[0, 800], Gen.Int[1, 400], Gen.Int[0, 6], Gen.Int[0, 3]).Sample(
        (day, hours, kind, zone) =>
        {
            var from = Of("2025-01-01T00:00Z") + TimeSpan.FromHours(day * 24.37);
            string[] zones = ["Europe/Berlin", "Asia/Shanghai", "Australia/Lord_Howe", "America/Havana"];
            var buckets = Buckets.Of(
                (BucketKind)kind, from, from + TimeSpan.FromHours(hours), TimeZoneInfo.FindSystemTimeZoneById(zones[zone]));
            Assert.Equal((buckets.From, buckets.Until), (from, from + TimeSpan.FromHours(hours)));
            for (var i = 0; i + 1 < buckets.Edges.Length; i++)
            {
                Assert.True(buckets.Edges[i] < buckets.Edges[i + 1]);
                Assert.Equal(i, buckets.CellAt(new Instant(buckets.Edges[i])));
                Assert.Equal(i, buckets.CellAt(new Instant(buckets.Edges[i + 1] - 1)));
                var row = buckets.Rows[buckets.RowOf[i]];
                Assert.True(row.Fold is not null || (row.From.Milliseconds <= buckets.Edges[i]
                    && buckets.Edges[i + 1] <= row.Until.Milliseconds));
            }
            Assert.Equal((-1, -1), (buckets.CellAt(buckets.Until), buckets.RowAt(from - TimeSpan.FromMilliseconds(1))));
        },
        iter: 200);

    private static IEnumerable<double> Hours(BucketKind kind, string from, string until, TimeZoneInfo zone) =>
        Cut(kind, from, until, zone).Rows.Select(r => (r.Until - r.From).TotalHours);

    private static Buckets Cut(BucketKind kind, string from, string until, TimeZoneInfo zone) =>
        Buckets.Of(kind, Of(from), Of(until), zone);

    private static Instant Of(string text) =>
        Instant.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    private static string Text(Instant at) =>
        at.ToDateTimeOffset().ToString("yyyy-MM-ddTHH:mmZ", System.Globalization.CultureInfo.InvariantCulture);
}
