using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rules 1 to 4: what is due, when, and until when.</summary>
public sealed class ObligationTests
{
    private static readonly DateOnly First = new(2026, 3, 1);
    private static readonly DateOnly Last = new(2026, 3, 31);

    private static Obligation Only(Town town, string id) =>
        town.Plan(Town.Monday, Town.Monday).Points.SelectMany(p => p.Asked).Single(o => o.Id == id);

    private static Obligation In(string zone, string date, string start, string end)
    {
        var day = DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);
        var town = new Town().Window("W", start, end, zone).Point("P", 100, "W");
        return town.Plan(day, day).Points.Single().Asked.Single();
    }

    private static Instant Utc(string time) =>
        Instant.From(DateTimeOffset.Parse(time + "Z", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public void A_point_added_on_the_10th_owes_66_passes_until_the_31st_and_none_before()
    {
        var town = new Town().Point("P", 100, "MORNING NOON EVENING", new Validity(Town.At("2026-03-10 00:00:00"), null));
        var asked = town.Plan(First, Last).Points.Single().Asked;
        Assert.Equal(66, asked.Count);
        Assert.Equal(new DateOnly(2026, 3, 10), asked[0].ServiceDate);
    }

    [Fact]
    public void Default_windows_hold_where_the_city_registered_none()
    {
        var town = new Town().Point("P", 100, "MORNING NOON EVENING");
        var asked = town.Plan(Town.Monday, Town.Monday).Points.Single().Asked;
        Assert.Equal(["P/2026-11-23/MORNING", "P/2026-11-23/NOON", "P/2026-11-23/EVENING"], asked.Select(o => o.Id));
        Assert.Equal([Town.At("04:30:00"), Town.At("11:00:00"), Town.At("17:00:00")], asked.Select(o => o.Start));
        Assert.Equal([Town.At("08:15:00"), Town.At("14:15:00"), Town.At("21:15:00")], asked.Select(o => o.OnTimeUntil));
    }

    [Fact]
    public void Acceptance_ends_half_way_between_the_on_time_intervals_of_neighbours()
    {
        var town = new Town().Point("P", 100, "MORNING NOON EVENING");
        var morning = Only(town, "P/2026-11-23/MORNING");
        var noon = Only(town, "P/2026-11-23/NOON");
        Assert.Equal((Town.At("03:30:00"), Town.At("09:37:30")), (morning.AcceptFrom, morning.AcceptUntil));
        Assert.Equal((Town.At("10:00:00"), Town.At("15:37:30")), (noon.AcceptFrom, noon.AcceptUntil));
    }

    [Fact]
    public void A_neighbour_on_another_date_counts_too()
    {
        // Night 22:00-02:00 accepts until 04:00 alone; MORNING's on-time interval starts at 04:30, night's ends at 02:15.
        var town = new Town().Window("NIGHT", "22:00", "02:00").Point("P", 100, "NIGHT MORNING");
        Assert.Equal(Town.At("2026-11-24 03:22:30"), Only(town, "P/2026-11-23/NIGHT").AcceptUntil);
        Assert.Equal(Town.At("03:30:00"), Only(town, "P/2026-11-23/MORNING").AcceptFrom);
    }

    [Fact]
    public void Windows_changed_in_the_middle_of_a_month_hold_each_on_its_own_dates()
    {
        var change = Town.At("2026-03-15 00:00:00");
        var town = new Town()
            .Window("MORNING", "05:00", "08:00", validity: new Validity(new Instant(0), change))
            .Window("MORNING", "06:00", "09:00", validity: new Validity(change, null))
            .Point("P", 100);
        var asked = town.Plan(First, Last).Points.Single().Asked;
        Assert.Equal(31, asked.Count);
        Assert.Equal(Town.At("2026-03-14 05:00:00"), asked[13].Start);
        Assert.Equal(Town.At("2026-03-15 06:00:00"), asked[14].Start);
    }

    [Fact]
    public void An_assignment_holds_on_its_weekdays_only()
    {
        var town = new Town().Point("P", 100, "").Assign("P", "MORNING", weekdays: 0b010_0001); // Monday and Saturday
        var asked = town.Plan(Town.Monday, Town.Monday.AddDays(6)).Points.Single().Asked;
        Assert.Equal([Town.Monday, Town.Monday.AddDays(5)], asked.Select(o => o.ServiceDate));
    }

    [Fact]
    public void A_make_up_day_is_an_assignment_valid_on_that_date()
    {
        var sunday = Town.Monday.AddDays(6);
        var town = new Town().Point("P", 100, "").Assign("P", "MORNING", weekdays: 0b001_1111)
            .Assign("P", "MORNING", validity: new Validity(Town.At("2026-11-29 00:00:00"), Town.At("2026-11-30 00:00:00")));
        Assert.Contains(town.Plan(Town.Monday, sunday).Points.Single().Asked, o => o.ServiceDate == sunday);
        Assert.Equal(6, town.Plan(Town.Monday, sunday).Count);
    }

    [Fact]
    public void Two_assignments_of_one_window_owe_one_pass()
    {
        var town = new Town().Point("P", 100).Assign("P", "MORNING", truck: "T9");
        Assert.Single(town.Plan(Town.Monday, Town.Monday).Points.Single().Asked);
    }

    [Fact]
    public void A_window_that_starts_before_three_belongs_to_the_date_before()
    {
        var obligation = In("Asia/Shanghai", "2026-11-23", "01:30", "02:30");
        Assert.Equal(Town.At("2026-11-24 01:30:00"), obligation.Start);
        Assert.Equal(Town.At("2026-11-24 02:30:00"), obligation.End);
        Assert.Equal("P/2026-11-23/W", obligation.Id);
    }

    [Fact]
    public void A_window_that_ends_before_it_starts_ends_on_the_next_day() =>
        Assert.Equal(Town.At("2026-11-24 01:30:00"), In("Asia/Shanghai", "2026-11-23", "21:00", "01:30").End);

    [Fact]
    public void A_start_that_the_clocks_skip_moves_forward_by_the_gap()
    {
        // Berlin, 29 March 2026: 02:00 becomes 03:00, so 02:30 is 03:30 summer time. Before 03:00 it is the date before's.
        var obligation = In("Europe/Berlin", "2026-03-28", "02:30", "05:00");
        Assert.Equal(Utc("2026-03-29 01:30:00"), obligation.Start);
        Assert.Equal(Utc("2026-03-29 03:00:00"), obligation.End);
    }

    [Fact]
    public void When_clocks_go_back_a_window_keeps_both_hours()
    {
        // Berlin, 25 October 2026: 02:00 to 03:00 happens twice.
        var obligation = In("Europe/Berlin", "2026-10-24", "02:15", "02:45");
        Assert.Equal(Utc("2026-10-25 00:15:00"), obligation.Start);
        Assert.Equal(Utc("2026-10-25 01:45:00"), obligation.End);
    }

    [Theory]
    [InlineData("2026-03-28", 4)] // The night that loses an hour.
    [InlineData("2026-10-24", 6)] // The night that gains one.
    [InlineData("2026-06-01", 5)]
    public void A_night_window_over_a_clock_change_is_as_long_as_the_night(string date, int hours)
    {
        var obligation = In("Europe/Berlin", date, "23:00", "04:00");
        Assert.Equal(TimeSpan.FromHours(hours), obligation.End - obligation.Start);
    }

    [Fact]
    public void Zones_off_the_full_hour_work() =>
        Assert.Equal(Utc("2026-11-23 00:15:00"), In("Asia/Kathmandu", "2026-11-23", "06:00", "08:00").Start);

    [Fact]
    public void Service_dates_change_at_three_local_time()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        Assert.Equal(Town.Monday, ServiceClock.DateOf(Town.At("2026-11-24 02:59:59"), zone, new TimeOnly(3, 0)));
        Assert.Equal(Town.Monday.AddDays(1), ServiceClock.DateOf(Town.At("2026-11-24 03:00:00"), zone, new TimeOnly(3, 0)));
    }

    [Theory]
    [InlineData("P-1/2026-11-23/MORNING", true)]
    [InlineData("P-1/2026-11-23/A/B", true)]
    [InlineData("P-1/2026-11-31/MORNING", false)]
    [InlineData("P-1/MORNING", false)]
    [InlineData("/2026-11-23/MORNING", false)]
    public void Ids_are_read_back(string id, bool expected)
    {
        Assert.Equal(expected, Obligation.TryParseId(id, out var point, out var date, out var key));
        if (expected)
        {
            Assert.Equal(id, Obligation.IdOf(point, date, key));
        }
    }

    [Fact]
    public void A_visit_after_midnight_serves_the_evening_of_the_date_before()
    {
        var town = new Town().Window("LATE", "21:00", "01:30").Truck("T1").Point("P", 300, "LATE");
        town.Log("T1").Stay("2026-11-24 00:30:00", "2026-11-24 00:32:00", 300);
        Assert.Equal(Verdict.OnTime, town.Verdict(key: "LATE"));
    }

    [Fact]
    public void On_time_needs_acceptance_too()
    {
        // The on-time interval reaches back 3 h, acceptance only 1 h.
        var town = new Town().Window("W", "10:00", "11:00", earlyS: 10_800).Truck("T1").Point("P", 300, "W");
        town.Log("T1").Stay("08:00:00", "08:02:00", 300);
        Assert.Equal(Verdict.Missed, town.Verdict(key: "W"));
    }
}
