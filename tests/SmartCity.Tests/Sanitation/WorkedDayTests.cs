using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Sanitation;

/// <summary>A small day worked out by hand: every kind of ending once.</summary>
public sealed class WorkedDayTests
{
    private static Town Day()
    {
        var town = new Town().Truck("T1").Truck("T2", route: "other")
            .Point("OnTime", 300).Point("Early", -300).Point("Late", 200).Point("Missed", -450).Point("Blind", 450)
            .Point("Passed", -150).Point("Substituted", 120).Point("Twice", -230);
        town.Log("T1")
            .Stay("03:50:00", "03:52:00", -300) // 40 min before 04:30
            .Stay("05:00:00", "05:02:00", 300)
            .Stay("05:10:00", "05:10:00", -150, speed: 18) // no stop
            .Stay("06:00:00", "06:03:00", -230)
            .Stay("08:40:00", "08:42:00", 200); // 40 min after 08:00
        town.Log("T2").Stay("05:30:00", "05:32:00", 120).Stay("06:04:00", "06:06:00", -230);
        return town;
    }

    [Theory]
    [InlineData("OnTime", Verdict.OnTime)]
    [InlineData("Early", Verdict.Early)]
    [InlineData("Late", Verdict.Late)]
    [InlineData("Missed", Verdict.Missed)]
    [InlineData("Passed", Verdict.Missed)]
    [InlineData("Substituted", Verdict.OnTime)]
    [InlineData("Twice", Verdict.OnTime)]
    public void Every_point_gets_the_verdict_worked_out_by_hand(string pointId, Verdict expected) =>
        Assert.Equal(expected, Day().Verdict(pointId));

    [Fact]
    public void A_blind_hour_of_the_truck_leaves_a_point_it_could_have_reached_undetermined()
    {
        var town = new Town().Truck("T1").Point("P", 450);
        town.Log("T1").Blind("06:00:00", "07:00:00");
        Assert.Equal(Verdict.Undetermined, town.Verdict());
    }

    [Fact]
    public void Another_truck_than_planned_serves_and_is_marked()
    {
        var outcome = Day().Outcome("Substituted");
        Assert.True(outcome.Substituted);
        Assert.Equal("T2", outcome.Primary!.TruckId);
        Assert.False(Day().Outcome("OnTime").Substituted);
    }

    [Fact]
    public void Of_two_trucks_the_earlier_serves_and_the_other_is_a_duplicate()
    {
        var outcome = Day().Judge();
        var visits = outcome.Visits.Where(v => v.PointId == "Twice").ToList();
        Assert.Equal([("T1", VisitRole.Primary), ("T2", VisitRole.Duplicate)], visits.Select(v => (v.TruckId, v.Role)));
        Assert.All(visits, v => Assert.Equal("Twice/2026-11-23/MORNING", v.ObligationId));
    }

    [Fact]
    public void The_days_figures_add_up()
    {
        var outcome = Day().Judge();
        var (_, figures) = Compliance.Of(
            outcome.Obligations, _ => true, _ => "", ServiceDateBucket.Whole, Town.Monday, Town.Monday).Single();
        Assert.Equal((8, 8), (figures.Scheduled, figures.Due));
        Assert.Equal((3, 1, 1, 3, 0), (figures.OnTime, figures.Early, figures.Late, figures.Missed, figures.Undetermined));
        Assert.Equal((3, 8, 1), (figures.FullDays, figures.DaysDue, figures.Substituted));
        Assert.Equal(3 / 8.0, figures.FullDayCompliance);
        Assert.Equal(5 / 8.0, figures.CompletionRate);
        Assert.Equal(5 / 8.0, figures.Coverage);
        Assert.Equal(TimeSpan.Zero, figures.DeviationP50);
        Assert.Equal(TimeSpan.FromMinutes(40), figures.DeviationP90);
    }
}
