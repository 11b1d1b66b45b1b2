using CsCheck;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Files;
using static SmartCity.Tests.Registry.Fixtures;

namespace SmartCity.Tests.Registry;

public sealed class AssetFileTests
{
    private static readonly Instant Noon = At("2026-05-10") + TimeSpan.FromHours(12);

    private static IAsset Csv(AssetKind kind, string csv) => Assert.Single(Assets(AssetFile.ReadCsv(kind, csv, Noon)));

    private static IEnumerable<IAsset> Assets(ParsedAssets file)
    {
        Assert.Empty(file.Problems);
        return file.Rows.Select(row => row.Asset);
    }

    [Fact]
    public void The_least_a_file_must_have_makes_an_asset_with_defaults_valid_from_the_start_of_today()
    {
        var today = new Validity(At("2026-05-10"), null);
        Assert.Equal(
            new Pile("p", today, "p", "c", PileKind.EbikeAc, 10, null, TimeSpan.FromSeconds(180), null, null, null),
            Csv(AssetKind.Pile, "id,compound_id,ports\np,c,10"));
        Assert.Equal(new Area("d", today, AreaKind.District, "d", null, null), Csv(AssetKind.Area, "id,kind\nd,DISTRICT"));
        Assert.Equal(
            new Truck("t", today, "t", null, null, true, TimeSpan.FromSeconds(30)), Csv(AssetKind.Truck, "id\nt"));
        Assert.Equal(new Route("r", today, "r", null), Csv(AssetKind.Route, "id\nr"));
        Assert.Equal(
            new CollectionPoint("k", today, "k", "c", new GeoPoint(43.84, 126.55), 40, TimeSpan.FromSeconds(30), 0),
            Csv(AssetKind.Point, "id,compound_id,lat,lon\nk,c,43.84,126.55"));
        Assert.Equal(new Bin("b", today, "k", "E200", null), Csv(AssetKind.Bin, "id,point_id,epc\nb,k,E200"));
        Assert.Equal(
            new CollectionWindow(
                "NOON", today, "NOON", new TimeOnly(11, 0), new TimeOnly(14, 0), "Asia/Shanghai", TimeSpan.Zero,
                TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(2)),
            Csv(AssetKind.Window, "id,start_local,end_local\nNOON,11:00,14:00"));
        Assert.Equal(
            new Assignment("a", today, "k", "NOON", null, null, 0b111_1111, 0),
            Csv(AssetKind.Assignment, "id,point_id,window_key\na,k,NOON"));
    }

    [Fact]
    public void Columns_may_stand_in_any_order_and_case_and_be_quoted_or_empty()
    {
        var pile = (Pile)Csv(AssetKind.Pile, "\uFEFFPorts, Name ,ID,compound_id,vendor,\r\n2,\"东门, \"\"旧\"\"\",p,c,,\r\n\r\n,,,,,\r\n");
        Assert.Equal(("东门, \"旧\"", 2, null), (pile.Name, pile.Ports, pile.Vendor));
    }

