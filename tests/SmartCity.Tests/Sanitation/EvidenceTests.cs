using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rules 7 to 9: what counts, why not, and when it was.</summary>
public sealed class EvidenceTests
{
    private static (Town Town, TruckLog Log) Silent(string windowKeys = "MORNING")
    {
        var town = new Town().Truck("T1").Point("P", 300, windowKeys).Bin("E1", "P");
        return (town, town.Log("T1").Silent());
    }

    private static (Town Town, TruckLog Log) InSight()
    {
        var town = new Town().Truck("T1").Point("P", 300).Bin("E1", "P");
        return (town, town.Log("T1"));
    }

    private static EvidenceUse Use(Town town) =>
        Assert.Single(town.Judge().EvidenceAt("P", Town.At("00:00:00"), Town.At("23:59:00")));

    [Fact]
    public void Tags_read_in_a_basement_without_fixes_serve_the_point()
    {
        var (town, log) = Silent();
        log.Tag("06:00:00", "E1").Tag("06:20:00", "E1");
        var outcome = town.Outcome();
        Assert.Equal((Verdict.OnTime, EvidenceGrade.A), (outcome.Verdict, outcome.Primary!.Grade));
        Assert.Equal((0, 1), (outcome.Primary.Fixes, outcome.Primary.Lifts));
        Assert.Equal((Town.At("06:00:00"), Town.At("06:20:00")), (outcome.Primary.Arrive, outcome.Primary.Depart!.Value));
    }

    [Theory]
    [InlineData("06:30:00", 1)]
    [InlineData("06:30:01", 2)]
    public void Loose_evidence_chains_over_30_minutes(string second, int visits)
    {
        var (town, log) = Silent();
        log.Tag("06:00:00", "E1").Tag(second, "E1");
        Assert.Equal(visits, town.Judge().Visits.Count);
    }

    [Fact]
    public void A_tag_beats_the_point_that_the_message_names()
    {
        var (town, log) = Silent();
        town.Point("Q", -300).Bin("E2", "Q");
        log.Tag("06:00:00", "E2", pointId: "P");
        Assert.Equal("Q", Assert.Single(town.Judge().Visits).PointId);
    }

    [Fact]
    public void A_bin_that_moved_counts_at_its_point_of_the_day()
    {
        var (town, log) = Silent();
        var noon = Town.At("12:00:00");
        town.Point("Q", -300, "EVENING").Bin("E3", "P", new Validity(new Instant(0), noon)).Bin("E3", "Q", new Validity(noon, null));
        log.Tag("06:00:00", "E3").Tag("18:00:00", "E3");
        Assert.Equal(["P", "Q"], town.Judge().Visits.Select(v => v.PointId).Order());
    }

    [Fact]
    public void An_unknown_tag_is_rejected_with_the_reason()
    {
        var (town, log) = InSight();
        log.Stay("06:00:00", "06:00:00", 300, speed: 15).Tag("06:00:00", "E9");
        var use = Use(town);
        Assert.False(use.Accepted);
        Assert.Contains("E9 was not registered", use.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Missed, town.Verdict());
    }

    [Theory]
    [InlineData(364, true)]
    [InlineData(366, false)]
    public void A_tag_read_more_than_65_m_away_does_not_count(double east, bool expected)
    {
        var (town, log) = Silent();
        log.Tag("06:00:00", "E1", east: east);
        Assert.Equal(expected, Use(town).Accepted);
        Assert.Equal(expected ? Verdict.OnTime : Verdict.Undetermined, town.Verdict());
    }

    [Theory]
    [InlineData("06:01:00", false)] // The fix 60 s later says it was 100 m away.
    [InlineData("06:01:01", true)] // Too long after to say anything.
    public void Evidence_without_a_position_is_where_its_truck_was_within_60_s(string fix, bool expected)
    {
        var (town, log) = Silent();
        log.Tag("06:00:00", "E1").Fix(fix, 400, 20);
        Assert.Equal(expected, Use(town).Accepted);
    }

