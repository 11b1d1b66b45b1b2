namespace SmartCity.Domain.Registry;

/// <summary>Which assets a question is about: those that any of the lists names; all of them when every list is empty.</summary>
public sealed record AssetScope(
    IReadOnlySet<string> Districts, IReadOnlySet<string> Subdistricts, IReadOnlySet<string> Compounds, IReadOnlySet<string> Grids,
    IReadOnlySet<string> Piles, IReadOnlySet<string> Trucks, IReadOnlySet<string> Points)
{
    private static readonly HashSet<string> None = [];

    /// <summary>The whole city.</summary>
    public static AssetScope City { get; } = new(None, None, None, None, None, None, None);

    /// <summary>Whether nothing is named.</summary>
    public bool IsCity => Districts.Count + Subdistricts.Count + Compounds.Count + Grids.Count + Piles.Count + Trucks.Count
        + Points.Count == 0;
}
