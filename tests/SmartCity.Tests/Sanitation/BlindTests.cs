using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rule 11: missed only when somebody would have seen it.</summary>
public sealed class BlindTests
{
    private static Town OneTruck(int intervalS = 30) => new Town().Truck("T1", intervalS: intervalS).Point("P", 300);

    private static Verdict After(Town town, Action<TruckLog> day)
    {
        day(town.Log("T1"));
        return town.Verdict();
    }

    [Fact]
    public void A_truck_in_sight_all_the_time_has_missed_the_point() => Assert.Equal(Verdict.Missed, After(OneTruck(), _ => { }));

    [Fact]
    public void Nothing_heard_at_all_is_undetermined() => Assert.Equal(Verdict.Undetermined, OneTruck().Verdict());

    [Fact]
    public void A_visit_of_56_s_may_hide_in_77_s_whose_data_were_lost()
    {
        // It drives by at walking pace, 100 m away: 6 s there, 56 s of work, 6 s on.
        var town = OneTruck();
        town.Log("T1").Stay("02:00:00", "12:00:00", 200, speed: 6).Blind("06:00:00", "06:01:30").Fix("06:01:17", 200, speed: 6);
        Assert.Equal(Verdict.Undetermined, town.Verdict());
        var watch = Assert.Single(town.Judge().WatchOf(town.Outcome().Obligation));
        Assert.Equal((Town.At("06:00:00"), Town.At("06:01:17")), (watch.BlindFrom!.Value, watch.BlindUntil!.Value));
    }

    [Theory]
    [InlineData(30, Verdict.Missed)] // 60 s are not longer than twice 30 s.
    [InlineData(29, Verdict.Undetermined)]
    [InlineData(10, Verdict.Undetermined)]
    public void A_gap_counts_above_two_intervals_however_short(int intervalS, Verdict expected) => Assert.Equal(
        expected,
        After(OneTruck(intervalS), log => log.Stay("02:00:00", "12:00:00", 200, speed: 6).Blind("06:00:00", "06:01:00")));

    [Theory]
    [InlineData("06:04:00", Verdict.Missed)]
    [InlineData("06:04:30", Verdict.Undetermined)]
    public void A_slow_tracker_may_be_silent_for_two_of_its_intervals(string until, Verdict expected) =>
        Assert.Equal(expected, After(OneTruck(intervalS: 120), log => log.Blind("06:00:00", until)));

    [Theory]
    [InlineData("06:02:00", Verdict.Missed)] // 120 s are not longer than 120 s.
    [InlineData("06:02:30", Verdict.Undetermined)]
    public void A_city_may_overlook_short_gaps(string until, Verdict expected)
    {
        var town = new Town { Rules = SanitationRules.Default with { BlindMin = TimeSpan.FromSeconds(120) } };
        Assert.Equal(expected, After(town.Truck("T1").Point("P", 300), log => log.Blind("06:00:00", until)));
    }

    [Theory]
    [InlineData("06:15:00", Verdict.Missed)]
    [InlineData("06:15:30", Verdict.Undetermined)]
    public void A_parked_truck_may_be_silent_for_15_minutes(string until, Verdict expected) =>
        Assert.Equal(expected, After(OneTruck(), log => log.Stay("05:00:00", "07:00:00", 0).Blind("06:00:00", until)));

    [Fact]
    public void A_gap_between_stops_in_two_places_is_not_parking() => Assert.Equal(
        Verdict.Undetermined,
        After(OneTruck(), log => log.Stay("05:00:00", "06:02:00", 0).Stay("06:02:30", "07:00:00", 110).Blind("06:00:00", "06:10:00")));

    [Theory]
    [InlineData(2_000, Verdict.Undetermined)] // 1.7 km there and back at 60 km/h are 204 s; 246 s are needed with the dwell.
    [InlineData(2_300, Verdict.Missed)] // 2 km there and back are 240 s.
    public void A_gap_too_short_to_drive_there_and_stand_is_no_chance(double from, Verdict expected) => Assert.Equal(
        expected, After(OneTruck(), log => log.Stay("02:00:00", "12:00:00", from, speed: 12).Blind("06:00:00", "06:04:00")));

