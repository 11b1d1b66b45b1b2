using Google.Protobuf.Collections;
using SmartCity.Domain.Registry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api;

/// <summary>Scopes of requests.</summary>
internal static class Scopes
{
    /// <summary>The most ids one list of a scope may hold.</summary>
    public const int IdsMax = 10_000;

    /// <summary>The scope of a request; an absent one is the whole city.</summary>
    /// <exception cref="InvalidQueryException">An id is empty, or there are too many.</exception>
    public static AssetScope From(Scope? scope) => scope is null
        ? AssetScope.City
        : new AssetScope(
            Ids(scope.DistrictIds, "scope.district_ids"), Ids(scope.SubdistrictIds, "scope.subdistrict_ids"),
            Ids(scope.CompoundIds, "scope.compound_ids"), Ids(scope.GridIds, "scope.grid_ids"),
            Ids(scope.PileIds, "scope.pile_ids"), Ids(scope.TruckIds, "scope.truck_ids"), Ids(scope.PointIds, "scope.point_ids"));

    private static HashSet<string> Ids(RepeatedField<string> ids, string field)
    {
        if (ids.Count > IdsMax)
        {
            throw new InvalidQueryException(field, $"holds {ids.Count} ids; at most {IdsMax} are allowed. Name an area instead.");
        }
        // An empty id would silently match nothing, or in a careless client mean everything.
        return ids.Any(string.IsNullOrWhiteSpace)
            ? throw new InvalidQueryException(field, "holds an empty id. Leave the list empty to ask for everything.")
            : ids.ToHashSet(StringComparer.Ordinal);
    }
}
