using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Sanitation;

/// <summary>What is to be expected of what is not served yet. On time ends at 08:15, the cutoff is 10:00.</summary>
public sealed class AtRiskTests
{
    /// <summary>Six stops 100 m apart, one truck.</summary>
    private static Town Route(bool ordered = true, int trucks = 1, bool tracked = true)
    {
        var town = new Town();
        for (var i = 1; i <= 6; i++)
        {
            town.Point($"P{i}", i * 100, sequence: ordered ? i : 1);
        }
        for (var i = 1; i <= trucks; i++)
        {
            town.Truck($"T{i}", tracked: tracked);
        }
        return town;
    }

    /// <summary>Two minutes at each of these stops, one every ten minutes; between them, and afterwards, around the depot.</summary>
    private static TruckLog Serve(Town town, string first, params int[] stops)
    {
        var log = town.Log("T1");
        for (var i = 0; i < stops.Length; i++)
        {
            var at = TimeOnly.Parse(first, null).AddMinutes(10 * i);
            log.Stay($"{at:HH:mm:ss}", $"{at.AddMinutes(2):HH:mm:ss}", stops[i] * 100);
        }
        return log;
    }

    private static IReadOnlyList<AtRisk> Board(Town town, string now) =>
        AtRiskBoard.Of(town.Judge(now), _ => true, AtRiskRules.Default);

    private static AtRisk At(Town town, string now, string point) =>
        Board(town, now).Single(r => r.Outcome.Obligation.Point.Id == point);

    [Fact]
    public void A_truck_that_stands_at_the_depot_since_the_window_began_is_not_on_its_way()
    {
        var town = Route();
        town.Log("T1").Stay("02:00:00", "09:00:00", 0);
        var row = At(town, "07:30:00", "P1");
        Assert.Equal((CollectionRisk.Unknown, RiskCause.NotStarted, null), (row.Risk, row.Cause, row.Eta));
        Assert.StartsWith("The window began at 04:30:00 and none of its 6 stops was served; JI-T1 stands", row.Reason);
        Assert.True(AtRiskBoard.IsUrgent(row, AtRiskRules.Default, Town.At("07:30:00")));
    }

    [Theory]
    [InlineData("06:00:00", "06:25:00", "P4", "06:30:00", CollectionRisk.OnTrack, RiskCause.None)]
    [InlineData("06:00:00", "06:25:00", "P6", "06:50:00", CollectionRisk.OnTrack, RiskCause.None)]
    [InlineData("06:00:00", "06:35:00", "P4", "06:35:24", CollectionRisk.OnTrack, RiskCause.None)] // Due already: as soon as it can.
    [InlineData("07:30:00", "07:53:00", "P4", "08:00:00", CollectionRisk.OnTrack, RiskCause.None)]
    [InlineData("07:30:00", "07:53:00", "P5", "08:10:00", CollectionRisk.Tight, RiskCause.Behind)]
    [InlineData("07:30:00", "07:53:00", "P6", "08:20:00", CollectionRisk.Late, RiskCause.Behind)]
    [InlineData("09:20:00", "09:43:00", "P6", "10:10:00", CollectionRisk.Miss, RiskCause.Behind)]
    public void A_stop_is_expected_by_the_pace_of_the_route(
        string first, string now, string point, string eta, CollectionRisk risk, RiskCause cause)
    {
        var town = Route();
        // Never out of the way further than the point: 100 m at 15 km/h take 24 s.
        Serve(town, first, 1, 2, 3).Stay("06:22:30", "06:40:00", 300, speed: 12);
        var row = At(town, now, point);
        Assert.Equal((Town.At(eta), EtaMethod.Progress, risk, cause), (row.Eta, row.Method, row.Risk, row.Cause));
        Assert.Equal(row.Eta, row.Trucks[0].Eta);
        Assert.Equal(Town.At("08:15:00") - Town.At(eta), row.MarginOnTime);
        Assert.Equal(Town.At("10:00:00") - Town.At(eta), row.MarginCutoff);
        Assert.Contains("3 of 6 stops served", row.Reason, StringComparison.Ordinal);
        Assert.Contains("one stop in 10 min in the median of 3 stops", row.Certainty, StringComparison.Ordinal);
        Assert.Equal("", row.Unseen);
    }

    [Fact]
    public void The_most_urgent_comes_first_and_what_is_on_track_is_not_urgent()
    {
        var town = Route();
        Serve(town, "07:30:00", 1, 2, 3);
        var now = Town.At("07:53:00");
        var board = Board(town, "07:53:00");
        Assert.Equal(["P6", "P5", "P4"], board.Select(r => r.Outcome.Obligation.Point.Id));
        Assert.Equal([true, true, false], board.Select(r => AtRiskBoard.IsUrgent(r, AtRiskRules.Default, now)));
    }

