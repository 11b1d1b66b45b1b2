namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>Order, repetition and delay of deliveries change no verdict.</summary>
public sealed class SanitationOrderTests
{
    [Fact]
    public void Messages_in_another_order_twice_or_late_change_nothing() => Histories.Check(10_000, seed =>
    {
        var random = new Random(seed + 1);
        var town = TownGenerator.Of(seed, isTiny: true);
        town = town with { Deliveries = [.. town.Deliveries, .. Conflicts(random, town)] };
        List<Delivery> late =
        [
            .. town.Deliveries.GroupBy(d => (d.Pile, d.Boot, d.Sequence)).SelectMany(message => Delayed(random, [.. message])),
        ];
        var copies = late.Where(_ => random.Next(4) == 0).Select(d => d with { Received = d.Received + random.Next(100) });
        // The feed of each seed hands the records over in another order, and some of them twice.
        Difference.NoneInAnyOrder(Tell(town, 1), Tell(town with { Deliveries = [.. late, .. copies] }, 2));
    });

    /// <summary>A message whose clock is believed may come as late as it likes; nothing else dates the others.</summary>
    private static List<Delivery> Delayed(Random random, List<Delivery> message)
    {
        var isBelieved = message.TrueForAll(d => d.Time >= 1_577_836_800 && d.Time <= d.Received + 300);
        var delay = isBelieved && random.Next(3) == 0 ? random.Next(100_000) : 0;
        return message.ConvertAll(d => d with { Received = d.Received + delay });
    }

    /// <summary>Some numbers come again with other content: both are kept.</summary>
    private static IEnumerable<Delivery> Conflicts(Random random, OracleTown town) =>
        town.Deliveries.Where(d => d.What is Seen && random.Next(60) == 0)
            .Select(d => d with { What = (Seen)d.What with { SpeedKmh = random.Next(10), Lat = ((Seen)d.What).Lat + 0.0004 } });

    private static IEnumerable<string> Tell(OracleTown town, int feedSeed)
    {
        var found = TownFeed.Judge(town, new Random(feedSeed));
        return [.. found.Obligations.Select(o => o.ToString()), .. found.Visits.Select(v => v.ToString())];
    }
}
