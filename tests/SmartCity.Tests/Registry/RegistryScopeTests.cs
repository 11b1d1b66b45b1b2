using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using static SmartCity.Tests.Registry.Fixtures;

namespace SmartCity.Tests.Registry;

public sealed class RegistryScopeTests
{
    private static readonly RegistrySnapshot City = Snapshot(
        District("d1"), District("d2"), Subdistrict("s1", "d1"), Subdistrict("s2", "d2"),
        new Area("g1", Always, AreaKind.Grid, "网格 g1", "s1", null),
        Compound("c1", "s1", "g1"), Compound("c2", "s2"), Compound("c3", "s1"),
        Pile("p1", "c1"), Pile("p2", "c2"), Pile("p3", "c3"), Pile("lost", "nowhere"),
        Point("k1", "c1"), Point("k2", "c2"),
        new Route("r2", Always, "route", "d2"),
        Truck("t1", "d1", "r2"), Truck("t2", null, "r2"), Truck("t3", null, null));

    private static IEnumerable<string> Piles(AssetScope scope) => RegistryScope.Piles(City, scope).Select(p => p.Id);

    [Fact]
    public void An_empty_scope_is_the_whole_city()
    {
        Assert.Equal(["lost", "p1", "p2", "p3"], Piles(AssetScope.City));
        Assert.Equal(["k1", "k2"], RegistryScope.Points(City, AssetScope.City).Select(p => p.Id));
        Assert.Equal(["t1", "t2", "t3"], RegistryScope.Trucks(City, AssetScope.City).Select(t => t.Id));
    }

    [Fact]
    public void A_pile_is_in_scope_by_any_area_above_it_or_by_its_id()
    {
        Assert.Equal(["p1", "p3"], Piles(Scope(district: "d1")));
        Assert.Equal(["p2"], Piles(Scope(subdistrict: "s2")));
        Assert.Equal(["p3"], Piles(Scope(compound: "c3")));
        Assert.Equal(["p1"], Piles(Scope(grid: "g1")));
        Assert.Equal(["lost", "p2"], Piles(Scope(district: "d2", pile: "lost")));
        Assert.Empty(Piles(Scope(truck: "t1")));
    }

    [Fact]
    public void A_point_is_in_scope_through_its_compound()
    {
        Assert.Equal(["k1"], RegistryScope.Points(City, Scope(grid: "g1")).Select(p => p.Id));
        Assert.Equal(["k2"], RegistryScope.Points(City, Scope(district: "d2")).Select(p => p.Id));
        Assert.Equal(["k1"], RegistryScope.Points(City, Scope(point: "k1")).Select(p => p.Id));
    }

    [Fact]
    public void A_truck_lies_in_its_district_and_without_one_in_that_of_its_route()
    {
        Assert.Equal(["t1"], RegistryScope.Trucks(City, Scope(district: "d1")).Select(t => t.Id));
        Assert.Equal(["t2"], RegistryScope.Trucks(City, Scope(district: "d2")).Select(t => t.Id));
        Assert.Equal(["t3"], RegistryScope.Trucks(City, Scope(truck: "t3")).Select(t => t.Id));
        Assert.Empty(RegistryScope.Trucks(City, Scope(compound: "c1")));
    }

    [Theory]
    [InlineData(AreaKind.Compound, "c1", "小区 c1")]
    [InlineData(AreaKind.Subdistrict, "s1", "街道 s1")]
    [InlineData(AreaKind.District, "d1", "区 d1")]
    [InlineData(AreaKind.Grid, "g1", "网格 g1")]
    public void A_pile_and_a_point_are_counted_in_the_areas_above_them(AreaKind level, string id, string name)
    {
        Assert.Equal((id, name), RegistryScope.GroupOf(City, City.PileVersions("p1")[0], level));
        Assert.Equal((id, name), RegistryScope.GroupOf(City, City.PointVersions("k1")[0], level));
    }

