using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rules 5 and 6: which fixes are used and what they make of a truck at a point.</summary>
public sealed class VisitTests
{
    private static Town OnePoint() => new Town().Truck("T1").Point("P", 300);

    private static List<Visit> VisitsOf(Town town, string pointId = "P") =>
        [.. town.Judge().Visits.Where(v => v.PointId == pointId)];

    private static (Town Town, TruckLog Log) ByHand()
    {
        var town = OnePoint();
        return (town, town.Log("T1").Silent());
    }

    [Fact]
    public void Standing_for_the_minimum_dwell_is_grade_B()
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300).Fix("06:00:30", 300).Fix("06:01:30", 600, 30).Fix("06:02:00", 900, 30);
        var visit = Assert.Single(VisitsOf(town));
        Assert.Equal((EvidenceGrade.B, TimeSpan.FromSeconds(30), 2), (visit.Grade, visit.Stopped, visit.Fixes));
        Assert.Equal((Town.At("06:00:00"), Town.At("06:00:30")), (visit.Arrive, visit.Depart!.Value));
        Assert.False(visit.Probable);
    }

    [Fact]
    public void Standing_for_less_serves_nothing()
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300).Fix("06:00:29", 300).Fix("06:00:58", 310, 30).Fix("06:02:00", 900, 30);
        Assert.Equal((EvidenceGrade.D, VisitRole.Transit), VisitsOf(town).Select(v => (v.Grade, v.Role)).Single());
    }

    [Theory]
    [InlineData(5.0, EvidenceGrade.B)]
    [InlineData(5.1, EvidenceGrade.D)]
    public void Stopped_is_at_most_5_kmh(double speed, EvidenceGrade expected)
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300, speed).Fix("06:00:30", 300, speed).Fix("06:01:00", 300, speed).Fix("06:03:00", 900, 30);
        Assert.Equal(expected, VisitsOf(town).Single().Grade);
    }

    [Fact]
    public void An_absent_speed_is_implied_by_the_fix_before()
    {
        var (town, log) = ByHand();
        log.Fix("05:59:30", 100, null).Fix("06:00:00", 300, null).Fix("06:00:30", 305, null).Fix("06:01:00", 300, null)
            .Fix("06:02:00", 900, null);
        var visit = VisitsOf(town).Single();
        Assert.Equal((EvidenceGrade.B, TimeSpan.FromSeconds(30)), (visit.Grade, visit.Stopped));
        Assert.Equal(Town.At("06:00:30"), visit.Decision); // The first fix came in at 24 km/h.
    }

    [Theory]
    [InlineData(39.9, 1)]
    [InlineData(40.1, 0)]
    public void A_visit_begins_within_40_m(double metres, int visits)
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300, 0, metres).Fix("06:00:30", 300, 0, metres).Fix("06:03:00", 900, 30);
        Assert.Equal(visits, VisitsOf(town).Count);
    }

    [Fact]
    public void Inside_the_hysteresis_it_still_stands_there()
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300, 10, 39).Fix("06:00:30", 300, 0, 64).Fix("06:01:00", 300, 0, 64).Fix("06:03:00", 900, 30);
        Assert.Equal(EvidenceGrade.B, VisitsOf(town).Single().Grade);
    }

    [Fact]
    public void A_drift_of_one_fix_while_parked_is_no_exit()
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300).Fix("06:00:30", 300).Fix("06:01:00", 300, 0, 100).Fix("06:01:30", 300).Fix("06:02:00", 300)
            .Fix("06:04:00", 900, 30).Fix("06:04:30", 1000, 30);
        var visit = Assert.Single(VisitsOf(town));
        Assert.Equal((Town.At("06:00:00"), Town.At("06:02:00")), (visit.Arrive, visit.Depart!.Value));
        Assert.Equal(4, visit.Fixes);
    }

    [Theory]
    [InlineData("06:03:29", 1)] // 179 s between the last fix inside and the next one inside
    [InlineData("06:03:30", 2)]
    public void Episodes_less_than_180_s_apart_are_one_visit(string back, int visits)
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300).Fix("06:00:30", 300).Fix("06:01:00", 400, 10).Fix("06:01:30", 400, 10)
            .Fix(back, 300).Fix("06:04:30", 300).Fix("06:06:00", 900, 30).Fix("06:06:30", 1000, 30);
        Assert.Equal(visits, VisitsOf(town).Count);
    }

    [Theory]
    [InlineData("06:30:30", 1)]
    [InlineData("06:30:31", 2)]
    public void A_hole_of_more_than_30_minutes_splits_a_visit(string back, int visits)
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300).Fix("06:00:30", 300).Fix(back, 300).Fix("06:31:31", 300).Fix("06:33:00", 900, 30);
        Assert.Equal(visits, VisitsOf(town).Count);
    }

    [Theory]
    [InlineData("06:00:30", EvidenceGrade.C)]
    [InlineData("06:00:29", EvidenceGrade.D)]
    [InlineData("06:30:00", EvidenceGrade.C)]
    [InlineData("06:30:01", EvidenceGrade.D)]
    public void A_single_stopped_fix_is_grade_C_when_the_next_one_is_outside_soon_enough(string next, EvidenceGrade expected)
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300).Fix(next, 500, 20);
        var visit = VisitsOf(town).Single();
        Assert.Equal((expected, expected == EvidenceGrade.C), (visit.Grade, visit.Probable));
    }

    [Fact]
    public void Bad_fixes_are_not_used()
    {
        var (town, log) = ByHand();
        log.Fix("05:59:00", 0, 20)
            .Fix("06:00:00", 300, valid: false).Fix("06:00:30", 300, accuracy: 101)
            .Fix("06:01:00", 300, flags: StampFlags.ClockRefused | StampFlags.Undatable).FixAtZero("06:01:30")
            .Fix("06:05:00", 0, 20);
        Assert.Empty(VisitsOf(town));
        Assert.Equal(2, town.Judge().WatchOf(town.Outcome().Obligation).Single().FixesInWindow);
    }

    [Fact]
    public void A_fix_dated_by_a_refused_clock_is_used_and_so_is_one_of_100_m_without_a_validity()
    {
        var (town, log) = ByHand();
        log.Fix("06:00:00", 300, flags: StampFlags.ClockRefused).Fix("06:00:30", 300, accuracy: 100, valid: null)
            .Fix("06:03:00", 900, 30);
        Assert.Equal(EvidenceGrade.B, VisitsOf(town).Single().Grade);
    }

    [Theory]
    [InlineData(1299, 1)] // 1,000 m in 30 s are 120 km/h.
    [InlineData(1301, 0)]
    public void A_jump_of_more_than_120_kmh_is_not_used(double from, int visits)
    {
        var (town, log) = ByHand();
        log.Fix("05:59:30", from).Fix("06:00:00", 300);
        Assert.Equal(visits, VisitsOf(town).Count);
    }

    [Fact]
    public void A_moved_point_is_served_at_its_new_place_and_was_at_its_old_one()
    {
        var noon = Town.At("12:00:00");
        var town = new Town().Truck("T1")
            .Point("P", 300, "MORNING EVENING", new Validity(new Instant(0), noon))
            .Point("P", 400, "", new Validity(noon, null));
        town.Log("T1").Stay("06:00:00", "06:02:00", 300).Stay("18:00:00", "18:02:00", 400);
        Assert.Equal((Verdict.OnTime, Verdict.OnTime), (town.Verdict(), town.Verdict(key: "EVENING")));

        var swapped = new Town().Truck("T1")
            .Point("P", 400, "MORNING EVENING", new Validity(new Instant(0), noon))
            .Point("P", 300, "", new Validity(noon, null));
        swapped.Log("T1").Stay("06:00:00", "06:02:00", 300).Stay("18:00:00", "18:02:00", 400);
        Assert.Equal((Verdict.Missed, Verdict.Missed), (swapped.Verdict(), swapped.Verdict(key: "EVENING")));
    }

    [Fact]
    public void Where_fences_overlap_the_nearest_point_is_served()
    {
        var town = new Town().Truck("T1").Point("P", 300).Point("Q", 350);
        town.Log("T1").Stay("06:00:00", "06:02:00", 320);
        Assert.Equal((Verdict.OnTime, Verdict.Missed), (town.Verdict("P"), town.Verdict("Q")));
    }

    [Fact]
    public void A_lift_takes_the_stop_to_its_own_point()
    {
        var town = new Town().Truck("T1").Point("P", 300).Point("Q", 350).Bin("E1", "Q");
        town.Log("T1").Stay("06:00:00", "06:02:00", 320).Tag("06:01:00", "E1");
        Assert.Equal((Verdict.Missed, Verdict.OnTime), (town.Verdict("P"), town.Verdict("Q")));
        Assert.Equal(TimeSpan.FromMinutes(2), VisitsOf(town, "Q").Single().Stopped);
    }

    [Fact]
    public void Two_stops_in_a_row_at_overlapping_points_serve_both()
    {
        var town = new Town().Truck("T1").Point("P", 300).Point("Q", 350);
        town.Log("T1").Stay("06:00:00", "06:02:00", 300).Stay("06:02:30", "06:05:00", 350);
        Assert.Equal((Verdict.OnTime, Verdict.OnTime), (town.Verdict("P"), town.Verdict("Q")));
    }

    [Fact]
    public void A_truck_that_has_not_left_has_no_departure()
    {
        var town = OnePoint();
        town.Log("T1").Stay("06:00:00", "09:00:00", 300);
        var visit = town.Judge("06:10:00").Visits.Single();
        Assert.Null(visit.Depart);
        Assert.Equal(VisitRole.Primary, visit.Role);
    }
}