    [Fact]
    public void A_date_is_its_local_midnight_and_a_time_needs_its_offset()
    {
        var route = Csv(AssetKind.Route, "id,valid_from,valid_until\nr,2026-05-01,2026-06-01T08:00:00+08:00");
        Assert.Equal(
            new Validity(
                Instant.From(new DateTimeOffset(2026, 4, 30, 16, 0, 0, TimeSpan.Zero)),
                Instant.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero))),
            route.Validity);
    }

    [Fact]
    public void A_window_is_valid_on_the_days_of_its_own_zone()
    {
        var window = Csv(AssetKind.Window, "id,start_local,end_local,time_zone,valid_from\nW,11:00,14:00,Europe/Berlin,2026-05-01");
        Assert.Equal(Instant.From(new DateTimeOffset(2026, 4, 30, 22, 0, 0, TimeSpan.Zero)), window.Validity.From);
    }

    [Fact]
    public void A_position_of_a_public_map_is_converted_on_the_way_in()
    {
        var point = (CollectionPoint)Csv(
            AssetKind.Point, "id,compound_id,lat,lon,crs\nk,c,39.91640428150164,116.41024449916938,GCJ-02");
        Assert.Equal(39.915, point.Location.Lat, 7);
        Assert.Equal(116.404, point.Location.Lon, 7);
    }

    [Fact]
    public void Json_has_the_fields_of_the_proto_and_any_kinds_together()
    {
        var assets = Assets(AssetFile.ReadJson(
            """
            {
              "areas": [{"id": "d", "kind": "DISTRICT", "name": "区"}],
              "piles": [{"id": "p", "compoundId": "c", "ports": 2, "ratedPortPowerW": 800.5, "vendor": null,
                         "location": {"lat": 43.84, "lon": 126.55}, "validFrom": "2026-05-01"}],
              "trucks": [{"id": "t", "tracked": false, "positionIntervalS": 10}]
            }
            """, Noon)).ToList();
        Assert.Equal(["d", "p", "t"], assets.Select(a => a.Id));
        var pile = (Pile)assets[1];
        Assert.Equal((800.5, new GeoPoint(43.84, 126.55), At("2026-05-01")), (pile.RatedPortPowerW, pile.Location, pile.Validity.From));
        Assert.Equal((false, 10), (((Truck)assets[2]).Tracked, ((Truck)assets[2]).PositionInterval.TotalSeconds));
    }

    [Fact]
    public void What_is_written_as_csv_is_read_as_the_same_assets() => GenAssets.Sample(assets =>
        assets.GroupBy(AssetKinds.KindOf).All(kind =>
            kind.SequenceEqual(Assets(AssetFile.ReadCsv(kind.Key, AssetFile.WriteCsv(kind.Key, kind), Noon)))), iter: 1_000);

    [Fact]
    public void What_is_written_as_json_is_read_as_the_same_assets() => GenAssets.Sample(assets =>
        assets.OrderBy(AssetKinds.KindOf).SequenceEqual(Assets(AssetFile.ReadJson(AssetFile.WriteJson(assets), Noon))), iter: 1_000);

    private static readonly Gen<string> GenId = Gen.String[Gen.Char["abcXYZ019_-"], 1, 64];
    private static readonly Gen<string?> GenIdOrNone =
        Gen.Bool.SelectMany(none => none ? Gen.Const((string?)null) : GenId.Select(id => (string?)id));

    private static readonly Gen<string> GenName = Gen.String[Gen.Char["江湾小区 \",;'=\\/{}[]#<&"], 1, 20].Select(text => "x" + text + "x");
    private static readonly Gen<GeoPoint> GenPlace =
        Gen.Select(Gen.Double[-90, 90], Gen.Double[-180, 180]).Select((lat, lon) => new GeoPoint(lat, lon));

    private static readonly Gen<TimeSpan> GenSpan = Gen.Int[1_000, 3_600_000].Select(ms => TimeSpan.FromMilliseconds(ms));

    private static readonly Gen<Validity> GenValidity =
        from day in Gen.Bool
        from start in Gen.Int[0, 5_000]
        from odd in Gen.Long[0, 86_399_999]
        from length in Gen.Int[0, 500]
        let midnight = At("2020-01-01") + TimeSpan.FromDays(start)
        let until = length == 0 ? (Instant?)null : midnight + TimeSpan.FromDays(length)
        select new Validity(day ? midnight : midnight + TimeSpan.FromMilliseconds(odd), until);

    private static readonly Gen<Validity> GenDays =
        from start in Gen.Int[0, 5_000]
        from length in Gen.Int[0, 500]
        let midnight = At("2020-01-01") + TimeSpan.FromDays(start)
        select new Validity(midnight, length == 0 ? null : midnight + TimeSpan.FromDays(length));

    private static readonly Gen<IAsset> GenArea =
        from id in GenId
        from validity in GenValidity
        from kind in Gen.Enum<AreaKind>()
        from name in GenName
        from above in GenId
        from grid in GenIdOrNone
        select (IAsset)new Area(
            id, validity, kind, name, kind == AreaKind.District ? null : above, kind == AreaKind.Compound ? grid : null);

    private static readonly Gen<IAsset> GenPile =
        from id in GenId
        from validity in GenValidity
        from name in GenName
        from kind in Gen.Enum<PileKind>()
        from ports in Gen.Int[1, 64]
        from power in Gen.Double[1, 400_000]
        from interval in GenSpan
        from place in GenPlace
        from bare in Gen.Bool
        select (IAsset)new Pile(
            id, validity, name, id, kind, ports, bare ? null : power, interval, bare ? null : name, name, bare ? null : place);

    private static readonly Gen<IAsset> GenTruckOrRoute =
        from id in GenId
        from validity in GenValidity
        from name in GenName
        from other in GenIdOrNone
        from tracked in Gen.Bool
        from interval in GenSpan
        from route in Gen.Bool
        select route ? (IAsset)new Route(id, validity, name, other) : new Truck(id, validity, name, other, other, tracked, interval);

    private static readonly Gen<IAsset> GenPointOrBin =
        from id in GenId
        from validity in GenValidity
        from name in GenName
        from place in GenPlace
        from radius in Gen.Double[5, 1_000]
        from dwell in GenSpan
        from households in Gen.Int[0, 1_000_000]
        from bin in Gen.Bool
        select bin
            ? (IAsset)new Bin(id, validity, id, name, households == 0 ? null : radius)
            : new CollectionPoint(id, validity, name, id, place, radius, dwell, households);

    private static readonly Gen<IAsset> GenSchedule =
        from id in GenId
        from validity in GenDays
        from minutes in Gen.Int[0, 1_439].Array[2]
        from seconds in Gen.Int[0, 86_400].Array[4]
        from weekdays in Gen.Int[1, 127]
        from other in GenIdOrNone
        from window in Gen.Bool
        select window
            ? (IAsset)new CollectionWindow(
                id, validity, id, TimeOnly.MinValue.AddMinutes(minutes[0]), TimeOnly.MinValue.AddMinutes(minutes[1]), "Asia/Shanghai",
                TimeSpan.FromSeconds(seconds[0]), TimeSpan.FromSeconds(seconds[1]), TimeSpan.FromSeconds(seconds[2]),
                TimeSpan.FromSeconds(seconds[3]))
            : new Assignment(id, validity, id, id, other, other, (byte)weekdays, seconds[0]);

    private static readonly Gen<IAsset[]> GenAssets =
        Gen.OneOf(GenArea, GenPile, GenTruckOrRoute, GenPointOrBin, GenSchedule).Array[0, 12];
}
