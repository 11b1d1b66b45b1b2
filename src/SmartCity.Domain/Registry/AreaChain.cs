namespace SmartCity.Domain.Registry;

/// <summary>The areas that something lies in; null where none is registered as such.</summary>
internal readonly record struct AreaChain(string? Compound, string? Subdistrict, string? District, string? Grid)
{
    /// <summary>Whether the scope names one of these areas.</summary>
    public bool IsIn(AssetScope scope) =>
        Named(scope.Compounds, Compound) || Named(scope.Subdistricts, Subdistrict) || Named(scope.Districts, District)
        || Named(scope.Grids, Grid);

    /// <summary>The area at a level.</summary>
    public string? At(AreaKind level) => level switch
    {
        AreaKind.Compound => Compound,
        AreaKind.Subdistrict => Subdistrict,
        AreaKind.District => District,
        AreaKind.Grid => Grid,
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "No such level of areas."),
    };

    private static bool Named(IReadOnlySet<string> ids, string? id) => id is not null && ids.Contains(id);
}
