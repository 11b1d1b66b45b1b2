using SmartCity.Domain.Registry;

namespace SmartCity.Server.Live;

/// <summary>One asset that is in service, and the areas it lies in; "" where none is registered.</summary>
internal sealed record Place<T>(T Asset, string Compound, string Subdistrict, string District, string Grid) where T : IAsset
{
    /// <summary>Whether the scope names one of the areas.</summary>
    public bool IsIn(AssetScope scope) => scope.IsCity || scope.Compounds.Contains(Compound)
        || scope.Subdistricts.Contains(Subdistrict) || scope.Districts.Contains(District) || scope.Grids.Contains(Grid);
}
