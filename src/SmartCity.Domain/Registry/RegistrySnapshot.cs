using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Registry;

/// <summary>Everything the registry knew at one moment: all versions of all assets. Immutable.</summary>
public sealed class RegistrySnapshot
{
    private readonly VersionsById<Area> areas;
    private readonly VersionsById<Pile> piles;
    private readonly VersionsById<Truck> trucks;
    private readonly VersionsById<Route> routes;
    private readonly VersionsById<CollectionPoint> points;

    /// <summary>Takes all versions of all assets, in any order.</summary>
    public RegistrySnapshot(
        IEnumerable<Area> areas, IEnumerable<Pile> piles, IEnumerable<Truck> trucks, IEnumerable<Route> routes,
        IEnumerable<CollectionPoint> points, IEnumerable<Bin> bins, IEnumerable<CollectionWindow> windows,
        IEnumerable<Assignment> assignments)
    {
        this.areas = new(areas);
        this.piles = new(piles);
        this.trucks = new(trucks);
        this.routes = new(routes);
        this.points = new(points);
        Bins = [.. bins];
        Windows = [.. windows];
        Assignments = [.. assignments];
    }

    /// <summary>A registry with nothing in it.</summary>
    public static RegistrySnapshot Empty { get; } = new([], [], [], [], [], [], [], []);

    /// <summary>All versions of all areas, those of one id together and oldest first.</summary>
    public IReadOnlyList<Area> Areas => areas.All;

    /// <summary>All versions of all piles, those of one id together and oldest first.</summary>
    public IReadOnlyList<Pile> Piles => piles.All;

    /// <summary>All versions of all trucks, those of one id together and oldest first.</summary>
    public IReadOnlyList<Truck> Trucks => trucks.All;

    /// <summary>All versions of all points, those of one id together and oldest first.</summary>
    public IReadOnlyList<CollectionPoint> Points => points.All;

    /// <summary>All versions of all routes, those of one id together and oldest first.</summary>
    public IReadOnlyList<Route> Routes => routes.All;

    /// <summary>All versions of all bins.</summary>
    public IReadOnlyList<Bin> Bins { get; }

    /// <summary>All versions of all windows.</summary>
    public IReadOnlyList<CollectionWindow> Windows { get; }

    /// <summary>All versions of all assignments.</summary>
    public IReadOnlyList<Assignment> Assignments { get; }

    /// <summary>The versions of one area, oldest first; empty when nobody registered it.</summary>
    public IReadOnlyList<Area> AreaVersions(string id) => areas.Of(id);

    /// <summary>The versions of one pile, oldest first; empty when nobody registered it.</summary>
    public IReadOnlyList<Pile> PileVersions(string id) => piles.Of(id);

    /// <summary>The versions of one truck, oldest first.</summary>
    public IReadOnlyList<Truck> TruckVersions(string id) => trucks.Of(id);

    /// <summary>The versions of one route, oldest first.</summary>
    public IReadOnlyList<Route> RouteVersions(string id) => routes.Of(id);

    /// <summary>The versions of one point, oldest first.</summary>
    public IReadOnlyList<CollectionPoint> PointVersions(string id) => points.Of(id);

    /// <summary>Whether any version of such a device is registered, whenever it is valid.</summary>
    public bool Knows(DeviceKind kind, string id) => kind switch
    {
        DeviceKind.Pile => piles.Contains(id),
        DeviceKind.Truck => trucks.Contains(id),
        DeviceKind.Point => points.Contains(id),
        _ => false,
    };

    /// <summary>The version of an area at a moment, else the latest one; null when nobody registered it.</summary>
    public Area? FindArea(string? id, Instant at) => id is null ? null : areas.At(id, at);

    /// <summary>The version of a pile at a moment, else the latest one; null when nobody registered it.</summary>
    public Pile? FindPile(string id, Instant at) => piles.At(id, at);

    /// <summary>The version of a truck at a moment, else the latest one; null when nobody registered it.</summary>
    public Truck? FindTruck(string id, Instant at) => trucks.At(id, at);

    /// <summary>The version of a route at a moment, else the latest one; null when nobody registered it.</summary>
    public Route? FindRoute(string? id, Instant at) => id is null ? null : routes.At(id, at);

    /// <summary>The version of a point at a moment, else the latest one; null when nobody registered it.</summary>
    public CollectionPoint? FindPoint(string id, Instant at) => points.At(id, at);

    /// <summary>The versions of one kind by id. Looked up for every record that comes in, so it allocates nothing.</summary>
    private sealed class VersionsById<T> where T : class, IAsset
    {
        private readonly Dictionary<string, ArraySegment<T>> byId = new(StringComparer.Ordinal);

        public VersionsById(IEnumerable<T> versions)
        {
            T[] all = [.. versions.OrderBy(v => v.Id, StringComparer.Ordinal).ThenBy(v => v.Validity.From)];
            All = all;
            for (var from = 0; from < all.Length;)
            {
                var until = from + 1;
                while (until < all.Length && all[until].Id == all[from].Id)
                {
                    until++;
                }
                byId.Add(all[from].Id, new ArraySegment<T>(all, from, until - from));
                from = until;
            }
        }

        public IReadOnlyList<T> All { get; }

        public bool Contains(string id) => byId.ContainsKey(id);

        public ArraySegment<T> Of(string id) => byId.GetValueOrDefault(id, ArraySegment<T>.Empty);

        public T? At(string id, Instant at)
        {
            if (!byId.TryGetValue(id, out var versions))
            {
                return null;
            }
            foreach (var version in versions.AsSpan())
            {
                if (version.Validity.Contains(at))
                {
                    return version;
                }
            }
            return versions[^1];
        }
    }
}
