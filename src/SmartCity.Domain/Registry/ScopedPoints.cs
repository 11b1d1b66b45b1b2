using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Registry;

/// <summary>The collection points in a scope, each for the time that it lies there.</summary>
public sealed class ScopedPoints
{
    private readonly Dictionary<string, List<Validity>> pieces = new(StringComparer.Ordinal);
    private readonly bool isCity;

    /// <summary>The points that lie in a scope.</summary>
    public ScopedPoints(RegistrySnapshot registry, AssetScope scope)
    {
        isCity = scope.IsCity;
        foreach (var point in isCity ? [] : RegistryScope.Points(registry, scope))
        {
            (pieces.TryGetValue(point.Id, out var list) ? list : pieces[point.Id] = []).Add(point.Validity);
        }
    }

    /// <summary>The points that lie there at any time; null for all.</summary>
    public IReadOnlySet<string>? Ids => isCity ? null : pieces.Keys.ToHashSet(StringComparer.Ordinal);

    /// <summary>Whether a point lies there at a moment.</summary>
    public bool Contains(string pointId, Instant at) =>
        isCity || (pieces.TryGetValue(pointId, out var list) && list.Exists(v => v.Contains(at)));
}
