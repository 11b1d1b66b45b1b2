using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Tests.Charging;
using SmartCity.Tests.Registry;

namespace SmartCity.Tests.Faults;

public sealed class MaintenanceTests
{
    [Fact]
    public void Maintenance_of_an_area_is_of_its_piles_while_they_are_there_and_overlaps_are_one()
    {
        var moved = Fixtures.Pile("P1", "C1");
        var registry = Fixtures.Snapshot(
            Fixtures.District("D"), Fixtures.Subdistrict("S", "D"), Fixtures.Compound("C1", "S"), Fixtures.Compound("C2", "S"),
            moved with { Validity = new Validity(Instant.Min, PileStory.At(500)) },
            moved with { Validity = new Validity(PileStory.At(500), null), CompoundId = "C2" }, Fixtures.Pile("P2", "C2"));
        var times = MaintenanceTimes.Of(registry, [
            Work(Fixtures.Scope(compound: "C1"), 100, 900), Work(Fixtures.Scope(pile: "P1"), 400, 600),
            Work(Fixtures.Scope(district: "D"), 2_000, 3_000) with { Cancelled = new MaintenanceCancellation("Li", "no", default) }],
            announcedOnly: true);

        Assert.Equal([(PileStory.At(100), PileStory.At(600))], times.Of("P1"));
        Assert.Empty(times.Of("P2"));
    }

    [Fact]
    public void Nothing_is_excused_before_the_moment_at_which_it_was_declared()
    {
        var registry = Fixtures.Snapshot(
            Fixtures.District("D"), Fixtures.Subdistrict("S", "D"), Fixtures.Compound("C1", "S"), Fixtures.Pile("P1", "C1"));
        Maintenance[] works = [
            Work(Fixtures.Scope(pile: "P1"), 100, 900) with { Recorded = PileStory.At(600) },
            Work(Fixtures.Scope(pile: "P1"), 2_000, 3_000) with { Recorded = PileStory.At(4_000) }];

        Assert.Equal([(PileStory.At(600), PileStory.At(900))], MaintenanceTimes.Of(registry, works, announcedOnly: true).Of("P1"));
        Assert.Equal(2, MaintenanceTimes.Of(registry, works, announcedOnly: false).Of("P1").Count);
    }

    [Fact]
    public void Only_outages_during_maintenance_are_excluded_and_each_counts_in_its_bucket()
    {
        // Port 1 is down from 600 on, for a day and an hour; port 2 is not.
        var story = new PileStory(ports: 2).HeardBetween(0, 90_000).Status(0, 1, PortStatus.Available)
            .Status(0, 2, PortStatus.Available).Status(600, 1, PortStatus.Unavailable);
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var buckets = Buckets.Of(BucketKind.Day, PileStory.At(0), PileStory.At(90_000), zone);
        var excluded = new ExcludedOutages(1, buckets);
        var groups = new PileGroups([0], false);

        excluded.Add(
            groups, story.Timeline(0, 90_000),
            [(PileStory.At(0), PileStory.At(700)), (PileStory.At(86_000), PileStory.At(87_000))]);

        Assert.Equal([100_000 + 400_000L, 600_000], buckets.Rows.Select((_, i) => excluded.Row(0, i)));
        Assert.Equal(1_100_000, excluded.Total());
    }

    [Fact]
    public void Uptime_leaves_out_what_is_unknown_and_counts_silence_as_an_outage_unless_it_was_announced()
    {
        // Unknown for 100 s, free until it falls silent at 1000 - 180, to the end at 2000.
        var story = new PileStory(ports: 1).Heard(0).HeardBetween(0, 820, every: 20).Status(100, 1, PortStatus.Available);
        var sums = story.Table(0, 2_000).Total();

        Assert.Equal((1_900_000, 1_000_000), (sums.Judged, sums.Down));
        Assert.Equal(900 / 1_900d, sums.Uptime(0));
        Assert.Equal(1_300 / 1_900d, sums.Uptime(400_000));
        Assert.Null(new PileStory(ports: 1).Valid(5_000, null).Table(0, 100).Total().Uptime(0));
    }

    [Fact]
    public void The_time_to_acknowledge_is_told_with_its_parts_where_it_was_acknowledged()
    {
        var buckets = Buckets.Of(BucketKind.Hour, PileStory.At(0), PileStory.At(7_200), TimeZoneInfo.Utc);
        var table = new FaultTable(1, buckets, PileStory.At(7_200));
        foreach (var (raised, acknowledged) in new[] { (3_000, 3_100), (3_200, 3_700), (3_300, 8_000) })
        {
            table.AddAcknowledged(0, Case(raised, acknowledged));
        }

        Assert.Equal((1L, 100_000L, 100d), (table.Row(0, 0).Acknowledged, table.Row(0, 0).AcknowledgeMs, table.Row(0, 0).MttaSeconds));
        Assert.Equal((2L, 600_000L, 300d), (table.Total().Acknowledged, table.Total().AcknowledgeMs, table.Total().MttaSeconds));
        Assert.Null(new FaultTable(1, buckets, PileStory.At(0)).Total().MttaSeconds);
    }

    private static FaultCase Case(int raised, int acknowledged)
    {
        var fault = new Fault(
            "P1", 1, FaultCode.Find(201), Severity.Major, null, PileStory.At(raised), null, false, null, null, null);
        var at = PileStory.At(acknowledged);
        return new FaultCase(
            fault, FaultState.Acknowledged, null,
            [new FaultAction("a", SeenFault.Of(fault, at), FaultStep.Acknowledge, at, "Li", null, null, null)], null);
    }

    private static Maintenance Work(AssetScope scope, int from, int until) => new(
        $"m-{from}", scope, PileStory.At(from), PileStory.At(until), "Li", "rewiring", PileStory.At(0), null);
}
