using System.Globalization;

namespace SmartCity.Simulator.District;

/// <summary>Lays the district out: 12 zones on a 4 x 3 grid, each a route of 5 compounds with 5 points.</summary>
internal static class DistrictBuilder
{
    private const int ZoneColumns = 4, CompoundsPerZone = 5, PointsPerCompound = 5, SensorPoints = 12;
    private const double ZoneM = 1600, CompoundM = 480;
    private static readonly string[] RealCompounds = ["碧水山城", "吉源", "仿古小区", "乐园二区"];
    private static readonly string[] RealStreets = ["昆明街", "莲花街", "致敬胡同"];

    public static DistrictPlan Build(int seed)
    {
        var random = Seeds.Stream(seed, "district");
        var areas = Areas();
        var compounds = areas.Where(a => a.Level == AreaLevel.Compound).ToList();
        var centres = compounds.Select((_, i) => CentreOf(i, random)).ToList();
        var points = compounds.SelectMany((c, i) => PointsOf(c, i, centres[i], random)).ToList();
        var routes = Enumerable.Range(0, Assumptions.Routes).Select(r => RouteOf(r, points)).ToList();
        return new DistrictPlan(
            seed, areas, Piles(compounds, centres, random), Trucks(routes, random), routes, points, Windows());
    }

    private static List<WindowPlan> Windows() =>
        [new("MORNING", (4 * 60) + 30, 8 * 60), new("NOON", 11 * 60, 14 * 60), new("EVENING", 17 * 60, 21 * 60)];

    private static List<AreaPlan> Areas()
    {
        const string district = DistrictPlan.DistrictId;
        var areas = new List<AreaPlan> { new(district, AreaLevel.District, "船营区", null, null) };
        areas.AddRange(Enumerable.Range(1, Assumptions.Routes / 2).Select(s => new AreaPlan(
            Id("S", s, 2), AreaLevel.Subdistrict, s == 1 ? "长春路街道" : Numbered("示例街道", s), district, null)));
        areas.AddRange(Enumerable.Range(1, Assumptions.Routes * 2).Select(g => new AreaPlan(
            Id("G", g, 2), AreaLevel.Grid, g == 1 ? "长春社区网格" : Numbered("示例网格", g), Id("S", ((g - 1) / 4) + 1, 2), null)));
        for (var c = 1; c <= Assumptions.Compounds; c++)
        {
            var zone = (c - 1) / CompoundsPerZone;
            var grid = (zone * 2) + ((c - 1) % CompoundsPerZone < 3 ? 1 : 2);
            var name = c <= RealCompounds.Length ? RealCompounds[c - 1] : Numbered("示例小区", c - RealCompounds.Length);
            areas.Add(new AreaPlan(Id("C", c, 2), AreaLevel.Compound, name, Id("S", (zone / 2) + 1, 2), Id("G", grid, 2)));
        }
        return areas;
    }

    private static Place CentreOf(int compound, Random random)
    {
        var zone = compound / CompoundsPerZone;
        var zoneCentre = new Place((zone % ZoneColumns * ZoneM) - (1.5 * ZoneM), (zone / ZoneColumns * ZoneM) - ZoneM);
        // One compound in the middle of its zone would be crossed by every other leg, so all five lie on a ring.
        var angle = 2 * Math.PI * (compound % CompoundsPerZone) / CompoundsPerZone;
        return zoneCentre.Moved(
            (CompoundM * Math.Sin(angle)) + random.Between(-40, 40), (CompoundM * Math.Cos(angle)) + random.Between(-40, 40));
    }

    private static IEnumerable<PointPlan> PointsOf(AreaPlan compound, int index, Place centre, Random random)
    {
        var radius = random.Between(75, 115);
        var turn = random.Between(0, 2 * Math.PI);
        for (var p = 0; p < PointsPerCompound; p++)
        {
            var number = (index * PointsPerCompound) + p + 1;
            var angle = turn + (2 * Math.PI * p / PointsPerCompound) + random.Between(-0.15, 0.15);
            var place = centre.Moved(radius * Math.Sin(angle), radius * Math.Cos(angle));
            var bins = Enumerable.Range(1, random.Next(2, 6)).Select(b => BinOf(number, b, random)).ToList();
            yield return new PointPlan(
                Numbered("point-", number, 3), $"{compound.Name}{p + 1}号收集点", compound.Id, place, random.Next(60, 120),
                number % (Assumptions.Points / SensorPoints) == 0, bins);
        }
    }

    private static BinPlan BinOf(int point, int bin, Random random) => new(
        Numbered("bin-", point, 3) + Numbered("-", bin, 1),
        "E280" + point.ToString("X4", CultureInfo.InvariantCulture) + bin.ToString("X2", CultureInfo.InvariantCulture)
            + random.NextInt64(1L << 56).ToString("X14", CultureInfo.InvariantCulture),
        random.Chance(0.8) ? 240 : 660);

    private static RoutePlan RouteOf(int route, List<PointPlan> points)
    {
        var name = route < RealStreets.Length ? RealStreets[route] + "线" : Numbered("示例线路", route + 1 - RealStreets.Length);
        var perRoute = CompoundsPerZone * PointsPerCompound;
        return new RoutePlan(Numbered("route-", route + 1), name, points.GetRange(route * perRoute, perRoute));
    }

    private static List<TruckPlan> Trucks(List<RoutePlan> routes, Random random) =>
        [.. Enumerable.Range(0, Assumptions.Trucks).Select(t => new TruckPlan(
            Numbered("truck-", t + 1), "吉B" + random.Next(10_000, 100_000).ToString(CultureInfo.InvariantCulture),
            routes[t % routes.Count].Id))];

    // Ten compounds have a shed of four piles, ten have two, forty have one.
    private static List<PilePlan> Piles(List<AreaPlan> compounds, List<Place> centres, Random random)
    {
        var piles = new List<PilePlan>();
        for (var c = 0; c < compounds.Count; c++)
        {
            var rank = c % 6;
            var popularity = random.Between(0.7, 1.3);
            for (var p = 0; p < (rank == 0 ? 4 : rank == 3 ? 2 : 1); p++)
            {
                var number = piles.Count + 1;
                var place = centres[c].Moved(random.Between(-30, 30), random.Between(-30, 30));
                piles.Add(new PilePlan(
                    Numbered("pile-", number, 4), $"{compounds[c].Name}{p + 1}号桩", compounds[c].Id, place, popularity));
            }
        }
        return piles;
    }

    private static string Id(string letter, int number, int digits) =>
        Numbered($"{DistrictPlan.DistrictId}-{letter}", number, digits);

    private static string Numbered(string name, int number, int digits = 2) =>
        name + number.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
}
