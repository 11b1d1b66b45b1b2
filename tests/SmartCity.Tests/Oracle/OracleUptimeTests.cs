using System.Globalization;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Tests.Registry;

namespace SmartCity.Tests.Oracle;

/// <summary>Uptime by the formula of NEVI is what counting seconds gives. A failure names its seed.</summary>
public sealed class OracleUptimeTests
{
    private const int Count = 5000;

    [Fact]
    public void Uptime_is_what_counting_seconds_gives() => Histories.Check(Count, seed =>
    {
        var world = WorldGenerator.Of(seed, seed % 2 == 0 ? Family.Status : Family.Saturation, isTiny: true);
        var works = Works(new Random(seed), world);
        var kind = (BucketKind)(seed % 5); // Outages are not folded.
        var feed = new DomainFeed(world, new Random(seed));
        var (usage, excluded) = (feed.Table(kind), new ExcludedOutages(world.Groups, feed.Buckets(kind)));
        var whole = new ExcludedOutages(world.Groups, feed.Buckets(kind));
        var announced = MaintenanceTimes.Of(RegistryOf(world), works.Select(ToMaintenance), announcedOnly: true);
        var all = MaintenanceTimes.Of(RegistryOf(world), works.Select(ToMaintenance), announcedOnly: false);
        for (var pile = 0; pile < world.Piles.Count; pile++)
        {
            excluded.Add(feed.Groups(pile), feed.Segments(pile), announced.Of($"P{pile}"));
            whole.Add(feed.Groups(pile), feed.Segments(pile), all.Of($"P{pile}"));
        }
        var oracle = new OracleUptime(world, works, kind);
        for (var group = 0; group < world.Groups; group++)
        {
            for (var row = 0; row < oracle.Rows; row++)
            {
                Difference.None(
                    $"group {group} row {row}", oracle.Tell(group, row),
                    Tell(usage.Row(group, row), excluded.Row(group, row), whole.Row(group, row)));
            }
        }
        Difference.None("total", oracle.Total(), Tell(usage.Total(), excluded.Total(), whole.Total()));
    });

    private static string Tell(UtilizationSums sums, long excludedMs, long wholeMs) => string.Create(CultureInfo.InvariantCulture,
        $"judged {sums.Judged / 1000d} outage {sums.Down / 1000d} excluded {excludedMs / 1000d} "
        + $"too late {(wholeMs - excludedMs) / 1000d} uptime {sums.Uptime(excludedMs):0.000000000}");

    /// <summary>Some of them overlap, some are cancelled, some name a compound, some a pile that is elsewhere by then.</summary>
    private static List<OracleWork> Works(Random random, OracleWorld world) =>
    [
        .. Enumerable.Range(0, random.Next(5)).Select(_ =>
        {
            var from = world.From + random.NextInt64(-300, world.Until - world.From);
            return new OracleWork(
                random.Next(3) == 0 ? null : random.Next(world.Piles.Count), random.Next(2), from, from + random.Next(1, 1500),
                from + random.Next(-300, 900), random.Next(5) == 0);
        }),
    ];

    private static Maintenance ToMaintenance(OracleWork work, int i) => new(
        $"W{i}", work.Pile is { } pile ? Fixtures.Scope(pile: $"P{pile}") : Fixtures.Scope(compound: $"C{work.Compound}"),
        DomainFeed.At(work.From), DomainFeed.At(work.Until), "Li", "work", DomainFeed.At(work.Declared),
        work.IsCancelled ? new MaintenanceCancellation("Li", "no", DomainFeed.At(work.From)) : null);

    private static RegistrySnapshot RegistryOf(OracleWorld world)
    {
        var always = new Validity(DomainFeed.At(0), null);
        return Fixtures.Snapshot([
            Fixtures.District("D") with { Validity = always }, Fixtures.Subdistrict("S", "D") with { Validity = always },
            Fixtures.Compound("C0", "S") with { Validity = always }, Fixtures.Compound("C1", "S") with { Validity = always },
            .. world.Piles.SelectMany((versions, pile) => versions.Select(version => DomainFeed.ToPile(pile, version)))]);
    }
}
