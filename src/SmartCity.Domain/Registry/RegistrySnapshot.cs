using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Registry;

/// <summary>Everything the registry knew at one moment: all versions of all assets. Immutable.</summary>
public sealed class RegistrySnapshot
{
    private readonly ILookup<string, Pile> piles;
    private readonly ILookup<string, Truck> trucks;
    private readonly ILookup<string, CollectionPoint> points;
    private readonly ILookup<string, Area> areas;

    /// <summary>Takes all versions of all assets, in any order.</summary>
    public RegistrySnapshot(
        IEnumerable<Area> areas, IEnumerable<Pile> piles, IEnumerable<Truck> trucks, IEnumerable<Route> routes,
        IEnumerable<CollectionPoint> points, IEnumerable<Bin> bins, IEnumerable<CollectionWindow> windows,
        IEnumerable<Assignment> assignments)
    {
        this.areas = areas.OrderBy(a => a.Validity.From).ToLookup(a => a.Id);
        this.piles = piles.OrderBy(p => p.Validity.From).ToLookup(p => p.Id);
        this.trucks = trucks.OrderBy(t => t.Validity.From).ToLookup(t => t.Id);
        this.points = points.OrderBy(p => p.Validity.From).ToLookup(p => p.Id);
        Routes = [.. routes];
        Bins = [.. bins];
        Windows = [.. windows];
        Assignments = [.. assignments];
    }

    /// <summary>A registry with nothing in it.</summary>
    public static RegistrySnapshot Empty { get; } = new([], [], [], [], [], [], [], []);

    /// <summary>All versions of all areas, those of one id together and oldest first.</summary>
    public IEnumerable<Area> Areas => areas.SelectMany(versions => versions);

    /// <summary>All versions of all piles, those of one id together and oldest first.</summary>
    public IEnumerable<Pile> Piles => piles.SelectMany(versions => versions);

    /// <summary>All versions of all trucks, those of one id together and oldest first.</summary>
    public IEnumerable<Truck> Trucks => trucks.SelectMany(versions => versions);

    /// <summary>All versions of all points, those of one id together and oldest first.</summary>
    public IEnumerable<CollectionPoint> Points => points.SelectMany(versions => versions);

    /// <summary>All versions of all routes.</summary>
    public IReadOnlyList<Route> Routes { get; }

    /// <summary>All versions of all bins.</summary>
    public IReadOnlyList<Bin> Bins { get; }

    /// <summary>All versions of all windows.</summary>
    public IReadOnlyList<CollectionWindow> Windows { get; }

    /// <summary>All versions of all assignments.</summary>
    public IReadOnlyList<Assignment> Assignments { get; }

    /// <summary>The versions of one pile, oldest first; empty when nobody registered it.</summary>
    public IEnumerable<Pile> PileVersions(string id) => piles[id];

    /// <summary>The versions of one truck, oldest first.</summary>
    public IEnumerable<Truck> TruckVersions(string id) => trucks[id];

    /// <summary>The versions of one point, oldest first.</summary>
    public IEnumerable<CollectionPoint> PointVersions(string id) => points[id];

    /// <summary>Whether any version of such a device is registered, whenever it is valid.</summary>
    public bool Knows(DeviceKind kind, string id) => kind switch
    {
        DeviceKind.Pile => piles.Contains(id),
        DeviceKind.Truck => trucks.Contains(id),
        DeviceKind.Point => points.Contains(id),
        _ => false,
    };

    /// <summary>The version of an area at a moment, else the latest one; null when nobody registered it.</summary>
    public Area? FindArea(string? id, Instant at) => id is null ? null : At(areas[id], at);

    /// <summary>The version of a pile at a moment, else the latest one; null when nobody registered it.</summary>
    public Pile? FindPile(string id, Instant at) => At(piles[id], at);

    /// <summary>The version of a truck at a moment, else the latest one; null when nobody registered it.</summary>
    public Truck? FindTruck(string id, Instant at) => At(trucks[id], at);

    /// <summary>The version of a point at a moment, else the latest one; null when nobody registered it.</summary>
    public CollectionPoint? FindPoint(string id, Instant at) => At(points[id], at);

    private static T? At<T>(IEnumerable<T> versions, Instant at) where T : class, IAsset
    {
        T? latest = null;
        foreach (var version in versions)
        {
            if (version.Validity.Contains(at))
            {
                return version;
            }
            latest = version;
        }
        return latest;
    }
}
