using SmartCity.Domain.Registry;

namespace SmartCity.Storage.Registry;

/// <summary>What all kinds of assets have in common, told apart by their types.</summary>
internal static class AssetKinds
{
    public static AssetKind KindOf(IAsset asset) => asset switch
    {
        Area => AssetKind.Area,
        Pile => AssetKind.Pile,
        Truck => AssetKind.Truck,
        Route => AssetKind.Route,
        CollectionPoint => AssetKind.Point,
        Bin => AssetKind.Bin,
        CollectionWindow => AssetKind.Window,
        Assignment => AssetKind.Assignment,
        _ => throw new ArgumentException($"{asset.GetType().Name} is not an asset that is kept.", nameof(asset)),
    };

    /// <summary>The same asset, valid at another time.</summary>
    public static IAsset During(this IAsset asset, Validity validity) => asset switch
    {
        Area area => area with { Validity = validity },
        Pile pile => pile with { Validity = validity },
        Truck truck => truck with { Validity = validity },
        Route route => route with { Validity = validity },
        CollectionPoint point => point with { Validity = validity },
        Bin bin => bin with { Validity = validity },
        CollectionWindow window => window with { Validity = validity },
        Assignment assignment => assignment with { Validity = validity },
        _ => throw new ArgumentException($"{asset.GetType().Name} is not an asset that is kept.", nameof(asset)),
    };

    public static RegistrySnapshot Snapshot(IReadOnlyCollection<IAsset> assets) => new(
        assets.OfType<Area>(), assets.OfType<Pile>(), assets.OfType<Truck>(), assets.OfType<Route>(),
        assets.OfType<CollectionPoint>(), assets.OfType<Bin>(), assets.OfType<CollectionWindow>(), assets.OfType<Assignment>());
}