    [Fact]
    public void What_is_overdue_is_urgent_though_a_truck_is_on_its_way()
    {
        var town = Route();
        Serve(town, "08:00:00", 1, 2, 3);
        var row = At(town, "08:23:00", "P4");
        Assert.Equal((CollectionRisk.Late, true), (row.Risk, AtRiskBoard.IsUrgent(row, AtRiskRules.Default, Town.At("08:23:00"))));
    }

    [Fact]
    public void A_silent_truck_is_expected_at_no_time_and_what_was_not_seen_is_told()
    {
        var town = Route();
        Serve(town, "06:00:00", 1, 2, 3).Blind("06:25:00", "2026-11-24 12:00:00");
        var row = At(town, "07:30:00", "P4");
        Assert.Equal((CollectionRisk.Unknown, RiskCause.Silent, null), (row.Risk, row.Cause, row.Eta));
        Assert.Contains("is silent since 06:25:00, 400 m from the point then", row.Reason, StringComparison.Ordinal);
        Assert.Contains("Nobody can tell when", row.Certainty, StringComparison.Ordinal);
        Assert.Contains("JI-T1 (T1) was out of sight since 06:25:00", row.Unseen, StringComparison.Ordinal);
        Assert.True(row.Trucks[0] is { IsSilent: true, IsPlanned: true, Eta: null, DirectArrival: null, StopsServed: 3 });
    }

    [Fact]
    public void What_nobody_is_seen_to_come_for_is_urgent_within_the_horizon()
    {
        var town = Route();
        Serve(town, "05:00:00", 1, 2, 3).Blind("05:25:00", "2026-11-24 12:00:00");
        bool IsUrgent(string now) => AtRiskBoard.IsUrgent(At(town, now, "P4"), AtRiskRules.Default, Town.At(now));
        Assert.False(IsUrgent("07:14:00"));
        Assert.True(IsUrgent("07:15:00"));
    }

