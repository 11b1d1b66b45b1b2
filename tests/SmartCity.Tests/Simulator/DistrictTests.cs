using System.Text;
using System.Text.Json;
using SmartCity.Simulator.District;

namespace SmartCity.Tests.Simulator;

public sealed class DistrictTests
{
    private static readonly DistrictPlan Plan = DistrictBuilder.Build(1);

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        var bytes = DistrictJson.Write(Plan);
        Assert.Equal(bytes, DistrictJson.Write(DistrictBuilder.Build(1)));
        Assert.NotEqual(bytes, DistrictJson.Write(DistrictBuilder.Build(2)));
    }

    [Fact]
    public void It_has_the_size_of_the_demo_district_and_fits_into_one_import()
    {
        var bytes = DistrictJson.Write(Plan);
        Assert.InRange(bytes.Length, 1, 4 * 1024 * 1024);
        using var json = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false });
        int Count(string list) => json.RootElement.GetProperty(list).GetArrayLength();
        Assert.Equal((100, 300, 20, 12, 3, 900), (
            Count("piles"), Count("points"), Count("trucks"), Count("routes"), Count("windows"), Count("assignments")));
        var piles = json.RootElement.GetProperty("piles").EnumerateArray();
        Assert.All(piles, p => Assert.Equal(10, p.GetProperty("ports").GetInt32()));
        var areas = json.RootElement.GetProperty("areas").EnumerateArray();
        Assert.Equal(60, areas.Count(a => a.GetProperty("kind").GetString() == "COMPOUND"));
    }

    [Fact]
    public void Every_reference_leads_to_an_asset_and_no_id_comes_twice()
    {
        using var json = JsonDocument.Parse(DistrictJson.Write(Plan));
        var ids = json.RootElement.EnumerateObject().ToDictionary(
            list => list.Name, list => list.Value.EnumerateArray().Select(a => a.GetProperty("id").GetString()!).ToHashSet());
        foreach (var list in json.RootElement.EnumerateObject())
        {
            Assert.Equal(list.Value.GetArrayLength(), ids[list.Name].Count);
            foreach (var asset in list.Value.EnumerateArray())
            {
                foreach (var (field, target) in new[]
                {
                    ("parentId", "areas"), ("gridId", "areas"), ("compoundId", "areas"), ("districtId", "areas"),
                    ("routeId", "routes"), ("pointId", "points"), ("windowKey", "windows"),
                })
                {
                    Assert.True(
                        !asset.TryGetProperty(field, out var id) || ids[target].Contains(id.GetString()!), $"{field} of {asset}");
                }
            }
        }
    }

    [Fact]
    public void Real_names_are_the_published_ones_and_all_others_say_that_they_are_examples()
    {
        string[] published = ["船营区", "长春路街道", "长春社区网格", "碧水山城", "吉源", "仿古小区", "乐园二区"];
        Assert.All(Plan.Areas.Where(a => !published.Contains(a.Name)), a => Assert.StartsWith("示例", a.Name));
        Assert.Subset(Plan.Areas.Select(a => a.Name).ToHashSet(), published.ToHashSet());
    }

    [Fact]
    public void Points_of_a_compound_are_60_to_300_m_apart_and_a_route_stays_within_a_few_kilometres()
    {
        foreach (var compound in Plan.Points.GroupBy(p => p.CompoundId))
        {
            var points = compound.ToList();
            Assert.All(points, a => Assert.All(
                points.Where(b => b != a), b => Assert.InRange(a.Place.DistanceTo(b.Place), 60, 300)));
        }
        Assert.All(Plan.Routes, r => Assert.All(r.Stops, s => Assert.InRange(s.Place.DistanceTo(r.Stops[0].Place), 0, 3000)));
        Assert.All(Plan.Points, p => Assert.True(
            p.Place.Lat is > 43.8 and < 43.88 && p.Place.Lon is > 126.48 and < 126.6, $"{p.Place.Lat} {p.Place.Lon}"));
    }

    [Fact]
    public void Tags_of_bins_are_24_hex_digits_and_unique()
    {
        var tags = Plan.Points.SelectMany(p => p.Bins).Select(b => b.Epc).ToList();
        Assert.Equal(tags.Count, tags.Distinct().Count());
        Assert.All(tags, t => Assert.Matches("^[0-9A-F]{24}$", t));
        Assert.Equal(24, Encoding.ASCII.GetByteCount(tags[0]));
    }
}
