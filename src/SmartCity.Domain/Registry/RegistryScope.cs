using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Registry;

/// <summary>
/// Finds what lies in a scope, and the area that something is counted in. Where areas were rearranged while a version was
/// valid, the version comes in several pieces, each valid while its areas stay the same; so a piece is in one group of each level
/// throughout, and only the time that something spent in the scope is answered. Otherwise the registered version itself comes.
/// </summary>
public static class RegistryScope
{
    /// <summary>All versions of the piles in a scope, those of one id together and oldest first.</summary>
    public static IEnumerable<Pile> Piles(RegistrySnapshot registry, AssetScope scope) =>
        registry.Piles.SelectMany(pile => Pieces(
            pile.Validity, at => ChainOf(registry, pile.CompoundId, at), CompoundChanges(registry, pile.CompoundId),
            chain => scope.IsCity || scope.Piles.Contains(pile.Id) || chain.IsIn(scope),
            validity => validity == pile.Validity ? pile : pile with { Validity = validity }));

    /// <summary>All versions of the collection points in a scope, those of one id together and oldest first.</summary>
    public static IEnumerable<CollectionPoint> Points(RegistrySnapshot registry, AssetScope scope) =>
        registry.Points.SelectMany(point => Pieces(
            point.Validity, at => ChainOf(registry, point.CompoundId, at), CompoundChanges(registry, point.CompoundId),
            chain => scope.IsCity || scope.Points.Contains(point.Id) || chain.IsIn(scope),
            validity => validity == point.Validity ? point : point with { Validity = validity }));

    /// <summary>All versions of the trucks in a scope, those of one id together and oldest first. A truck lies in its district,
    /// or without one in that of its route; a smaller area has no trucks.</summary>
    public static IEnumerable<Truck> Trucks(RegistrySnapshot registry, AssetScope scope) =>
        registry.Trucks.SelectMany(truck => Pieces(
            truck.Validity, at => new AreaChain(null, null, DistrictOf(registry, truck, at), null),
            truck.DistrictId is null && truck.RouteId is { } route ? Changes(registry.RouteVersions(route)) : [],
            chain => scope.IsCity || scope.Trucks.Contains(truck.Id) || chain.IsIn(scope),
            validity => validity == truck.Validity ? truck : truck with { Validity = validity }));

    /// <summary>The area a pile was counted in when this version, or piece of one, began.</summary>
    public static (string Id, string Name) GroupOf(RegistrySnapshot registry, Pile pile, AreaKind level) =>
        GroupOf(registry, pile.CompoundId, level, pile.Validity.From);

    /// <summary>The area a collection point was counted in when this version, or piece of one, began.</summary>
    public static (string Id, string Name) GroupOf(RegistrySnapshot registry, CollectionPoint point, AreaKind level) =>
        GroupOf(registry, point.CompoundId, level, point.Validity.From);

    /// <summary>The area that a compound was counted in at a moment: itself or one above it. Where none is registered, the id is
    /// empty and the name says what is missing.</summary>
    public static (string Id, string Name) GroupOf(RegistrySnapshot registry, string compoundId, AreaKind level, Instant at)
    {
        var id = ChainOf(registry, compoundId, at).At(level);
        var word = level switch
        {
            AreaKind.District => "district",
            AreaKind.Subdistrict => "subdistrict",
            AreaKind.Compound => "compound",
            _ => "grid",
        };
        return id is null ? ("", $"no {word}")
            : registry.FindArea(id, at) is { } area ? (id, area.Name) : ("", $"unknown {word} {id}");
    }

    /// <summary>The district a truck belongs to at a moment: its own, else that of its route; null without either.</summary>
    public static string? DistrictOf(RegistrySnapshot registry, Truck truck, Instant at) =>
        truck.DistrictId ?? registry.FindRoute(truck.RouteId, at)?.DistrictId;

    private static AreaChain ChainOf(RegistrySnapshot registry, string compoundId, Instant at)
    {
        var compound = registry.FindArea(compoundId, at);
        var subdistrict = registry.FindArea(compound?.ParentId, at);
        return new AreaChain(compoundId, compound?.ParentId, subdistrict?.ParentId, compound?.GridId);
    }

    /// <summary>When the areas of a compound may have changed, in no order.</summary>
    private static IEnumerable<Instant> CompoundChanges(RegistrySnapshot registry, string compoundId)
    {
        var compounds = registry.AreaVersions(compoundId);
        var parents = compounds.Select(c => c.ParentId).OfType<string>().Distinct().SelectMany(registry.AreaVersions);
        return Changes(compounds.Concat(parents));
    }

    private static IEnumerable<Instant> Changes(IEnumerable<IAsset> versions) =>
        versions.SelectMany(v => v.Validity.Until is { } until ? new[] { v.Validity.From, until } : [v.Validity.From]);

    /// <summary>Cuts a validity where the chain changes and keeps the pieces that are wanted.</summary>
    private static IEnumerable<T> Pieces<T>(
        Validity whole, Func<Instant, AreaChain> chainAt, IEnumerable<Instant> changes, Func<AreaChain, bool> wanted,
        Func<Validity, T> piece)
    {
        var from = whole.From;
        var chain = chainAt(from);
        foreach (var change in changes.Where(c => c > whole.From && whole.Contains(c)).Order())
        {
            var next = chainAt(change);
            if (next == chain)
            {
                continue;
            }
            if (wanted(chain))
            {
                yield return piece(new Validity(from, change));
            }
            (from, chain) = (change, next);
        }
        if (wanted(chain))
        {
            yield return piece(whole with { From = from });
        }
    }
}
