using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rule 12 and the evaluation instant.</summary>
public sealed class VerdictTests
{
    private static Town Seen()
    {
        var town = new Town().Truck("T1").Point("P", 300);
        town.Log("T1");
        return town;
    }

    [Theory]
    [InlineData("03:29:59", Verdict.Upcoming)]
    [InlineData("03:30:00", Verdict.Pending)]
    [InlineData("08:14:59", Verdict.Pending)]
    [InlineData("08:15:00", Verdict.Overdue)]
    [InlineData("09:59:59", Verdict.Overdue)]
    [InlineData("10:00:00", Verdict.Missed)]
    public void An_unserved_window_moves_on_with_time(string now, Verdict expected) =>
        Assert.Equal(expected, Seen().Verdict(evaluation: now));

    [Fact]
    public void A_verdict_is_final_24_hours_after_the_cutoff()
    {
        Assert.False(Seen().Outcome(evaluation: "2026-11-24 09:59:59").Final);
        Assert.True(Seen().Outcome(evaluation: "2026-11-24 10:00:00").Final);
    }

    [Fact]
    public void Nothing_after_the_evaluation_exists()
    {
        var town = new Town().Truck("T1").Point("P", 300).Bin("E1", "P");
        town.Log("T1").Stay("06:00:00", "06:05:00", 300).Tag("06:04:00", "E1");
        town.Fill("P", "05:40:00", 0.9).Fill("P", "06:10:00", 0.1);
        Assert.Equal(Verdict.Pending, town.Verdict(evaluation: "05:59:59"));
        var early = town.Outcome(evaluation: "06:01:00");
        Assert.Equal((Verdict.OnTime, Town.At("06:00:00"), 0), (early.Verdict, early.Primary!.Decision, early.Primary.Lifts));
    }

    [Fact]
    public void A_late_lift_moves_the_decision()
    {
        var town = new Town().Truck("T1").Point("P", 300).Bin("E1", "P");
        town.Log("T1").Stay("06:00:00", "06:05:00", 300).Tag("06:04:00", "E1");
        Assert.Equal(Town.At("06:04:00"), town.Outcome(evaluation: "06:05:00").Primary!.Decision);
    }

    [Fact]
    public void An_early_visit_gives_way_to_one_on_time()
    {
        var town = new Town().Truck("T1").Point("P", 300);
        town.Log("T1").Stay("04:00:00", "04:02:00", 300).Stay("05:00:00", "05:02:00", 300);
        Assert.Equal(Verdict.Early, town.Verdict(evaluation: "04:10:00"));
        Assert.Equal(Verdict.OnTime, town.Verdict(evaluation: "05:10:00"));
    }

    [Fact]
    public void The_same_obligation_has_the_same_verdict_in_any_range()
    {
        var town = new Town().Truck("T1").Point("P", 300, "MORNING NOON EVENING");
        town.Log("T1").Stay("06:00:00", "06:05:00", 300).Stay("20:00:00", "23:30:00", 300);
        var one = town.Judge().Obligations;
        var many = town.Judge(first: Town.Monday.AddDays(-3), last: Town.Monday.AddDays(3)).Obligations;
        Assert.Equal(one, many.Where(o => o.Obligation.ServiceDate == Town.Monday));
    }
}
