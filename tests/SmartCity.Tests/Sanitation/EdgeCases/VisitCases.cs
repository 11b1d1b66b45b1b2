using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation.EdgeCases;

/// <summary>Edge cases of what a truck did at a point, and which window it served.</summary>
public sealed class VisitCases
{
    private static IEnumerable<(string Truck, VisitRole Role)> RolesOf(Town town) =>
        town.Judge().Visits.Select(v => (v.TruckId, v.Role));

    [Fact]
    [Trait("case", "1")]
    public void Of_two_trucks_within_five_minutes_the_better_proof_serves_and_the_other_is_a_duplicate()
    {
        var town = new Town().Truck("T1").Truck("T2").Point("P", 300).Bin("E1", "P");
        town.Log("T1").Stay("06:00:00", "06:02:00", 300);
        town.Log("T2").Stay("06:04:00", "06:06:00", 300).Tag("06:05:00", "E1");
        Assert.Equal([("T1", VisitRole.Duplicate), ("T2", VisitRole.Primary)], RolesOf(town));
    }

    [Fact]
    [Trait("case", "1")]
    public void Of_two_trucks_with_the_same_proof_the_earlier_serves()
    {
        var town = new Town().Truck("T1").Truck("T2").Point("P", 300);
        town.Log("T2").Stay("06:00:00", "06:02:00", 300);
        town.Log("T1").Stay("06:04:00", "06:06:00", 300);
        Assert.Equal([("T2", VisitRole.Primary), ("T1", VisitRole.Duplicate)], RolesOf(town));
    }

    [Fact]
    [Trait("case", "2")]
    public void A_stay_from_noon_into_evening_serves_both_only_where_a_hole_parts_it()
    {
        var whole = new Town().Truck("T1").Point("P", 300, "NOON EVENING");
        whole.Log("T1").Stay("15:00:00", "16:30:00", 300);
        Assert.Equal((Verdict.Late, Verdict.Missed), (whole.Verdict(key: "NOON"), whole.Verdict(key: "EVENING")));

        var parted = new Town().Truck("T1").Point("P", 300, "NOON EVENING");
        parted.Log("T1").Stay("15:00:00", "16:30:00", 300).Blind("15:50:00", "16:05:00");
        Assert.Equal((Verdict.Late, Verdict.Early), (parted.Verdict(key: "NOON"), parted.Verdict(key: "EVENING")));
        Assert.Equal([Town.At("15:00:00"), Town.At("16:05:00")], parted.Judge().Visits.Select(v => v.Decision));
    }

    [Fact]
    [Trait("case", "6")]
    public void A_tag_that_moved_to_another_point_serves_the_point_it_was_at()
    {
        var noon = Town.At("12:00:00");
        var town = new Town().Truck("T1").Point("P", 300, "MORNING EVENING").Point("Q", -300, "MORNING EVENING")
            .Bin("E1", "P", new Validity(new Instant(0), noon)).Bin("E1", "Q", new Validity(noon, null));
        town.Log("T1").Silent().Tag("06:00:00", "E1").Tag("18:00:00", "E1");
        Assert.Equal((Verdict.OnTime, Verdict.Undetermined), (town.Verdict("P"), town.Verdict("P", "EVENING")));
        Assert.Equal((Verdict.Undetermined, Verdict.OnTime), (town.Verdict("Q"), town.Verdict("Q", "EVENING")));
    }

    [Fact]
    [Trait("case", "10")]
    public void A_parked_truck_whose_fixes_drift_by_60_m_has_not_left()
    {
        var town = new Town().Truck("T1").Point("P", 300);
        var log = town.Log("T1").Silent();
        for (var i = 0; i <= 20; i++)
        {
            log.Fix($"06:{i / 2:00}:{i % 2 * 30:00}", 300, north: i % 4 < 2 ? 0 : 60);
        }
        log.Fix("06:12:00", 900, 30).Fix("06:12:30", 1_100, 30);
        var visit = Assert.Single(town.Judge().Visits);
        Assert.Equal((21, TimeSpan.FromMinutes(10)), (visit.Fixes, visit.Stopped));
        Assert.Equal((Town.At("06:00:00"), (Instant?)Town.At("06:10:00")), (visit.Arrive, visit.Depart));
    }

    [Fact]
    [Trait("case", "11")]
    public void Tags_read_in_a_basement_while_no_fix_comes_through_serve_the_point()
    {
        var town = new Town().Truck("T1").Point("P", 300).Bin("E1", "P").Bin("E2", "P");
        town.Log("T1").Stay("05:59:00", "06:01:00", 120).Blind("06:01:00", "06:21:00").Stay("06:21:00", "06:22:00", 120)
            .Tag("06:06:00", "E1").Tag("06:15:00", "E2");
        var outcome = town.Outcome();
        Assert.Equal((Verdict.OnTime, false, Town.At("06:06:00")), (outcome.Verdict, outcome.Probable, outcome.Primary!.Decision));
        Assert.Equal((EvidenceGrade.A, 2, 0), (outcome.Primary.Grade, outcome.Primary.Lifts, outcome.Primary.Fixes));
    }

    [Fact]
    [Trait("case", "15")]
    public void Three_of_seven_bins_lifted_serve_the_point_and_a_truck_that_lifts_all_takes_precedence()
    {
        static Town Seven()
        {
            var town = new Town().Truck("T1").Truck("T2").Point("P", 300);
            for (var i = 0; i < 7; i++)
            {
                town.Bin($"E{i}", "P");
            }
            var log = town.Log("T1").Stay("06:00:00", "06:05:00", 300);
            for (var i = 0; i < 3; i++)
            {
                log.Tag($"06:0{i}:00", $"E{i}");
            }
            return town;
        }
        var partly = Seven().Outcome();
        Assert.Equal((Verdict.OnTime, "T1", 3), (partly.Verdict, partly.Primary!.TruckId, partly.Primary.Lifts));

        var town = Seven();
        var log = town.Log("T2").Stay("07:00:00", "07:10:00", 300);
        for (var i = 0; i < 7; i++)
        {
            log.Tag($"07:0{i}:00", $"E{i}");
        }
        var wholly = town.Outcome();
        Assert.Equal((Verdict.OnTime, "T2", 7), (wholly.Verdict, wholly.Primary!.TruckId, wholly.Primary.Lifts));
    }

    [Theory]
    [Trait("case", "16")]
    [InlineData("06:30:00", Verdict.Pending)]
    [InlineData("08:30:00", Verdict.Overdue)]
    [InlineData("10:00:00", Verdict.Missed)]
    public void A_truck_that_drives_past_leaves_the_window_open(string now, Verdict expected)
    {
        var town = new Town().Truck("T1").Point("P", 300);
        town.Log("T1").Stay("06:00:00", "06:00:30", 300, speed: 20);
        Assert.Equal(expected, town.Verdict(evaluation: now));
        Assert.Equal([("T1", VisitRole.Transit)], RolesOf(town));
    }
}