    [Fact]
    public void A_gap_outside_acceptance_changes_nothing() => Assert.Equal(
        Verdict.Missed, After(OneTruck(), log => log.Blind("01:00:00", "03:30:00").Blind("10:00:00", "11:00:00")));

    [Fact]
    public void A_gap_that_reaches_into_acceptance_for_less_than_the_dwell_is_no_chance()
    {
        // The depot is 300 m away: 18 s before the end of the gap it has to leave the point.
        Assert.Equal(Verdict.Missed, After(OneTruck(), log => log.Blind("01:00:00", "03:30:30")));
        Assert.Equal(Verdict.Undetermined, After(OneTruck(), log => log.Blind("01:00:00", "03:31:00")));
    }

    [Fact]
    public void The_time_after_the_last_fix_is_a_gap_up_to_the_evaluation()
    {
        var town = OneTruck();
        town.Log("T1").Blind("07:00:00", "2026-11-24 12:00:00");
        Assert.Equal(Verdict.Undetermined, town.Verdict(evaluation: "10:30:00"));
    }

    [Fact]
    public void The_time_before_the_first_fix_is_a_gap()
    {
        var town = OneTruck();
        town.Log("T1").Blind("2026-11-22 00:00:00", "07:00:00");
        Assert.Equal(Verdict.Undetermined, town.Verdict());
    }

    [Fact]
    public void Only_the_assigned_truck_is_relevant_where_there_is_one()
    {
        var town = new Town().Truck("T1").Truck("T2").Point("P", 300, truck: "T1");
        town.Log("T1");
        Assert.Equal(Verdict.Missed, town.Verdict());
        Assert.Equal(["T1"], town.Judge().WatchOf(town.Outcome().Obligation).Select(t => t.TruckId));
    }

    [Fact]
    public void Every_truck_of_the_route_is_relevant()
    {
        var town = new Town().Truck("T1").Truck("T2").Truck("T3", route: "other").Point("P", 300);
        town.Log("T1");
        Assert.Equal(Verdict.Undetermined, town.Verdict());
        Assert.Equal(["T1", "T2"], town.Judge().WatchOf(town.Outcome().Obligation).Select(t => t.TruckId));
    }

    [Fact]
    public void Without_truck_and_route_all_tracked_trucks_of_the_district_are_relevant()
    {
        var town = new Town().Truck("T1", route: null).Truck("T2", route: null, tracked: false).Truck("T3", route: null, district: "E")
            .Point("P", 300, route: null);
        town.Log("T1");
        Assert.Equal(Verdict.Missed, town.Verdict());
        Assert.Equal(["T1"], town.Judge().WatchOf(town.Outcome().Obligation).Select(t => t.TruckId));
    }

    [Fact]
    public void Where_no_truck_carries_a_tracker_nothing_is_called_missed()
    {
        Assert.Equal(Verdict.Undetermined, new Town().Truck("T1", tracked: false).Point("P", 300).Verdict());
        Assert.Equal(Verdict.Undetermined, new Town().Point("P", 300, route: null).Verdict());
        Assert.Equal(Verdict.Undetermined, new Town().Point("P", 300, truck: "T1").Verdict());
    }

    [Fact]
    public void A_truck_of_the_route_without_a_tracker_could_have_come()
    {
        var town = new Town().Truck("T1").Truck("T2", tracked: false).Point("P", 300);
        town.Log("T1");
        Assert.Equal(Verdict.Undetermined, town.Verdict());
        var watch = town.Judge().WatchOf(town.Outcome().Obligation);
        Assert.Equal([(true, false), (false, true)], watch.Select(t => (t.Tracked, t.CouldHaveComeUnseen)));
    }

