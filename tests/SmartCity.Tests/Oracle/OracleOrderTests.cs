using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Faults;

namespace SmartCity.Tests.Oracle;

/// <summary>Order and repetition of deliveries change nothing.</summary>
public sealed class OracleOrderTests
{
    [Fact]
    public void Records_in_another_order_and_some_of_them_twice_change_nothing() => Histories.Check(10_000, seed =>
    {
        var family = (Family)(seed % 4);
        var world = WorldGenerator.Of(seed, family, isTiny: true);
        var random = new Random(seed + 1);
        Delivery[] again =
        [
            .. world.Deliveries, .. world.Deliveries.Where(_ => random.Next(4) == 0).Select(d => d.What is Gone
                ? d
                : d with { Received = d.Received + random.Next(100) }), // Of several deliveries the earliest counts.
        ];
        random.Shuffle(again);
        Difference.None(Tell(world, 1), Tell(world with { Deliveries = again }, 2));
    });

    private static List<string> Tell(OracleWorld world, int feedSeed)
    {
        var feed = new DomainFeed(world, new Random(feedSeed));
        var table = feed.Table(BucketKind.Hour);
        var told = new List<string>();
        for (var row = 0; row < table.Buckets.Rows.Count * world.Groups; row++)
        {
            told.Add(OracleTests.Tell(table.Row(row % world.Groups, row / world.Groups)));
        }
        for (var pile = 0; pile < world.Piles.Count; pile++)
        {
            told.AddRange(feed.Segments(pile).Select(s => s.ToString()));
            told.AddRange(feed.Ledger(pile).Sessions.Select(s => s.ToString()));
            var faults = FaultHistory.Of(
                feed.Histories[pile], feed.FaultLogs[pile], OfflineSpans.Of(feed.Histories[pile], feed.Evaluation), true,
                FaultThresholds.Default, feed.Evaluation);
            told.AddRange(faults.Select(f => f.ToString()));
            told.Add(Figures(feed, faults));
            told.AddRange(feed.FaultLogs[pile].Ignored.Select(i => i.ToString()));
        }
        return told;
    }

    private static string Figures(DomainFeed feed, IReadOnlyList<Fault> faults)
    {
        var table = new FaultTable(1, feed.Buckets(BucketKind.Hour), feed.Evaluation);
        var repeats = FaultTable.Repeats(faults, feed.Evaluation);
        foreach (var fault in faults)
        {
            table.Add(0, fault, repeats.Contains(fault));
        }
        return table.Total().ToString();
    }
}
