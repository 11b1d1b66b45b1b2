using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rule 10: which visit serves which obligation.</summary>
public sealed class MatchingTests
{
    private static readonly string[] Trucks = ["T1", "T2"];

    private static Town TwoTrucks()
    {
        var town = new Town().Truck("T1").Truck("T2").Point("P", 300, "MORNING NOON").Bin("E1", "P").Bin("E2", "P");
        return town;
    }

    [Fact]
    public void On_time_the_better_proof_wins()
    {
        var town = TwoTrucks();
        town.Log("T1").Stay("06:00:00", "06:02:00", 300);
        town.Log("T2").Stay("06:04:00", "06:06:00", 300).Tag("06:05:00", "E1");
        Assert.Equal("T2", town.Outcome().Primary!.TruckId);
    }

    [Fact]
    public void Of_equal_proofs_the_one_with_all_bins_wins()
    {
        var town = TwoTrucks();
        town.Log("T1").Stay("06:00:00", "06:02:00", 300).Tag("06:01:00", "E1");
        town.Log("T2").Stay("06:04:00", "06:06:00", 300).Tag("06:05:00", "E1").Tag("06:05:30", "E2");
        Assert.Equal("T2", town.Outcome().Primary!.TruckId);
    }

    [Fact]
    public void Of_equal_visits_the_first_truck_id_wins()
    {
        foreach (var order in new[] { Trucks, ["T2", "T1"] })
        {
            var town = TwoTrucks();
            foreach (var truck in order)
            {
                town.Log(truck).Stay("06:00:00", "06:02:00", 300);
            }
            Assert.Equal("T1", town.Outcome().Primary!.TruckId);
        }
    }

    [Fact]
    public void Without_one_on_time_the_smallest_deviation_wins_whatever_its_proof()
    {
        var town = TwoTrucks();
        town.Log("T1").Stay("03:40:00", "03:42:00", 300).Tag("03:41:00", "E1"); // 49 min early
        town.Log("T2").Stay("08:30:00", "08:32:00", 300); // 30 min late
        var outcome = town.Outcome();
        Assert.Equal(("T2", Verdict.Late), (outcome.Primary!.TruckId, outcome.Verdict));
        Assert.Equal(TimeSpan.FromMinutes(30), outcome.Deviation);
    }

    [Fact]
    public void Grace_is_on_time_and_its_deviation_is_shown()
    {
        var town = TwoTrucks();
        town.Log("T1").Stay("08:10:00", "08:12:00", 300);
        var outcome = town.Outcome();
        Assert.Equal((Verdict.OnTime, (TimeSpan?)TimeSpan.FromMinutes(10)), (outcome.Verdict, outcome.Deviation));
    }

    [Theory]
    [InlineData("04:29:30", Verdict.Early)]
    [InlineData("04:30:00", Verdict.OnTime)]
    [InlineData("08:14:30", Verdict.OnTime)]
    [InlineData("08:15:00", Verdict.Late)]
    [InlineData("09:37:00", Verdict.Late)]
    [InlineData("09:37:30", Verdict.Missed)]
    [InlineData("03:29:30", Verdict.Missed)]
    public void Intervals_are_half_open(string arrival, Verdict expected)
    {
        var town = TwoTrucks();
        var end = arrival.StartsWith("04", StringComparison.Ordinal) ? "04:34:00" : arrival[..3] + "59:00";
        town.Log("T1").Stay(arrival, end, 300);
        town.Log("T2");
        Assert.Equal(expected, town.Verdict());
    }

    [Fact]
    public void A_visit_in_no_window_is_extra_and_a_drive_past_is_transit()
    {
        var town = TwoTrucks();
        town.Log("T1").Stay("02:00:00", "02:02:00", 300).Stay("06:00:00", "06:00:00", 300, speed: 20);
        var visits = town.Judge().Visits;
        Assert.Equal([VisitRole.Extra, VisitRole.Transit], visits.Select(v => v.Role));
        Assert.All(visits, v => Assert.Null(v.ObligationId));
    }

