using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

public sealed class UtilizationTableTests
{
    private const int Hour = 3600;

    [Fact]
    public void Each_status_counts_where_the_rules_put_it()
    {
        var story = new PileStory(ports: 1).HeardBetween(0, 1100);
        for (var status = 0; status <= 9; status++)
        {
            story.Status(status * 100, 1, (PortStatus)status);
        }
        var total = story.Table(0, 1000).Total();
        Assert.Equal(1_000_000, total.Commissioned);
        Assert.Equal((900_000, 500_000, 200_000, 300_000), (total.Seen, total.Occupied, total.Charging, total.Idle));
        Assert.Equal((100_000, 100_000, 200_000), (total[PortStatus.Available], total[PortStatus.Reserved], total.Down));
        Assert.Equal(5 / 9d, total.Occupancy);
        Assert.Equal(2 / 9d, total.ChargingRatio);
        Assert.Equal(5 / 7d, total.AvailabilityAdjusted);
        Assert.Equal(3 / 5d, total.OverstayRatio);
        Assert.Equal(9 / 10d, total.Coverage);
        Assert.Equal(7 / 9d, total.Availability);
    }

    [Fact]
    public void What_was_not_seen_is_never_counted_as_free()
    {
        var total = new PileStory(ports: 1).Status(0, 1, PortStatus.Plugged).Table(0, 360).Total();
        Assert.Equal((180_000, 180_000, 1d), (total.Seen, total[PortStatus.Offline], total.Occupancy));
    }

    [Fact]
    public void A_ratio_without_a_denominator_is_absent()
    {
        var total = new PileStory().Table(0, 100).Total();
        Assert.Equal((null, null, null, null), (total.Occupancy, total.ChargingRatio, total.AvailabilityAdjusted,
            total.OverstayRatio));
        Assert.Equal((0, 0), (total.Coverage, total.Turnover));
        var never = new PileStory().Valid(1000, null).Table(0, 100).Total();
        Assert.Equal((null, null, null), (never.Coverage, never.Turnover, never.PeakHour));
    }

    [Fact]
    public void A_groups_ratio_is_the_ratio_of_sums()
    {
        var story = new PileStory(ports: 2).HeardBetween(0, 1000).Status(0, 1, PortStatus.Charging)
            .Status(900, 2, PortStatus.Available);
        Assert.Equal(1000 / 1100d, story.Table(0, 1000).Total().Occupancy);
    }

    [Fact]
    public void A_session_counts_in_the_bucket_of_its_start_while_commissioned()
    {
        var story = new PileStory().Valid(0, 3 * Hour).Session(Hour - 1, "A", SessionEvent.Started)
            .Session(Hour, "B", SessionEvent.Started)
            .Session(2 * Hour, "B", SessionEvent.Ended).Session(4 * Hour, "C", SessionEvent.Started)
                .Session(-5, "D", SessionEvent.Started);
        var table = story.Table(0, 5 * Hour, BucketKind.Hour);
        Assert.Equal([1, 1, 0, 0, 0], Enumerable.Range(0, 5).Select(i => table.Row(0, i).Sessions));
        Assert.Equal(2 / (2 * 3 / 24d), table.Total().Turnover!.Value, 9);
    }

    [Fact]
    public void Energy_counts_in_the_bucket_of_the_sample_that_brought_it_and_only_in_the_period()
    {
        var story = new PileStory(ratedW: null).Session(-60, "S", SessionEvent.Started).Sample(-1, "S", 40)
            .Sample(Hour - 1, "S", 100)
            .Sample(Hour, "S", 130).Sample(Hour + 5, "S", 5).Sample(3 * Hour, "S", 200);
        var table = story.Table(0, 2 * Hour, BucketKind.Hour, evaluation: 4 * Hour);
        Assert.Equal((60_000_000, 30_000_000), (table.Row(0, 0).EnergyMicroWh, table.Row(0, 1).EnergyMicroWh));
        Assert.Equal((0, 1), (table.Row(0, 0).Suspects, table.Row(0, 1).Suspects));
    }

