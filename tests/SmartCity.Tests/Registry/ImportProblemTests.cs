using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Files;
using static SmartCity.Tests.Registry.Fixtures;

namespace SmartCity.Tests.Registry;

/// <summary>Every way in which a file may be wrong is told with its place, its column and what would be right.</summary>
public sealed class ImportProblemTests : IDisposable
{
    private static readonly Instant Noon = At("2026-05-10") + TimeSpan.FromHours(12);
    private readonly RegistryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(
        AssetKind.Pile, "",
        "", "", "The file is empty. Its first row names the columns: id,name,compound_id,kind,ports,")]
    [InlineData(AssetKind.Pile, "id,compoud_id,ports\np,c,1", "row 1", "compoud_id", "Did you mean 'compound_id'?")]
    [InlineData(
        AssetKind.Pile, "id,zzzzzzzzzz\np,c",
        "row 1", "zzzzzzzzzz", "is not known for piles. Known are: id, name, compound_id")]
    [InlineData(AssetKind.Pile, "id,id\np,p", "row 1", "id", "is there twice.")]
    [InlineData(AssetKind.Route, "id,name\nr,a,b", "row 2", "", "has 3 fields, the header has 2.")]
    [InlineData(AssetKind.Route, "id,name\nr,a\"b", "row 2", "", "has a quote inside a field.")]
    [InlineData(AssetKind.Route, "id,name\n,a", "row 2", "id", "is missing. It is needed in every row.")]
    [InlineData(AssetKind.Route, "id\na b", "row 2", "id", "'a b' is not an id: 1 to 64 letters, digits, '-' or '_'.")]
    [InlineData(AssetKind.Route, "id\nr\n小区", "row 3", "id", "'小区' is not an id")]
    [InlineData(AssetKind.Route, "id,name\nr,\"a\nb\"", "row 3", "name", "has line breaks")]
    [InlineData(
        AssetKind.Route, "id,valid_from\nr,01.05.2026",
        "row 2", "valid_from", "'01.05.2026' is neither a date (2026-05-01) nor")]
    [InlineData(AssetKind.Route, "id,valid_from\nr,2026-05-01T08:00:00", "row 2", "valid_from", "a time with its offset")]
    [InlineData(
        AssetKind.Route, "id,valid_from,valid_until\nr,2026-05-02,2026-05-01",
        "row 2", "valid_until", "is not after valid_from")]
    [InlineData(
        AssetKind.Route, "id,valid_until\nr,2026-05-01",
        "row 2", "valid_until", "(the start of today, because the row has none)")]
    [InlineData(AssetKind.Area, "id\nd", "row 2", "kind", "It is one of DISTRICT, SUBDISTRICT, COMPOUND, GRID.")]
    [InlineData(AssetKind.Area, "id,kind\nd,CITY", "row 2", "kind", "'CITY' is none of DISTRICT, SUBDISTRICT, COMPOUND, GRID.")]
    [InlineData(
        AssetKind.Area, "id,kind\nd,SUBDISTRICT",
        "row 2", "parent_id", "Give the district that the subdistrict lies in.")]
    [InlineData(AssetKind.Area, "id,kind\nd,GRID", "row 2", "parent_id", "Give the subdistrict that it lies in.")]
    [InlineData(AssetKind.Area, "id,kind,parent_id\nd,DISTRICT,x", "row 2", "parent_id", "A district lies in no other area.")]
    [InlineData(AssetKind.Area, "id,kind,grid_id\nd,DISTRICT,x", "row 2", "grid_id", "Only a compound lies in a grid.")]
    [InlineData(AssetKind.Pile, "id,compound_id\np,c", "row 2", "ports", "is missing. Give how many there are: 1 to 64.")]
    [InlineData(AssetKind.Pile, "id,compound_id,ports\np,c,65", "row 2", "ports", "'65' is not a whole number from 1 to 64.")]
    [InlineData(AssetKind.Pile, "id,compound_id,ports\np,c,0", "row 2", "ports", "'0' is not a whole number from 1 to 64.")]
    [InlineData(AssetKind.Pile, "id,ports\np,1", "row 2", "compound_id", "is missing.")]
    [InlineData(
        AssetKind.Pile, "id,kind\np,DIESEL",
        "row 2", "kind", "'DIESEL' is none of EBIKE_AC, EBIKE_CABINET, EV_AC, EV_DC.")]
    [InlineData(
        AssetKind.Pile, "id,rated_port_power_w\np,NaN",
        "row 2", "rated_port_power_w", "is not a number from 1 to 400000.")]
    [InlineData(AssetKind.Pile, "id,report_interval_s\np,0", "row 2", "report_interval_s", "is not a number from 1 to 86400.")]
    [InlineData(AssetKind.Pile, "id,lat\np,43.8", "row 2", "lon", "is missing. It goes with lat.")]
    [InlineData(AssetKind.Point, "id\nk", "row 2", "lat", "A collection point needs its position")]
    [InlineData(AssetKind.Point, "id,lat,lon\nk,143.8,126.5", "row 2", "lat", "'143.8' is not a number from -90 to 90.")]
    [InlineData(AssetKind.Point, "id,lat,lon\nk,43.8,-181", "row 2", "lon", "'-181' is not a number from -180 to 180.")]
    [InlineData(AssetKind.Point, "id,lat,lon,crs\nk,43,126,BD09", "row 2", "crs", "'BD09' is neither WGS84 nor GCJ02.")]
    [InlineData(AssetKind.Point, "id,radius_m\nk,4", "row 2", "radius_m", "from 5 to 1000")]
    [InlineData(AssetKind.Point, "id,households\nk,-1", "row 2", "households", "from 0 to 1000000")]
    [InlineData(AssetKind.Truck, "id,tracked\nt,maybe", "row 2", "tracked", "'maybe' is neither true nor false.")]
    [InlineData(AssetKind.Bin, "id,point_id\nb,k", "row 2", "epc", "Give the code of the bin's RFID tag.")]
    [InlineData(AssetKind.Window, "id,end_local\nW,14:00", "row 2", "start_local", "Give a local time as HH:MM.")]
    [InlineData(
        AssetKind.Window, "id,start_local\nW,24:00",
        "row 2", "start_local", "'24:00' is not a time of day as HH:MM, 00:00 to 23:59.")]
    [InlineData(AssetKind.Window, "id,time_zone\nW,Mars/Base", "row 2", "time_zone", "Give an IANA name, as Asia/Shanghai.")]
    [InlineData(AssetKind.Window, "id,time_zone\nW,China Standard Time", "row 2", "time_zone", "is not a time zone known here")]
    [InlineData(AssetKind.Window, "id,late_grace_s\nW,86401", "row 2", "late_grace_s", "from 0 to 86400")]
    [InlineData(
        AssetKind.Window, "id,valid_from\nW,2026-05-01T08:00:00+08:00",
        "row 2", "valid_from", "is not a midnight in Asia/Shanghai")]
    [InlineData(AssetKind.Assignment, "id,weekdays\na,128", "row 2", "weekdays", "'128' is not made of the digits 1 (Monday)")]
    [InlineData(AssetKind.Assignment, "id,weekdays\na,11", "row 2", "weekdays", "each at most once")]
    public void A_row_that_cannot_be_read_is_told(AssetKind kind, string csv, string place, string column, string text)
    {
        var problems = AssetFile.ReadCsv(kind, csv, Noon).Problems;
        Assert.Contains(problems, p => p.Place == place && p.Column == column && p.Text.Contains(text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{", "", "", "This is not JSON")]
    [InlineData("[]", "", "", "Lists are: areas, piles, trucks, routes, points, bins, windows, assignments.")]
    [InlineData("""{"pile": []}""", "pile", "", "is not known. Lists are:")]
    [InlineData("""{"piles": {}}""", "piles", "", "is not a list.")]
    [InlineData("""{"piles": [1]}""", "piles[0]", "", "is not an object with fields.")]
    [InlineData("""{"piles": [{"compound": "c"}]}""", "piles[0]", "compound", "Did you mean 'compoundId'?")]
    [InlineData("""{"piles": [{"name": ["c"]}]}""", "piles[0]", "name", "is an object or a list")]
    [InlineData("""{"piles": [{"id": "p", "id": "q"}]}""", "", "", "This is not JSON")]
    [InlineData("""{"piles": [{"id": "p"}, {"ports": 65}]}""", "piles[1]", "ports", "from 1 to 64")]
    [InlineData("""{"points": [{"location": {"lat": 91}}]}""", "points[0]", "location.lat", "from -90 to 90")]
    public void A_json_file_that_cannot_be_read_is_told(string json, string place, string column, string text) =>
        Assert.Contains(
            AssetFile.ReadJson(json, Noon).Problems,
            p => p.Place == place && p.Column == column && p.Text.Contains(text, StringComparison.Ordinal));

    [Theory]
    [InlineData(
        AssetKind.Area, "id,kind,parent_id\nx,COMPOUND,none",
        "row 2", "parent_id", "There is no subdistrict 'none'. Import it first")]
    [InlineData(
        AssetKind.Area, "id,kind,parent_id\nx,COMPOUND,220204",
        "row 2", "parent_id", "'220204' is a district, not a subdistrict.")]
    [InlineData(
        AssetKind.Area, "id,kind,parent_id,grid_id\nx,COMPOUND,dongju,dongju",
        "row 2", "grid_id", "is a subdistrict, not a grid.")]
    [InlineData(AssetKind.Area, "id,kind,parent_id\njiangwan,GRID,dongju", "row 2", "kind", "'jiangwan' is already a compound")]
    [InlineData(
        AssetKind.Area, "id,kind,parent_id,valid_from\njiangwan,GRID,dongju,2020-01-01",
        "row 2", "kind", "'jiangwan' is already a compound")]
    [InlineData(
        AssetKind.Pile, "id,compound_id,ports\np,none,1", "row 2", "compound_id",
        "There is no compound 'none'. Import it first (smartcity assets import areas.csv --kind area)")]
    [InlineData(
        AssetKind.Pile, "id,compound_id,ports\np,dongju,1",
        "row 2", "compound_id", "'dongju' is a subdistrict, not a compound.")]
    [InlineData(AssetKind.Point, "id,compound_id,lat,lon\nk,none,43,126", "row 2", "compound_id", "There is no compound 'none'.")]
    [InlineData(AssetKind.Truck, "id,district_id\nt,none", "row 2", "district_id", "There is no district 'none'.")]
    [InlineData(
        AssetKind.Truck, "id,route_id\nt,none", "row 2", "route_id",
        "There is no route 'none'. Import it first (smartcity assets import routes.csv --kind route)")]
    [InlineData(AssetKind.Route, "id,district_id\nr,none", "row 2", "district_id", "There is no district 'none'.")]
    [InlineData(AssetKind.Bin, "id,point_id,epc\nb,none,E", "row 2", "point_id", "There is no point 'none'.")]
    [InlineData(AssetKind.Bin, "id,point_id,epc\nb2,k1,E200", "row 2", "epc", "'E200' is also the tag of bin 'b1' at that time.")]
    [InlineData(
        AssetKind.Window, "id,key,start_local,end_local\nN2,NOON,10:00,12:00",
        "row 2", "key", "'NOON' also has the window 'NOON'")]
    [InlineData(AssetKind.Window, "id,key,start_local,end_local\nNOON,LUNCH,10:00,12:00", "", "", "")]
    [InlineData(
        AssetKind.Window, "id,key,start_local,end_local,valid_from\nNOON,LUNCH,10:00,12:00,2020-01-01", "row 2", "key",
        "assignments still use the key 'NOON'.")]
    [InlineData(AssetKind.Assignment, "id,point_id,window_key\na2,none,NOON", "row 2", "point_id", "There is no point 'none'.")]
    [InlineData(
        AssetKind.Assignment, "id,point_id,window_key\na2,k1,DUSK",
        "row 2", "window_key", "There is no window with the key 'DUSK'.")]
    [InlineData(
        AssetKind.Assignment, "id,point_id,window_key,route_id\na2,k1,NOON,none",
        "row 2", "route_id", "There is no route 'none'.")]
    [InlineData(
        AssetKind.Assignment, "id,point_id,window_key,truck_id\na2,k1,NOON,none",
        "row 2", "truck_id", "There is no truck 'none'.")]
    [InlineData(
        AssetKind.Assignment, "id,point_id,window_key,weekdays\na2,k1,NOON,56",
        "row 2", "point_id", "is already assigned to NOON")]
    [InlineData(AssetKind.Assignment, "id,point_id,window_key,weekdays\na2,k1,NOON,67", "", "", "")]
    [InlineData(AssetKind.Route, "id\nr\nr", "row 3", "id", "'r' is also in row 2, and both are valid at the same time.")]
    [InlineData(AssetKind.Route, "id,valid_from,valid_until\nr,2026-01-01,2026-02-01\nr,2026-02-01,", "", "", "")]
    public async Task What_does_not_fit_the_registry_is_told(AssetKind kind, string csv, string place, string column, string text)
    {
        using var store = await OpenCityAsync();
        var before = store.Current;
        var outcome = await store.ImportAsync(kind, csv, folder.Now);
        if (text.Length == 0)
        {
            Assert.Empty(outcome.Problems);
            return;
        }
        Assert.Contains(outcome.Problems, p => p.Place == place && p.Column == column && p.Text.Contains(text, StringComparison.Ordinal));
        Assert.Same(before, store.Current);
    }

    [Fact]
    public async Task All_problems_of_a_file_are_listed_and_no_more_than_fifty()
    {
        using var store = await OpenCityAsync();
        var three = await store.ImportAsync(
            AssetKind.Pile, "id,compound_id,ports\np,none,1\nq,jiangwan,0\nr,dongju,1\ns,jiangwan,1", folder.Now);
        Assert.Equal(["row 2", "row 3", "row 4"], three.Problems.Select(p => p.Place).Order());
        Assert.Empty(store.Current.Piles);
        var many = "id,compound_id,ports\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"p{i},jiangwan,0\n"));
        Assert.Equal(ImportOutcome.ProblemsMax, (await store.ImportAsync(AssetKind.Pile, many, folder.Now)).Problems.Count);
    }

    [Fact]
    public async Task A_reference_to_a_row_that_could_not_be_read_is_not_told_as_well()
    {
        using var store = await OpenCityAsync();
        var file = AssetFile.ReadJson(
            """
            {
              "areas": [{"id": "new", "kind": "COMPOUND"}], "piles": [{"id": "p", "compoundId": "new", "ports": 1}],
              "windows": [{"id": "W", "startLocal": "1"}], "assignments": [{"id": "a3", "pointId": "k1", "windowKey": "W"}]
            }
            """, folder.Now);
        var outcome = await store.ImportAsync(file, tryOnly: false, TestContext.Current.CancellationToken);
        Assert.Equal(["areas[0]", "windows[0]", "windows[0]"], outcome.Problems.Select(p => p.Place));
    }

    private async Task<RegistryStore> OpenCityAsync()
    {
        var store = folder.Open();
        foreach (var (kind, csv) in new[]
        {
            (AssetKind.Area, AreasCsv), (AssetKind.Point, "id,compound_id,lat,lon\nk1,jiangwan,43.84,126.55"),
            (AssetKind.Bin, "id,point_id,epc\nb1,k1,E200"), (AssetKind.Window, "id,start_local,end_local\nNOON,11:00,14:00"),
            (AssetKind.Assignment, "id,point_id,window_key,weekdays\na1,k1,NOON,12345"),
        })
        {
            Assert.Empty((await store.ImportAsync(kind, csv, folder.Now)).Problems);
            // The next day, so that imports change what was registered before and do not correct it.
            folder.Clock.Advance(TimeSpan.FromDays(1));
        }
        return store;
    }
}