    [Fact]
    public void A_tag_whose_time_nobody_knows_is_rejected()
    {
        var (town, log) = Silent();
        log.Tag("06:00:00", "E1", pointId: "P", flags: StampFlags.ClockRefused | StampFlags.Undatable);
        Assert.Contains("clock was wrong", Use(town).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_weight_at_the_point_is_grade_A_and_a_lift_grade_B()
    {
        var (town, log) = Silent();
        log.Weight("06:00:00", 12, east: 310);
        Assert.Equal((EvidenceGrade.A, (double?)12), (town.Outcome().Primary!.Grade, town.Outcome().Primary!.NetKg));

        var (other, lift) = Silent();
        lift.Lift("06:00:00", east: 310, count: 3);
        var lifted = other.Outcome();
        Assert.Equal((EvidenceGrade.B, 3, false), (lifted.Primary!.Grade, lifted.Primary.Lifts, lifted.Probable));
    }

    [Fact]
    public void A_weight_more_than_65_m_away_is_rejected_and_one_without_a_position_is_weak()
    {
        var (far, farLog) = Silent();
        farLog.Weight("06:00:00", 12, pointId: "P", east: 366);
        Assert.False(Use(far).Accepted);

        var (nowhere, log) = Silent();
        log.Weight("06:00:00", 12, pointId: "P");
        Assert.Equal((Verdict.OnTime, true, EvidenceGrade.C),
            (nowhere.Verdict(), nowhere.Outcome().Probable, nowhere.Outcome().Primary!.Grade));
    }

    [Fact]
    public void A_lift_that_names_nothing_joins_the_visit_it_falls_into_or_is_rejected()
    {
        var (town, log) = Silent();
        log.Fix("06:00:00", 300).Fix("06:00:10", 300).Lift("06:02:00").Lift("06:05:00");
        var visit = Assert.Single(town.Judge().Visits);
        Assert.Equal((1, EvidenceGrade.C), (visit.Lifts, visit.Grade));
    }

    [Theory]
    [InlineData(2.9, false)]
    [InlineData(3.0, true)]
    [InlineData(null, false)]
    public void Less_than_3_kg_are_noise(double? kg, bool expected)
    {
        var (town, log) = Silent();
        log.Weight("06:00:00", kg, pointId: "P", east: 300);
        Assert.Equal(expected, Use(town).Accepted);
    }

    [Fact]
    public void A_photo_taken_2_km_away_is_rejected()
    {
        var (town, log) = Silent();
        log.Photo("06:00:00", east: 2300);
        var use = Use(town);
        Assert.False(use.Accepted);
        Assert.Contains("2000 m from the point; at most 150 m", use.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("03:29:59", 300, false)] // before acceptance
    [InlineData("03:30:00", 300, true)]
    [InlineData("06:00:00", 449, true)]
    [InlineData("06:00:00", 451, false)]
    public void A_confirmation_counts_weakly_inside_acceptance_within_150_m(string at, double east, bool expected)
    {
        var (town, log) = Silent();
        log.Manual(at, east: east);
        Assert.Equal(expected, Use(town).Accepted);
        Assert.Equal(expected, town.Outcome().Probable);
    }

    [Fact]
    public void A_confirmation_from_nowhere_is_rejected()
    {
        var (town, log) = Silent();
        log.Manual("06:00:00");
        Assert.Contains("nothing tells where", Use(town).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_kinds_of_weak_evidence_are_not_probable_and_two_of_one_kind_are()
    {
        var (two, log) = Silent();
        log.Manual("06:00:00", east: 300).Photo("06:01:00", east: 300);
        Assert.Equal((Verdict.OnTime, false), (two.Verdict(), two.Outcome().Probable));

        var (one, other) = Silent();
        other.Manual("06:00:00", east: 300).Manual("06:01:00", east: 300);
        Assert.Equal((Verdict.OnTime, true), (one.Verdict(), one.Outcome().Probable));
    }

    [Theory]
    [InlineData("05:57:00", 1)] // 180 s before the first fix
    [InlineData("05:56:59", 2)]
    [InlineData("06:03:30", 1)] // 180 s after the last fix
    [InlineData("06:09:00", 2)]
    public void Evidence_within_180_s_of_the_fixes_joins_a_visit(string at, int visits)
    {
        var (town, log) = Silent();
        log.Fix("06:00:00", 300).Fix("06:00:30", 300).Tag(at, "E1");
        Assert.Equal(visits, town.Judge().Visits.Count);
    }

    [Fact]
    public void Evidence_joins_up_to_the_exit_even_when_that_is_later()
    {
        var (town, log) = Silent();
        log.Fix("06:00:00", 300).Fix("06:00:30", 300).Tag("06:08:00", "E1").Fix("06:10:00", 600, 20).Fix("06:10:30", 800, 20);
        Assert.Equal(1, Assert.Single(town.Judge().Visits).Lifts);
    }

    [Theory]
    [InlineData(0.9, 0.2, true)]
    [InlineData(0.5, 0.2, true)]
    [InlineData(0.45, 0.2, false)]
    [InlineData(0.9, 0.3, false)]
    public void A_bin_whose_fill_falls_serves_weakly(double before, double after, bool expected)
    {
        var (town, _) = InSight();
        town.Fill("P", "06:00:00", before).Fill("P", "06:30:00", after);
        var outcome = town.Outcome();
        Assert.Equal(expected ? Verdict.OnTime : Verdict.Missed, outcome.Verdict);
        Assert.Equal(expected, outcome.Probable);
    }

    [Fact]
    public void A_fall_of_the_fill_supports_the_visit_between_the_readings()
    {
        var (town, log) = InSight();
        log.Silent().Fix("06:10:00", 300).Fix("06:11:00", 600, 30);
        town.Fill("P", "06:00:00", 0.9).Fill("P", "06:30:00", 0.1);
        var outcome = town.Outcome();
        Assert.Equal(("T1", false, EvidenceGrade.C), (outcome.Primary!.TruckId, outcome.Probable, outcome.Primary.Grade));
        Assert.Equal(Town.At("06:10:00"), outcome.Primary.Decision);
    }

    [Fact]
    public void Readings_of_the_fill_too_far_apart_tell_nothing()
    {
        var (town, _) = InSight();
        town.Fill("P", "06:00:00", 0.9).Fill("P", "07:30:01", 0.1);
        Assert.Equal(Verdict.Missed, town.Verdict());
    }

    [Fact]
    public void The_first_lift_decides_the_time_then_the_first_stop_then_the_arrival()
    {
        var (lifted, log) = Silent();
        log.Fix("04:28:00", 300).Fix("04:29:00", 300).Tag("04:31:00", "E1").Fix("04:31:30", 300);
        Assert.Equal((Town.At("04:31:00"), Verdict.OnTime), (lifted.Outcome().Primary!.Decision, lifted.Verdict()));

        var (stopped, other) = Silent();
        other.Fix("04:29:00", 300, 10).Fix("04:29:30", 300).Fix("04:30:30", 300);
        Assert.Equal((Town.At("04:29:30"), Verdict.Early), (stopped.Outcome().Primary!.Decision, stopped.Verdict()));

        var (passed, third) = Silent();
        third.Fix("04:29:00", 300, 10).Manual("04:31:00", east: 300);
        Assert.Equal((Town.At("04:29:00"), Verdict.Early), (passed.Outcome().Primary!.Decision, passed.Verdict()));
    }
}