    [Fact]
    public void A_port_is_counted_once_however_often_it_changes()
    {
        var story = new PileStory(ports: 3).Valid(0, 1000).Valid(2000, null, ports: 2).HeardBetween(0, 3 * Hour)
            .Status(10, 1, PortStatus.Available).Status(20, 1, PortStatus.Charging);
        Assert.Equal(3, story.Table(0, 2 * Hour).Total().Ports);
        Assert.Equal(3, story.Table(0, 2 * Hour).Row(0, 0).Ports);
        Assert.Equal(2, story.Table(1500, 2 * Hour).Total().Ports);
    }

    [Fact]
    public void The_peak_hour_is_the_local_hour_with_the_highest_occupancy_and_the_first_on_a_tie()
    {
        // The story's day begins at local midnight in Shanghai.
        var story = new PileStory(ports: 1).HeardBetween(0, 24 * Hour).Status(0, 1, PortStatus.Available)
            .Status(9 * Hour, 1, PortStatus.Charging).Status(11 * Hour, 1, PortStatus.Available);
        Assert.Equal(9, story.Table(0, 24 * Hour).Total().PeakHour);
        Assert.Equal(9, story.Table(0, 24 * Hour).Row(0, 0).PeakHour);
        Assert.Equal(1, story.Table(0, 24 * Hour, zone: "UTC").Total().PeakHour);
    }

    [Fact]
    public void A_compound_is_saturated_while_enough_is_seen_something_works_and_nothing_is_free()
    {
        var story = new PileStory(ports: 5).HeardBetween(0, 1000);
        for (var port = 1; port <= 4; port++)
        {
            story.Status(0, port, PortStatus.Charging);
        }
        story.Status(300, 4, PortStatus.Faulted).Status(500, 1, PortStatus.Available);
        var total = story.Table(0, 1000).Total();
        Assert.Equal((500_000, 0, 0), (total.Saturated, total.SaturationUnknown, total.Blackout));
    }

    [Fact]
    public void Saturation_is_unknown_with_less_than_80_percent_seen_and_a_blackout_is_every_port_down()
    {
        var story = new PileStory(ports: 2).Status(0, 1, PortStatus.Charging).Status(0, 2, PortStatus.Charging)
            .Status(100, 2, PortStatus.Offline);
        var total = story.Table(0, 400).Total();
        Assert.Equal((100_000, 300_000, 120_000), (total.Saturated, total.SaturationUnknown, total.Blackout));
        var broken = new PileStory(ports: 1).HeardBetween(0, 100).Status(0, 1, PortStatus.Unavailable).Table(0, 100).Total();
        Assert.Equal((0, 0, 100_000), (broken.Saturated, broken.SaturationUnknown, broken.Blackout));
    }

    [Fact]
    public void Piles_of_one_compound_saturate_together()
    {
        var full = new PileStory(ports: 1).HeardBetween(0, 7200).Status(0, 1, PortStatus.Charging);
        var half = new PileStory(ports: 1, id: "P2").HeardBetween(0, 7200).Status(0, 1, PortStatus.Available)
            .Status(600, 1, PortStatus.Plugged);
        var table = full.Table(0, 7200, BucketKind.Hour);
        half.AddTo(table, 7200);
        Assert.Equal((3_000_000, 3_600_000), (table.Row(0, 0).Saturated, table.Row(0, 1).Saturated));
        Assert.Equal(6_600_000, table.Total().Saturated);
    }

    [Fact]
    public void A_pile_that_moves_counts_in_each_group_for_its_time()
    {
        var story = new PileStory(ports: 2).Valid(0, 100).Valid(100, null, compound: "C2").HeardBetween(0, 300)
            .Status(0, 2, PortStatus.Charging);
        var table = new UtilizationTable(
            4, Buckets.Of(BucketKind.Whole, PileStory.At(0), PileStory.At(300), TimeZoneInfo.Utc), false, ChargingRules.Default);
        table.Add(story.History(), new PileGroups([0, 2], true), story.Timeline(0, 300), [], [], PileStory.At(300));
        Assert.Equal([0L, 100_000, 0, 200_000], Enumerable.Range(0, 4).Select(g => table.Row(g, 0).Charging));
        Assert.Equal(2, table.Total().Ports);
    }
}
