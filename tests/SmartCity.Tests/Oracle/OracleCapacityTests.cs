using System.Globalization;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Advice about capacity is what counting seconds and Erlang's own formula give. A failure names its seed.</summary>
public sealed class OracleCapacityTests
{
    private const int Count = 5000;
    private const int SecondsMax = 600;

    [Fact]
    public void What_advice_is_made_of_is_what_counting_seconds_gives() => Histories.Check(Count, seed =>
    {
        var world = WorldGenerator.Of(seed, seed % 3 == 0 ? Family.Energy : Family.Status, isTiny: true);
        world = world with { Grouping = Grouping.Compound, Until = Math.Min(world.Until, world.From + SecondsMax) };
        var feed = new DomainFeed(world, new Random(seed));
        var end = Instant.Earlier(DomainFeed.At(world.Until), feed.Evaluation);
        var table = new CapacityTable(feed.Buckets(BucketKind.Whole), end, feed.Rules);
        for (var pile = 0; pile < world.Piles.Count; pile++)
        {
            table.Add(feed.Histories[pile], feed.Groups(pile), feed.Segments(pile), feed.Ledger(pile).Sessions);
        }
        Difference.NoneInAnyOrder(new OracleCapacity(world).Uses.Select(u => Tell(u.Key, u.Use)), table.Uses().Select(Tell));
    });

    [Fact]
    public void The_load_its_error_and_the_ports_to_add_are_what_adding_up_quarters_of_an_hour_gives() => Histories.Check(Count, seed =>
    {
        var random = new Random(seed);
        var use = RandomUse(random);
        var target = random.Next(1, 50) / 100d;
        var found = CapacityAdvice.Of(ToDomain(use), target);
        var isIdle = use.Stays.Count == 0 && use.Arrivals.Sum() == 0;
        if (use.Open.Sum() < 7200 || (use.Sessions == 0 && !isIdle))
        {
            Assert.Equal((null, null, null), (found.Load, found.Blocking, found.PortsToAdd));
            Assert.Contains(CapacityCaveat.NotObserved, found.Caveats);
            return;
        }
        Assert.DoesNotContain(CapacityCaveat.NotObserved, found.Caveats);
        Check(use, new OracleLoad(use), target, found);
    });

    [Fact]
    public void Blocking_is_erlangs_formula_as_he_wrote_it() => Histories.Check(Count, seed =>
    {
        var random = new Random(seed);
        var (erlang, ports, target) = (random.NextDouble() * random.Next(1, 60), random.Next(0, 80), random.Next(1, 500) / 1000d);
        Assert.Equal(OracleLoad.Blocking(erlang, ports), ErlangB.Blocking(erlang, ports), 1e-12);
        Assert.Equal(OracleLoad.PortsFor(erlang, target), ErlangB.PortsFor(erlang, target));
    });

    private static void Check(OracleUse use, OracleLoad expected, double target, CapacityAdvice found)
    {
        var load = found.Load!;
        var busiest = load.BusiestHour;
        Near(expected.Loads.Max(), load.Erlang);
        Near(expected.Loads[busiest], load.Erlang); // Of hours that are the same, whichever comes out first in that arithmetic.
        Near(expected.RateAt(busiest), load.ArrivalsPerHour);
        Near(expected.DeviationAt(busiest), load.Deviation);
        Assert.Equal(expected.BorrowedHours, load.BorrowedHours);
        Near(OracleLoad.Blocking(load.Erlang, use.Ports), found.Blocking!.Value);
        Assert.Equal(ToAdd(load.Erlang), found.PortsToAdd);
        var (low, high) = (Math.Max(0, load.Erlang - (1.96 * load.Deviation)), load.Erlang + (1.96 * load.Deviation));
        Near(low, found.Low!.Value.Erlang);
        Near(high, found.High!.Value.Erlang);
        Assert.Equal((ToAdd(low), ToAdd(high)), (found.Low!.Value.PortsToAdd, found.High!.Value.PortsToAdd));
        var known = use.Open.Sum() + use.Saturated.Sum();
        Assert.Equal(use.Arrivals.Sum() < 30, found.Caveats.Contains(CapacityCaveat.FewSessions));
        Assert.Equal(known < 72 * 3600, found.Caveats.Contains(CapacityCaveat.ShortTime));
        Assert.Equal(use.Unknown > 0.2 * (known + use.Unknown), found.Caveats.Contains(CapacityCaveat.MuchUnseen));
        Assert.Equal(expected.BorrowedHours > 0, found.Caveats.Contains(CapacityCaveat.HoursBorrowed));

        int ToAdd(double erlang) => Math.Max(0, OracleLoad.PortsFor(erlang, target) - use.Ports);
    }

