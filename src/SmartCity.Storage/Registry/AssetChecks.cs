using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry;

/// <summary>Checks that what would be registered after an import fits together.</summary>
internal sealed class AssetChecks
{
    private readonly IReadOnlyCollection<IAsset> result;
    private readonly ParsedAssets file;
    private readonly Dictionary<(AssetKind, string), string> places = [];
    private readonly Dictionary<string, AreaKind> areas = new(StringComparer.Ordinal);
    private readonly HashSet<(AssetKind, string)> known = [];
    private readonly HashSet<string> windowKeys;
    private readonly List<ImportProblem> problems = [];

    private AssetChecks(IReadOnlyCollection<IAsset> registered, IReadOnlyCollection<IAsset> result, ParsedAssets file)
    {
        (this.result, this.file) = (result, file);
        foreach (var row in file.Rows)
        {
            places.TryAdd((AssetKinds.KindOf(row.Asset), row.Asset.Id), row.Place);
        }
        foreach (var asset in result)
        {
            known.Add((AssetKinds.KindOf(asset), asset.Id));
        }
        foreach (var area in registered.Concat(result).OfType<Area>())
        {
            areas.TryAdd(area.Id, area.Kind);
        }
        windowKeys = result.OfType<CollectionWindow>().Select(w => w.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>What does not fit, told of the file's rows.</summary>
    /// <param name="registered">All versions that are registered now.</param>
    /// <param name="result">All versions that would be registered.</param>
    public static IReadOnlyList<ImportProblem> Of(
        IReadOnlyCollection<IAsset> registered, IReadOnlyCollection<IAsset> result, ParsedAssets file)
    {
        var checks = new AssetChecks(registered, result, file);
        foreach (var row in file.Rows)
        {
            checks.CheckReferences(row);
        }
        checks.CheckLostKeys(registered.OfType<CollectionWindow>());
        checks.CheckClashes<Bin, string>(b => b.Epc, (bin, other) =>
            ("epc", $"'{bin.Epc}' is also the tag of bin '{other.Id}' at that time. A tag is on one bin."));
        checks.CheckClashes<CollectionWindow, string>(w => w.Key, (window, other) =>
            ("key", $"'{window.Key}' also has the window '{other.Id}' at that time. Give valid_until to the one that ends."));
        checks.CheckClashes<Assignment, (string, string)>(a => (a.PointId, a.WindowKey), (assignment, other) =>
            ("point_id", $"'{assignment.PointId}' is already assigned to {assignment.WindowKey} on one of these weekdays, by "
                + $"'{other.Id}'."));
        return checks.problems;
    }

    private void CheckReferences(ParsedAsset row)
    {
        switch (row.Asset)
        {
            case Area area:
                CheckArea(row.Place, area);
                break;
            case Pile pile:
                CheckAreaIs(row.Place, "compound_id", pile.CompoundId, AreaKind.Compound);
                break;
            case CollectionPoint point:
                CheckAreaIs(row.Place, "compound_id", point.CompoundId, AreaKind.Compound);
                break;
            case Truck truck:
                CheckAreaIs(row.Place, "district_id", truck.DistrictId, AreaKind.District);
                CheckIs(row.Place, "route_id", truck.RouteId, AssetKind.Route);
                break;
            case Route route:
                CheckAreaIs(row.Place, "district_id", route.DistrictId, AreaKind.District);
                break;
            case Bin bin:
                CheckIs(row.Place, "point_id", bin.PointId, AssetKind.Point);
                break;
            case Assignment assignment:
                CheckIs(row.Place, "point_id", assignment.PointId, AssetKind.Point);
                CheckIs(row.Place, "route_id", assignment.RouteId, AssetKind.Route);
                CheckIs(row.Place, "truck_id", assignment.TruckId, AssetKind.Truck);
                CheckWindowKey(row.Place, assignment.WindowKey);
                break;
        }
    }

    private void CheckArea(string place, Area area)
    {
        if (areas[area.Id] != area.Kind)
        {
            Add(place, "kind", $"'{area.Id}' is already a {Word(areas[area.Id])}, and an area stays what it is. Use another id.");
        }
        var above = area.Kind == AreaKind.Subdistrict ? AreaKind.District : AreaKind.Subdistrict;
        CheckAreaIs(place, "parent_id", area.ParentId, above);
        CheckAreaIs(place, "grid_id", area.GridId, AreaKind.Grid);
    }

    private void CheckAreaIs(string place, string column, string? id, AreaKind kind)
    {
        if (id is not null && areas.TryGetValue(id, out var found) && found != kind)
        {
            Add(place, column, $"'{id}' is a {Word(found)}, not a {Word(kind)}.");
        }
        else if (id is not null && !areas.ContainsKey(id) && !file.FaultyIds.Contains((AssetKind.Area, id)))
        {
            AddUnknown(place, column, Word(kind), id, "area", "areas");
        }
    }

    private void CheckIs(string place, string column, string? id, AssetKind kind)
    {
        if (id is not null && !known.Contains((kind, id)) && !file.FaultyIds.Contains((kind, id)))
        {
            var word = Word(kind);
            AddUnknown(place, column, word, id, word, word + "s");
        }
    }

    private void CheckWindowKey(string place, string key)
    {
        // The key of a window that could not be read may be this one.
        if (!windowKeys.Contains(key) && !file.FaultyIds.Any(faulty => faulty.Kind == AssetKind.Window))
        {
            AddUnknown(place, "window_key", "window with the key", key, "window", "windows");
        }
    }

    /// <summary>Finds windows that take a key away from assignments that are not in the file.</summary>
    private void CheckLostKeys(IEnumerable<CollectionWindow> registered)
    {
        var used = result.OfType<Assignment>().Select(a => a.WindowKey).ToHashSet(StringComparer.Ordinal);
        foreach (var lost in registered.Where(w => !windowKeys.Contains(w.Key) && used.Contains(w.Key)).DistinctBy(w => w.Key))
        {
            var place = places.GetValueOrDefault(Key(lost), "");
            Add(place, "key", $"assignments still use the key '{lost.Key}'. Keep it, or import them with another key first.");
        }
    }

    /// <summary>Finds different assets that claim the same thing at the same time.</summary>
    private void CheckClashes<T, TKey>(Func<T, TKey> claim, Func<T, T, (string Column, string Text)> problem)
        where T : class, IAsset
    {
        foreach (var claims in result.OfType<T>().GroupBy(claim).Where(claims => claims.Skip(1).Any()))
        {
            List<T> versions = [.. claims.OrderBy(v => v.Validity.From)];
            for (var i = 1; i < versions.Count; i++)
            {
                if (versions.Take(i).FirstOrDefault(earlier => Clash(earlier, versions[i])) is { } other)
                {
                    // Told of the row in the file; of the later one where both are.
                    var (told, of) = places.ContainsKey(Key(versions[i])) ? (versions[i], other) : (other, versions[i]);
                    var (column, text) = problem(told, of);
                    Add(places.GetValueOrDefault(Key(told), ""), column, text);
                }
            }
        }
    }

    private static bool Clash(IAsset a, IAsset b) =>
        a.Id != b.Id && Timeline.Overlap(a.Validity, b.Validity)
        && (a is not Assignment one || b is not Assignment two || (one.Weekdays & two.Weekdays) != 0);

    private static (AssetKind Kind, string Id) Key(IAsset asset) => (AssetKinds.KindOf(asset), asset.Id);

    private static string Word<T>(T kind) where T : struct, Enum => kind.ToString().ToLowerInvariant();

    private void AddUnknown(string place, string column, string what, string id, string kind, string fileName) => Add(
        place, column, $"There is no {what} '{id}'. Import it first (smartcity assets import {fileName}.csv --kind {kind}), or "
            + "together in one JSON file.");

    private void Add(string place, string column, string text) => problems.Add(new ImportProblem(place, column, text));
}
