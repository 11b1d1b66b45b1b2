using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>What is in service, and where, from one instant until another: questions about now need no look at versions.
/// </summary>
internal sealed class CityMap
{
    private readonly Dictionary<string, Place<Pile>> piles;
    private readonly Dictionary<string, Place<Truck>> trucks;

    /// <summary>Draws the map of an instant.</summary>
    /// <param name="version">The number of the change that made it so.</param>
    public CityMap(RegistrySnapshot registry, Instant now, long version)
    {
        (Registry, From, Version) = (registry, now, version);
        Piles = InService(registry.Piles, now, pile => PlaceOf(pile, pile.CompoundId));
        Points = InService(registry.Points, now, point => PlaceOf(point, point.CompoundId));
        Trucks = InService(registry.Trucks, now, truck => new Place<Truck>(
            truck, "", "", RegistryScope.DistrictOf(registry, truck, now) ?? "", ""));
        piles = Piles.ToDictionary(p => p.Asset.Id, StringComparer.Ordinal);
        trucks = Trucks.ToDictionary(t => t.Asset.Id, StringComparer.Ordinal);
        Until = Changes(registry).Where(at => at > now).Append(Instant.Max).Min();
    }

    /// <summary>What it was drawn from.</summary>
    public RegistrySnapshot Registry { get; }

    /// <summary>The instant it was drawn for.</summary>
    public Instant From { get; }

    /// <summary>When a validity begins or ends next: from then on another map is needed.</summary>
    public Instant Until { get; }

    /// <summary>The number of the change that made it so.</summary>
    public long Version { get; }

    /// <summary>By id.</summary>
    public IReadOnlyList<Place<Pile>> Piles { get; }

    /// <summary>By id.</summary>
    public IReadOnlyList<Place<Truck>> Trucks { get; }

    /// <summary>By id.</summary>
    public IReadOnlyList<Place<CollectionPoint>> Points { get; }

    /// <summary>Whether it is the map of that registry at that instant.</summary>
    public bool Holds(RegistrySnapshot registry, Instant at) => ReferenceEquals(registry, Registry) && at >= From && at < Until;

    /// <summary>The piles that a scope names, by id.</summary>
    public IEnumerable<Place<Pile>> PilesIn(AssetScope scope) => In(Piles, piles, scope, scope.Piles);

    /// <summary>The trucks that a scope names, by id.</summary>
    public IEnumerable<Place<Truck>> TrucksIn(AssetScope scope) => In(Trucks, trucks, scope, scope.Trucks);

    private static IEnumerable<Place<T>> In<T>(
        IReadOnlyList<Place<T>> all, Dictionary<string, Place<T>> byId, AssetScope scope, IReadOnlySet<string> ids)
        where T : IAsset
    {
        // Questions about some devices only are the frequent ones; they need not walk the city.
        if (ids.Count > 0 && scope.Districts.Count + scope.Subdistricts.Count + scope.Compounds.Count + scope.Grids.Count == 0)
        {
            return ids.Order(StringComparer.Ordinal).Select(id => byId.GetValueOrDefault(id)).OfType<Place<T>>();
        }
        return all.Where(place => place.IsIn(scope) || ids.Contains(place.Asset.Id));
    }

    private static List<Place<T>> InService<T>(IEnumerable<T> versions, Instant now, Func<T, Place<T>> place) where T : IAsset =>
        [.. versions.Where(v => v.Validity.Contains(now)).Select(place).OrderBy(p => p.Asset.Id, StringComparer.Ordinal)];

    private static IEnumerable<Instant> Changes(RegistrySnapshot registry)
    {
        IEnumerable<IAsset> all =
            [.. registry.Piles, .. registry.Points, .. registry.Trucks, .. registry.Areas, .. registry.Routes];
        return all.SelectMany(v => v.Validity.Until is { } until ? new[] { v.Validity.From, until } : [v.Validity.From]);
    }

    private Place<T> PlaceOf<T>(T asset, string compound) where T : IAsset => new(
        asset, compound, AreaOf(compound, AreaKind.Subdistrict), AreaOf(compound, AreaKind.District),
        AreaOf(compound, AreaKind.Grid));

    private string AreaOf(string compound, AreaKind level) => RegistryScope.GroupOf(Registry, compound, level, From).Id;
}
