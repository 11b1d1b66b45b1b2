using System.Globalization;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation.EdgeCases;

/// <summary>Edge cases of what is due, and on which date.</summary>
public sealed class ScheduleCases
{
    private static readonly DateOnly Tuesday = Town.Monday.AddDays(1);

    private static ComplianceFigures FiguresOf(SanitationOutcome outcome) => Compliance.Of(
        outcome.Obligations, _ => true, _ => "", ServiceDateBucket.Whole, Town.Monday, Town.Monday).Single().Figures;

    [Fact]
    [Trait("case", "3")]
    public void A_point_added_on_the_10th_of_March_misses_66_passes_and_none_before_it_was_there()
    {
        var town = new Town().Truck("T1")
            .Point("P", 300, "MORNING NOON EVENING", new Validity(Town.At("2026-03-10 00:00:00"), null));
        var log = town.Log("T1").Silent();
        for (var minutes = 0; minutes < 33 * 24 * 60; minutes += 15) // Parked at the depot and in sight all the time.
        {
            log.Fix(new DateTime(2026, 2, 28).AddMinutes(minutes).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), 0);
        }
        var outcome = town.Judge("2026-04-05 12:00:00", new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31));
        Assert.Equal(66, outcome.Obligations.Count);
        Assert.All(outcome.Obligations, o => Assert.Equal(Verdict.Missed, o.Verdict));
        Assert.Equal(new DateOnly(2026, 3, 10), outcome.Obligations.Min(o => o.Obligation.ServiceDate));
    }

    [Fact]
    [Trait("case", "4")]
    public void New_window_times_hold_from_their_date_on_and_leave_the_days_before_as_they_were()
    {
        static Town Served(Town town)
        {
            town.Truck("T1").Point("P", 300).Log("T1")
                .Stay("05:00:00", "05:02:00", 300).Stay("2026-11-24 05:30:00", "2026-11-24 05:32:00", 300);
            return town;
        }
        var change = Town.At("2026-11-24 00:00:00");
        var before = Served(new Town().Window("MORNING", "04:30", "08:00"));
        var after = Served(new Town()
            .Window("MORNING", "04:30", "08:00", validity: new Validity(new Instant(0), change))
            .Window("MORNING", "06:00", "09:00", validity: new Validity(change, null)));
        Assert.Equal((Verdict.OnTime, Verdict.OnTime), (before.Verdict(), before.Judge(first: Tuesday).Obligations.Single().Verdict));
        Assert.Equal((Verdict.OnTime, Verdict.Early), (after.Verdict(), after.Judge(first: Tuesday).Obligations.Single().Verdict));
        Assert.Equal(
            (before.Outcome().Obligation.Start, before.Outcome().Obligation.AcceptUntil, before.Outcome().Primary),
            (after.Outcome().Obligation.Start, after.Outcome().Obligation.AcceptUntil, after.Outcome().Primary));
    }

    [Theory]
    [Trait("case", "5")]
    [InlineData(300, 360, Verdict.OnTime, Verdict.OnTime)]
    [InlineData(300, 300, Verdict.OnTime, Verdict.Missed)] // In the evening it is 60 m away.
    [InlineData(360, 360, Verdict.Missed, Verdict.OnTime)] // In the morning it was not there yet.
    public void A_point_moved_by_60_m_is_served_where_it_was_before_and_where_it_is_since(
        double morningAt, double eveningAt, Verdict morning, Verdict evening)
    {
        var noon = Town.At("12:00:00");
        var town = new Town().Truck("T1")
            .Point("P", 300, "MORNING EVENING", new Validity(new Instant(0), noon))
            .Point("P", 360, "", new Validity(noon, null));
        town.Log("T1").Stay("06:00:00", "06:02:00", morningAt).Stay("18:00:00", "18:02:00", eveningAt);
        Assert.Equal((morning, evening), (town.Verdict(), town.Verdict(key: "EVENING")));
    }

    [Theory]
    [Trait("case", "19")]
    [InlineData("2026-10-24", "2026-10-25 09:20", Verdict.OnTime)] // 02:20 for the second time.
    [InlineData("2026-10-24", "2026-10-25 09:45", Verdict.Late)] // 02:45 for the second time: the grace ends.
    [InlineData("2026-03-28", "2026-03-29 09:20", Verdict.OnTime)] // 03:20; the skipped 02:30 is 03:30.
    [InlineData("2026-03-28", "2026-03-29 09:45", Verdict.Late)] // 03:45.
    [InlineData("2026-06-01", "2026-06-02 08:20", Verdict.OnTime)] // 02:20 of an ordinary night.
    [InlineData("2026-06-01", "2026-06-02 08:45", Verdict.Late)]
    public void A_window_over_midnight_ends_by_the_clocks_of_the_night_that_changes_them(string date, string visit, Verdict expected)
    {
        var day = DateOnly.Parse(date, CultureInfo.InvariantCulture);
        var town = new Town().Window("NIGHT", "22:00", "02:30", "Europe/Berlin").Truck("T1").Point("P", 300, "NIGHT");
        town.Log("T1").Silent().Fix(visit + ":00", 300).Fix(visit + ":30", 300);
        var outcome = Assert.Single(town.Judge(first: day).Obligations);
        Assert.Equal((day, expected), (outcome.Obligation.ServiceDate, outcome.Verdict));
    }

    [Fact]
    [Trait("case", "21")]
    public void A_make_up_day_is_due_at_a_point_without_any_regular_day()
    {
        var town = new Town().Truck("T1").Point("P", 300, "")
            .Assign("P", "MORNING", validity: new Validity(Town.At("00:00:00"), Town.At("2026-11-24 00:00:00")));
        town.Log("T1");
        Assert.Equal(Verdict.Missed, town.Verdict());
        Assert.Equal(1, town.Plan(Town.Monday.AddDays(-14), Town.Monday.AddDays(14)).Count);
    }

    [Fact]
    [Trait("case", "22")]
    public void A_point_that_two_compounds_use_counts_for_the_one_it_is_registered_to_at_that_time()
    {
        var noon = Town.At("12:00:00");
        var town = new Town().Truck("T1")
            .Point("P", 300, "MORNING NOON EVENING", new Validity(new Instant(0), noon))
            .Point("P", 300, "", new Validity(noon, null), compound: "C2");
        var outcome = town.Judge();
        var rows = Compliance.Of(
            outcome.Obligations, _ => true, o => o.Point.CompoundId, ServiceDateBucket.Whole, Town.Monday, Town.Monday);
        Assert.Equal([("C", 2L), ("C2", 1L)], rows.Select(r => (r.Key.GroupId, r.Figures.Scheduled)));
        Assert.Equal(3, FiguresOf(outcome).Scheduled);
    }

    [Fact]
    [Trait("case", "24")]
    public void A_visit_after_midnight_is_asked_for_by_the_service_date_of_its_window()
    {
        var town = new Town().Window("LATE", "21:00", "01:30").Truck("T1").Point("P", 300, "LATE");
        town.Log("T1").Stay("2026-11-24 00:30:00", "2026-11-24 00:32:00", 300);
        var (monday, tuesday) = (FiguresOf(town.Judge()), FiguresOf(town.Judge(first: Tuesday)));
        Assert.Equal((1, 1), (monday.Scheduled, monday.OnTime));
        Assert.Equal((1, 0), (tuesday.Scheduled, tuesday.OnTime));
    }
}
