using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>A random town with what its trucks and bins reported around the windows of one or two service dates.</summary>
internal static class TownGenerator
{
    private const long Hour = 3600;

    /// <param name="isTiny">One date, one window, and seldom more than two trucks and points.</param>
    public static OracleTown Of(int seed, bool isTiny = false)
    {
        var random = new Random(seed);
        var maker = new RegistryGenerator(random, isTiny);
        var registry = maker.Make();
        var bare = new OracleTown(seed, registry, maker.First, maker.Last, 0, [], [], []);
        List<OracleDue> due =
        [
            .. bare.PointIds.SelectMany(id => OracleSchedule.Of(bare, id)).Where(d => d.Date >= bare.First && d.Date <= bare.Last),
        ];
        var noon = new DateTimeOffset(maker.First.ToDateTime(new TimeOnly(4, 0)), TimeSpan.Zero).ToUnixTimeSeconds();
        var from = due.Select(d => d.From / 1000).DefaultIfEmpty(noon).Min() - random.NextInt64(Hour);
        var until = due.Select(d => d.Until / 1000).DefaultIfEmpty(noon).Max() + random.NextInt64(Hour);
        var deliveries = new List<Delivery>();
        foreach (var number in registry.Trucks.Select(t => OracleTown.NumberOf(t.Id)).Distinct())
        {
            deliveries.AddRange(Truck(random, bare, number, maker, due, from, until));
        }
        foreach (var id in bare.PointIds.Where(_ => random.Next(3) == 0))
        {
            deliveries.AddRange(new Carrier(random, OracleTown.FirstPoint + OracleTown.NumberOf(id)).Carry(Bins(random, from, until)));
        }
        deliveries.RemoveAll(d => IsOnEdge(registry, d.What));
        var town = bare with
        {
            Deliveries = deliveries, Evaluation = Evaluation(random, due, from, until),
            Believed = Believed(random, deliveries, from, until),
        };
        return random.Next(2) == 0 ? town : town with { Exceptions = Exceptions(random, town, due) };
    }

    /// <summary>Nobody stands on the edge of a fence to the millimetre: two ways to compute a distance must agree.</summary>
    private static bool IsOnEdge(OracleRegistry registry, object what)
    {
        var (lat, lon) = what switch { Seen s => (s.Lat, s.Lon), Proof { Lat: { } y, Lon: { } x } => (y, x), _ => default };
        return registry.Points.Any(p => OracleTown.Metres(lat, lon, p.Location.Lat, p.Location.Lon) is var metres
            && new[] { p.RadiusM, p.RadiusM + 25, 65, 150 }.Any(edge => Math.Abs(edge - metres) < 0.005));
    }

    private static List<Delivery> Truck(
        Random random, OracleTown town, int number, RegistryGenerator maker, List<OracleDue> due, long from, long until)
    {
        var version = town.Registry.Trucks.First(t => t.Id == OracleTown.NameOf(number));
        var errands = new List<Errand>();
        var oneIn = random.Next(2, 6);
        foreach (var target in due.Where(_ => random.Next(oneIn) == 0))
        {
            errands.Add(new Errand(target.PointId, maker.Places[target.PointId], Edge(random, target)));
        }
        var isTracked = version.Tracked ? random.Next(25) > 0 : random.Next(6) == 0;
        var day = new TruckDay(
            random, (long)version.PositionInterval.TotalSeconds, [.. town.Registry.Bins.Select(b => b.Epc).Distinct()], isTracked);
        return new Carrier(random, number).Carry(day.Of(errands, from, until));
    }

    /// <summary>Any moment that may serve an obligation, often one at which something changes.</summary>
    private static long Edge(Random random, OracleDue due)
    {
        long[] edges = [due.From, due.OnTimeFrom, due.Start, due.End, due.OnTimeUntil, due.Until];
        var any = random.NextInt64((due.From / 1000) - 600, (due.Until / 1000) + 600);
        return random.Next(2) == 0 ? any : (edges[random.Next(edges.Length)] / 1000) + random.Next(-1, 2);
    }

    private static IEnumerable<(long At, object What)> Bins(Random random, long from, long until)
    {
        for (var bin = random.Next(2); bin >= 0; bin--)
        {
            var ratio = 0.1m;
            for (var at = from + random.NextInt64(Hour); at < until;)
            {
                yield return (at, new Filled($"x{bin}", random.Next(30) == 0 ? null : (double)ratio));
                ratio = random.Next(5) == 0 ? random.Next(0, 6) * 0.05m : Math.Min(1, ratio + (random.Next(1, 4) * 0.05m));
                at += random.Next(9) == 0 ? 5400 + random.Next(-1, 2) : random.Next(600, 5000);
            }
        }
    }

    private static long Evaluation(Random random, List<OracleDue> due, long from, long until) => random.Next(4) switch
    {
        0 => random.NextInt64(from, until),
        1 when due.Count > 0 => Edge(random, due[random.Next(due.Count)]),
        2 when due.Count > 0 => (due[random.Next(due.Count)].Until / 1000) + (24 * Hour) + random.Next(-1, 2),
        _ => until + random.NextInt64(70 * Hour),
    };

    private static List<Believed> Believed(Random random, List<Delivery> deliveries, long from, long until) =>
    [
        .. deliveries.Where(d => d.What is Proof { Type: EvidenceType.Manual or EvidenceType.Photo } && random.Next(5) == 0)
            .Select(d => new Believed(d.Pile, d.Boot, d.Sequence, d.Index, random.NextInt64(from, until + Hour))),
    ];

    private static List<ObligationException> Exceptions(Random random, OracleTown town, List<OracleDue> due)
    {
        var exceptions = new List<ObligationException>();
        foreach (var target in Enumerable.Range(0, due.Count > 0 ? random.Next(4) : 0).Select(_ => due[random.Next(due.Count)]))
        {
            long[] edges =
            [
                target.Start, target.Start - (2 * Hour * 1000), target.Until + (48 * Hour * 1000), target.Until, target.From,
            ];
            var declared = new Instant(edges[random.Next(edges.Length)] + (random.Next(-1, 2) * 1000));
            var kind = (ExceptionKind)random.Next(1, 5);
            var reason = random.Next(5) == 0 ? "VEHICLE_BREAKDOWN" : "SNOW_EMERGENCY";
            exceptions.Add(new ObligationException(
                $"X{random.Next(1000):000}-{exceptions.Count}", kind, reason,
                random.Next(2) == 0 ? null : new HashSet<string> { target.PointId },
                random.Next(2) == 0 ? null : target.Window.Key, random.Next(3) == 0 ? town.First : target.Date,
                random.Next(3) == 0 ? town.Last : target.Date, "Li", declared)
            {
                Approver = random.Next(10) == 0 ? "Li" : "Wang",
                Approved = random.Next(10) == 0 ? null : declared + TimeSpan.FromSeconds(random.Next(-1, 3600)),
                IsBySupervisor = random.Next(3) == 0,
                By = TimeSpan.FromMinutes(kind == ExceptionKind.ExtendGrace ? random.Next(0, 200) : random.Next(-200, 200)),
            });
        }
        return exceptions;
    }
}