    [Fact]
    public void A_truck_without_a_tracker_is_not_seen_to_come()
    {
        var row = At(Route(tracked: false), "07:30:00", "P4");
        Assert.Equal((CollectionRisk.Unknown, RiskCause.NotTracked, null), (row.Risk, row.Cause, row.Eta));
        Assert.Contains("carries no tracker", row.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_truck_is_planned_the_nearest_ones_that_are_seen_are_named()
    {
        var town = new Town().Point("P", 600, route: null);
        foreach (var (id, east) in new[] { ("T1", 0), ("T2", 300), ("T3", -900), ("T4", 100) })
        {
            town.Truck(id).Log(id).Stay("05:00:00", "09:00:00", east, speed: 10);
        }
        var silent = town.Truck("T5").Log("T5").Silent();
        silent.Fix("05:00:00", 600);
        var row = At(town, "07:00:00", "P");
        Assert.Equal((CollectionRisk.Unknown, RiskCause.NoTruck, null), (row.Risk, row.Cause, row.Eta));
        Assert.True(AtRiskBoard.IsUrgent(row, AtRiskRules.Default, Town.At("07:00:00")));
        Assert.Equal(["T2", "T4", "T1"], row.Trucks.Select(t => t.TruckId));
        Assert.All(row.Trucks, t => Assert.True(t is { IsPlanned: false, Eta: null }));
        Assert.Equal(72, (row.Trucks[0].DirectArrival!.Value - Town.At("07:00:00")).TotalSeconds, 0.1); // 300 m at 15 km/h.
    }

    [Fact]
    public void A_stop_that_the_route_left_out_is_not_expected_by_its_pace()
    {
        var town = Route();
        Serve(town, "06:00:00", 1, 3, 4);
        var row = At(town, "06:25:00", "P2");
        Assert.Equal((CollectionRisk.Unknown, RiskCause.Passed, null), (row.Risk, row.Cause, row.Eta));
        Assert.Contains("2 later stops were served", row.Reason, StringComparison.Ordinal);
        Assert.True(AtRiskBoard.IsUrgent(row, AtRiskRules.Default, Town.At("06:25:00")));
        Assert.Equal(Town.At("06:40:00"), At(town, "06:25:00", "P5").Eta); // The stop left out still counts as one before it.
    }

    [Fact]
    public void A_truck_that_stands_still_for_long_may_have_broken_down()
    {
        var town = Route();
        Serve(town, "07:00:00", 1, 2, 3).Stay("07:24:00", "09:00:00", 800);
        var row = At(town, "07:43:30", "P6"); // Not yet twenty minutes.
        Assert.Equal((Town.At("08:03:30"), CollectionRisk.OnTrack), (row.Eta, row.Risk));
        Assert.DoesNotContain("Unsure", row.Certainty, StringComparison.Ordinal);
        row = At(town, "07:44:00", "P6");
        Assert.Equal((CollectionRisk.Unknown, RiskCause.Standing, null), (row.Risk, row.Cause, row.Eta));
        row = At(town, "08:10:00", "P4");
        Assert.Equal((CollectionRisk.Tight, RiskCause.Standing), (row.Risk, row.Cause));
        Assert.Contains("JI-T1 stands still since 07:24:00: broken down, or taking a break.", row.Reason, StringComparison.Ordinal);
        Assert.Contains("Unsure, as if it drove on now", row.Certainty, StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_that_has_not_started_is_expected_by_distance_and_dwell()
    {
        var town = Route();
        town.Log("T1").Stay("07:45:00", "12:00:00", 0);
        var row = At(town, "08:00:00", "P6");
        // 600 m at 15 km/h are 144 s, and five stops of 30 s before it.
        Assert.Equal((Town.At("08:04:54"), EtaMethod.Distance), (Rounded(row.Eta), row.Method));
        Assert.Equal((CollectionRisk.OnTrack, RiskCause.None), (row.Risk, row.Cause));
        row = At(town, "08:12:00", "P6");
        Assert.Equal((CollectionRisk.Late, RiskCause.NotStarted), (row.Risk, row.Cause));
        Assert.Contains("none of its 6 stops was served; JI-T1 stands since 07:45:00", row.Reason, StringComparison.Ordinal);
        Assert.Contains(
            "Rough: in straight lines at 15 km/h, and 30 s at each of the 5 open stops", row.Certainty, StringComparison.Ordinal);
    }

    [Fact]
    public void Nobody_is_expected_before_the_window_begins()
    {
        var town = Route();
        town.Log("T1");
        Assert.Equal(Town.At("04:30:00"), At(town, "04:00:00", "P1").Eta);
        Assert.DoesNotContain(Board(town, "02:00:00"), r => r.Outcome.Obligation.AcceptFrom > Town.At("03:00:00"));
    }

    [Fact]
    public void Without_an_order_that_is_followed_a_stop_is_taken_to_come_last()
    {
        var town = Route(ordered: false);
        Serve(town, "06:00:00", 1, 2, 3);
        Assert.All(["P4", "P5", "P6"], p => Assert.Equal(Town.At("06:50:00"), At(town, "06:25:00", p).Eta));
        Assert.Contains("taken to come last", At(town, "06:25:00", "P4").Certainty, StringComparison.Ordinal);

        var backwards = Route();
        Serve(backwards, "06:00:00", 6, 5, 4);
        var row = At(backwards, "06:25:00", "P1");
        Assert.Equal((Town.At("06:50:00"), RiskCause.None), (row.Eta, row.Cause));
    }

    [Fact]
    public void Trucks_that_share_a_route_share_its_stops()
    {
        var town = Route(trucks: 2);
        town.Log("T1").Stay("07:45:00", "12:00:00", 0);
        town.Log("T2").Stay("07:45:00", "12:00:00", 0);
        // The way to the first stop is driven by both: 24 s; the rest, 120 s of driving and 150 s at stops, is shared.
        var row = At(town, "08:00:00", "P6");
        Assert.Equal(Town.At("08:02:39"), Rounded(row.Eta));
        Assert.Contains("shared by 2 trucks", row.Certainty, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truck_that_does_the_work_of_another_is_expected_and_the_planned_one_that_is_silent_is_not()
    {
        var town = new Town().Truck("T1", route: null).Truck("T2", route: null);
        for (var i = 1; i <= 6; i++)
        {
            town.Point($"P{i}", i * 100, truck: "T2", sequence: i);
        }
        Serve(town, "06:00:00", 1, 2, 3);
        var row = At(town, "06:25:00", "P4");
        Assert.Equal((Town.At("06:30:00"), "T1"), (row.Eta, row.Trucks[0].TruckId));
        Assert.Equal([false, true], row.Trucks.Select(t => t.IsSilent));
    }

    private static Instant? Rounded(Instant? at) => at is { } a ? new Instant((a.Milliseconds + 500) / 1000 * 1000) : null;
}