    [Fact]
    public void A_stay_over_two_windows_is_split_at_its_longest_hole()
    {
        var town = TwoTrucks();
        town.Log("T1").Stay("09:00:00", "10:20:00", 300).Blind("09:20:00", "09:35:00").Blind("09:40:00", "10:00:00");
        var visits = town.Judge().Visits;
        Assert.Equal([Town.At("09:00:00"), Town.At("10:00:00")], visits.Select(v => v.Decision));
        Assert.Equal((Verdict.Late, Verdict.Early), (town.Verdict(), town.Verdict(key: "NOON")));
    }

    [Fact]
    public void A_stay_over_two_windows_without_a_hole_serves_the_one_that_holds_its_time()
    {
        var town = TwoTrucks();
        town.Log("T1").Stay("09:00:00", "10:20:00", 300);
        town.Log("T2");
        Assert.Single(town.Judge().Visits);
        Assert.Equal((Verdict.Late, Verdict.Missed), (town.Verdict(), town.Verdict(key: "NOON")));
    }

    [Fact]
    public void Without_a_hole_two_clusters_of_tags_split_the_stay()
    {
        var town = TwoTrucks();
        town.Log("T1").Stay("09:00:00", "10:20:00", 300).Tag("09:05:00", "E1").Tag("09:06:00", "E2").Tag("10:15:00", "E1");
        Assert.Equal((Verdict.Late, Verdict.Early), (town.Verdict(), town.Verdict(key: "NOON")));
        Assert.Equal([Town.At("09:05:00"), Town.At("10:15:00")], town.Judge().Visits.Select(v => v.Decision));
    }

    [Fact]
    public void A_stay_inside_one_window_is_not_split()
    {
        var town = TwoTrucks();
        town.Log("T1").Stay("06:00:00", "06:40:00", 300).Blind("06:10:00", "06:25:00");
        Assert.Single(town.Judge().Visits);
    }

    [Fact]
    public void A_substitute_after_a_breakdown_serves_without_an_excuse()
    {
        var town = new Town().Truck("T1").Truck("T2", route: "other").Point("P", 300, truck: "T1");
        town.Log("T1").Blind("07:30:00", "2026-11-24 11:00:00");
        town.Log("T2").Stay("08:50:00", "08:52:00", 300);
        var outcome = town.Outcome();
        Assert.Equal((Verdict.Late, true), (outcome.Verdict, outcome.Substituted));
    }

    [Fact]
    public void A_truck_that_is_sent_for_a_day_is_the_planned_one_of_that_day_only()
    {
        var (monday, tuesday) = (Town.At("00:00:00"), Town.At("2026-11-24 00:00:00"));
        Town Sent() => new Town().Truck("T1").Truck("T9", route: "S").Point("P", 300, "")
            .Assign("P", "MORNING", validity: new Validity(new Instant(0), monday), truck: "T1")
            .Assign("P", "MORNING", validity: new Validity(monday, tuesday), truck: "T9")
            .Assign("P", "MORNING", validity: new Validity(tuesday, null), truck: "T1");
        Visited("T9", isSubstitute: false);
        Visited("T1", isSubstitute: true);
        Unseen("T9", Verdict.Undetermined);
        Unseen("T1", Verdict.Missed);
        Assert.Equal("T1", Sent().Plan(Town.Monday.AddDays(1), Town.Monday.AddDays(1)).Points[0].Asked.Single().Assignment.TruckId);

        void Visited(string truck, bool isSubstitute)
        {
            var town = Sent();
            town.Log(truck).Stay("06:00:00", "06:02:00", 300);
            Assert.Equal((Verdict.OnTime, isSubstitute), (town.Verdict(), town.Outcome().Substituted));
        }

        void Unseen(string truck, Verdict expected)
        {
            var town = Sent();
            town.Log(truck).Blind("06:00:00", "06:30:00");
            town.Log(truck == "T1" ? "T9" : "T1");
            Assert.Equal(expected, town.Verdict());
            Assert.Equal(["T9"], town.Judge().WatchOf(town.Outcome().Obligation).Select(t => t.TruckId));
        }
    }

    [Fact]
    public void A_truck_of_the_route_is_no_substitute_and_without_a_plan_nobody_is()
    {
        var town = TwoTrucks();
        town.Point("Q", -300, route: null);
        town.Log("T2").Stay("06:00:00", "06:02:00", 300).Stay("06:10:00", "06:12:00", -300);
        Assert.False(town.Outcome().Substituted);
        Assert.False(town.Outcome("Q").Substituted);
    }
}