    [Fact]
    public void What_lies_nowhere_has_no_group_id_and_a_name_that_says_so()
    {
        var lost = City.PileVersions("lost")[0];
        Assert.Equal(("", "unknown compound nowhere"), RegistryScope.GroupOf(City, lost, AreaKind.Compound));
        Assert.Equal(("", "no district"), RegistryScope.GroupOf(City, lost, AreaKind.District));
        Assert.Equal(("", "no grid"), RegistryScope.GroupOf(City, City.PileVersions("p2")[0], AreaKind.Grid));
    }

    [Fact]
    public void A_pile_whose_compound_moved_comes_in_pieces_of_one_district_each()
    {
        var moved = At("2026-04-01");
        var city = Snapshot(
            District("d1"), District("d2"), Subdistrict("s1", "d1"), Subdistrict("s2", "d2"),
            Compound("c", "s1") with { Validity = new Validity(Always.From, moved) },
            Compound("c", "s2") with { Validity = new Validity(moved, null) }, Pile("p", "c"));
        var inFirst = Assert.Single(RegistryScope.Piles(city, Scope(district: "d1")));
        var inSecond = Assert.Single(RegistryScope.Piles(city, Scope(district: "d2")));
        Assert.Equal(new Validity(Always.From, moved), inFirst.Validity);
        Assert.Equal(new Validity(moved, null), inSecond.Validity);
        Assert.Equal("d1", RegistryScope.GroupOf(city, inFirst, AreaKind.District).Id);
        Assert.Equal("d2", RegistryScope.GroupOf(city, inSecond, AreaKind.District).Id);
    }

    [Fact]
    public void A_pile_also_comes_in_pieces_when_its_subdistrict_moved()
    {
        var moved = At("2026-04-01");
        var city = Snapshot(
            District("d1"), District("d2"),
            Subdistrict("s", "d1") with { Validity = new Validity(Always.From, moved) },
            Subdistrict("s", "d2") with { Validity = new Validity(moved, null) }, Compound("c", "s"), Pile("p", "c"));
        Assert.Equal(
            [new Validity(Always.From, moved), new Validity(moved, null)],
            RegistryScope.Piles(city, AssetScope.City).Select(p => p.Validity));
    }

    [Fact]
    public void A_change_that_moves_nothing_leaves_the_version_whole()
    {
        var renamed = At("2026-04-01");
        var pile = Pile("p", "c");
        var city = Snapshot(
            District("d1"), Subdistrict("s1", "d1"),
            Compound("c", "s1") with { Validity = new Validity(Always.From, renamed) },
            Compound("c", "s1") with { Validity = new Validity(renamed, null), Name = "new" }, pile);
        Assert.Same(pile, Assert.Single(RegistryScope.Piles(city, AssetScope.City)));
        Assert.Equal("new", RegistryScope.GroupOf(city, "c", AreaKind.Compound, renamed).Name);
        Assert.Equal("小区 c", RegistryScope.GroupOf(city, "c", AreaKind.Compound, renamed - TimeSpan.FromSeconds(1)).Name);
    }

    [Fact]
    public void A_truck_without_district_follows_its_route()
    {
        var moved = At("2026-04-01");
        var city = Snapshot(
            District("d1"), District("d2"), new Route("r", new Validity(Always.From, moved), "r", "d1"),
            new Route("r", new Validity(moved, null), "r", "d2"), Truck("t", null, "r"));
        Assert.Equal(moved, Assert.Single(RegistryScope.Trucks(city, Scope(district: "d1"))).Validity.Until);
        Assert.Equal(moved, Assert.Single(RegistryScope.Trucks(city, Scope(district: "d2"))).Validity.From);
    }

    [Fact]
    public void Kinds_have_the_numbers_of_the_wire()
    {
        Assert.Equal(Wire<SmartCity.Protocol.V1.AssetKind>(), Wire<AssetKind>());
        Assert.Equal(Wire<SmartCity.Protocol.V1.AreaKind>(), Wire<AreaKind>());
        Assert.Equal(Wire<SmartCity.Protocol.V1.PileKind>(), Wire<PileKind>());

        static IEnumerable<(string, int)> Wire<T>() where T : struct, Enum =>
            Enum.GetValues<T>().Select(v => (v.ToString(), Convert.ToInt32(v, null))).Where(v => v.Item2 != 0).Order();
    }
}
