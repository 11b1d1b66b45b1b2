using Google.Protobuf.Collections;
using SmartCity.Domain.Registry;
using SmartCity.Protocol.V1;
using AreaKind = SmartCity.Domain.Registry.AreaKind;

namespace SmartCity.Server.Api;

/// <summary>Scopes of requests.</summary>
internal static class Scopes
{
    /// <summary>The most ids one list of a scope may hold.</summary>
    public const int IdsMax = 10_000;

    /// <summary>The scope of a request; an absent one is the whole city.</summary>
    /// <param name="registry">Of the present: what it knew at any time may be asked about.</param>
    /// <exception cref="InvalidQueryException">An id is empty or nobody ever registered it, or there are too many.</exception>
    public static AssetScope From(Scope? scope, RegistrySnapshot registry)
    {
        if (scope is null)
        {
            return AssetScope.City;
        }
        var known = new KnownIds(registry);
        return new AssetScope(
            Ids(scope.DistrictIds, "scope.district_ids", known.Find(AreaKind.District)),
            Ids(scope.SubdistrictIds, "scope.subdistrict_ids", known.Find(AreaKind.Subdistrict)),
            Ids(scope.CompoundIds, "scope.compound_ids", known.Find(AreaKind.Compound)),
            Ids(scope.GridIds, "scope.grid_ids", known.Find(AreaKind.Grid)),
            Ids(scope.PileIds, "scope.pile_ids", known.Piles),
            Ids(scope.TruckIds, "scope.truck_ids", known.Trucks),
            Ids(scope.PointIds, "scope.point_ids", known.Points));
    }

    private static HashSet<string> Ids(RepeatedField<string> ids, string field, KnownKind known)
    {
        if (ids.Count > IdsMax)
        {
            throw new InvalidQueryException(field, $"holds {ids.Count} ids; at most {IdsMax} are allowed. Name an area instead.");
        }
        // An empty id would silently match nothing, or in a careless client mean everything.
        if (ids.Any(string.IsNullOrWhiteSpace))
        {
            throw new InvalidQueryException(field, "holds an empty id. Leave the list empty to ask for everything.");
        }
        // Zeros about something that does not exist look like an answer.
        return ids.FirstOrDefault(id => !known.Contains(id)) is { } unknown
            ? throw new InvalidQueryException(field, known.Refuse(unknown))
            : ids.ToHashSet(StringComparer.Ordinal);
    }
}