    [Theory]
    [InlineData("06:00:30", 5, Verdict.Undetermined)] // Stood between 06:00:00 and 06:01:00, seen once, then still near.
    [InlineData("06:00:30", 15, Verdict.Missed)] // Drove through: the 30 s on either side leave less than 30 s.
    public void A_stop_that_one_position_saw_is_not_called_missed(string standing, double speed, Verdict expected)
    {
        var town = OneTruck();
        town.Log("T1").Stay("06:00:00", "06:00:00", 270, speed: 15).Stay(standing, standing, 300, speed)
            .Stay("06:01:00", "06:01:00", 330, speed: 15);
        Assert.Equal(expected, town.Verdict());
    }

    [Fact]
    public void A_pass_with_a_lost_position_is_not_called_missed_however_short_the_gap()
    {
        var town = OneTruck();
        town.Log("T1").Stay("06:00:00", "06:00:00", 290, speed: 15).Blind("06:00:00", "06:01:00").Stay("06:01:00", "06:01:00", 400, 15);
        Assert.Equal(Verdict.Undetermined, town.Verdict());
    }

    [Fact]
    public void Positions_close_enough_to_tell_a_short_stop_from_a_collection_leave_it_missed()
    {
        // A red light: stands for 10 s, driving 5 s before and 5 s after.
        var town = OneTruck();
        town.Log("T1").Fix("06:00:10", 285, 15).Fix("06:00:15", 300).Fix("06:00:25", 300).Fix("06:00:30", 315, 15);
        Assert.Equal(Verdict.Missed, town.Verdict());
    }

    [Fact]
    public void Any_truck_that_may_have_stood_there_is_named_with_the_reason()
    {
        var town = new Town().Truck("T1").Truck("T2", route: "other").Point("P", 300);
        town.Log("T1");
        town.Log("T2").Stay("06:00:00", "06:00:00", 270, speed: 15).Stay("06:00:30", "06:00:30", 300)
            .Stay("06:01:00", "06:01:00", 330, speed: 15);
        Assert.Equal(Verdict.Undetermined, town.Verdict());
        var watch = town.Judge().WatchOf(town.Outcome().Obligation);
        Assert.Equal([("T1", false), ("T2", true)], watch.Select(t => (t.TruckId, t.CouldHaveComeUnseen)));
        Assert.Contains(
            "was at the point from 06:00:00 to 06:01:00, and its positions are too far apart to tell a stop from a pass: between its "
                + "positions of 06:00:00 and 06:01:00 it may have stood there for 56 s", watch[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truck_parked_at_the_next_point_within_the_fence_is_no_doubt()
    {
        var town = OneTruck().Point("Q", 335);
        town.Log("T1").Stay("06:00:00", "06:20:00", 334).Blind("06:01:00", "06:11:00");
        Assert.Equal(Verdict.Missed, town.Verdict());
    }

    [Fact]
    public void A_visit_before_acceptance_that_was_seen_whole_is_no_doubt_within()
    {
        var town = OneTruck();
        town.Log("T1").Stay("03:29:00", "03:31:00", 300);
        Assert.Equal(Verdict.Missed, town.Verdict());
    }

    [Fact]
    public void The_gap_that_left_a_chance_is_named()
    {
        var town = OneTruck();
        town.Log("T1").Blind("06:00:00", "06:20:00");
        var watch = Assert.Single(town.Judge().WatchOf(town.Outcome().Obligation));
        Assert.Equal((Town.At("06:00:00"), Town.At("06:20:00")), (watch.BlindFrom!.Value, watch.BlindUntil!.Value));
        Assert.Contains("out of sight from 06:00:00 to 06:20:00 (before it 300 m", watch.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Late_fixes_that_close_the_gap_turn_undetermined_into_missed_or_served()
    {
        var blind = OneTruck();
        blind.Log("T1").Blind("06:00:00", "06:40:00");
        Assert.Equal(Verdict.Undetermined, blind.Verdict());
        var late = OneTruck();
        late.Log("T1").Stay("06:10:00", "06:12:00", 300);
        Assert.Equal(Verdict.OnTime, late.Verdict());
    }
}