    private static void Near(double expected, double found) => Assert.Equal(expected, found, 1e-9 * Math.Max(1, expected));

    /// <summary>A use as weeks may leave it; hours that were hardly ever open, stays of more than a day, nothing at all.</summary>
    private static OracleUse RandomUse(Random random)
    {
        var use = new OracleUse { Ports = random.Next(1, 20), Unknown = random.Next(3) * random.Next(300_000) };
        var isScarce = random.Next(3) == 0;
        for (var hour = 0; hour < 24; hour++)
        {
            use.Open[hour] = random.Next(4) == 0 || isScarce ? random.Next(7201) : random.Next(7199, 100_000);
            use.Open[hour] = isScarce && random.Next(3) > 0 ? random.Next(300) : use.Open[hour];
            use.Saturated[hour] = random.Next(3) == 0 ? random.Next(50_000) : 0;
            use.Arrivals[hour] = random.Next(3) == 0 ? 0 : random.Next(20);
        }
        if (random.Next(12) == 0)
        {
            Array.Clear(use.Arrivals);
        }
        use.Stays.AddRange(Enumerable.Range(0, random.Next(8) == 0 ? 0 : random.Next(1, 12))
            .Select(_ => 900L * (random.Next(10) == 0 ? random.Next(96, 220) : random.Next(1, 40))).Order());
        use.Sessions = use.Stays.Count == 0 ? random.Next(2) : random.Next(use.Stays.Count + 3);
        return use;
    }

    private static CapacityUse ToDomain(OracleUse use)
    {
        var domain = new CapacityUse
        {
            CompoundId = "C", Kind = PileKind.EbikeAc, Ports = use.Ports, Sessions = use.Sessions,
            StaysMs = [.. use.Stays.Select(s => s * 1000)], UnknownMs = use.Unknown * 1000, BrokenMs = use.Broken * 1000,
        };
        for (var hour = 0; hour < 24; hour++)
        {
            domain.OpenMs[hour] = use.Open[hour] * 1000;
            domain.SaturatedMs[hour] = use.Saturated[hour] * 1000;
            domain.Arrivals[hour] = use.Arrivals[hour];
        }
        return domain;
    }

    private static string Tell((int Compound, PileKind Kind) key, OracleUse use) => string.Create(CultureInfo.InvariantCulture,
        $"C{key.Compound} {key.Kind} ports {use.Ports} open {string.Join(' ', use.Open)} saturated {string.Join(' ', use.Saturated)} "
        + $"unknown {use.Unknown} arrivals {string.Join(' ', use.Arrivals)} sessions {use.Sessions} "
        + $"stays {string.Join(' ', use.Stays.Order())} broken {use.Broken}");

    private static string Tell(CapacityUse use) => string.Create(CultureInfo.InvariantCulture,
        $"{use.CompoundId} {use.Kind} ports {use.Ports} open {Seconds(use.OpenMs)} saturated {Seconds(use.SaturatedMs)} "
        + $"unknown {use.UnknownMs / 1000d} arrivals {string.Join(' ', use.Arrivals)} sessions {use.Sessions} "
        + $"stays {Seconds(use.StaysMs)} broken {use.BrokenMs / 1000d}");

    private static string Seconds(IEnumerable<long> ms) =>
        string.Join(' ', ms.Select(m => (m / 1000d).ToString(CultureInfo.InvariantCulture)));
}
