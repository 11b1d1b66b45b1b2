using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>The fence around one version of a point.</summary>
internal sealed class Fence(CollectionPoint point, double exitMarginM)
{
    public CollectionPoint Point => point;

    public double Cosine { get; } = Geo.CosineOf(point.Location.Lat);

    public double ExitRadiusM => point.RadiusM + exitMarginM;

    public double MetresTo(double lat, double lon) => Geo.Metres(point.Location.Lat, point.Location.Lon, lat, lon, Cosine);

    public bool IsInForceAt(Instant at) => point.Validity.Contains(at);
}

/// <summary>Finds the points near a place without looking at the others: a grid of cells of about 110 m.</summary>
internal sealed class FenceIndex
{
    private const double CellsPerDegree = 1000;
    private readonly Dictionary<long, Fence[]> cells = [];
    private readonly Dictionary<string, List<Fence>> byPoint = new(StringComparer.Ordinal);

    /// <param name="reachM">How far around a point it is to be found.</param>
    public FenceIndex(RegistrySnapshot registry, SanitationRules rules, double reachM)
    {
        var fences = new Dictionary<long, List<Fence>>();
        foreach (var point in registry.Points)
        {
            var fence = new Fence(point, rules.ExitMarginM);
            (byPoint.TryGetValue(point.Id, out var versions) ? versions : byPoint[point.Id] = []).Add(fence);
            var north = Math.Max(reachM, fence.ExitRadiusM) / Geo.MetresPerDegree;
            var east = north / Math.Max(fence.Cosine, 0.01);
            var (south, west) = (Cell(point.Location.Lat - north), Cell(point.Location.Lon - east));
            var (lastNorth, lastEast) = (Cell(point.Location.Lat + north), Cell(point.Location.Lon + east));
            for (var y = south; y <= lastNorth; y++)
            {
                for (var x = west; x <= lastEast; x++)
                {
                    (fences.TryGetValue(KeyOf(y, x), out var list) ? list : fences[KeyOf(y, x)] = []).Add(fence);
                }
            }
        }
        foreach (var (cell, list) in fences)
        {
            cells[cell] = [.. list];
        }
    }

    /// <summary>Whether any version of the point is registered.</summary>
    public bool Knows(string pointId) => byPoint.ContainsKey(pointId);

    /// <summary>The fence of a point at a moment; null when it has none then.</summary>
    public Fence? Of(string pointId, Instant at) =>
        byPoint.TryGetValue(pointId, out var versions) ? versions.Find(f => f.IsInForceAt(at)) : null;

    /// <summary>The fences that may be in reach of a place; by point id.</summary>
    public ReadOnlySpan<Fence> Near(double lat, double lon) => cells.GetValueOrDefault(KeyOf(Cell(lat), Cell(lon)));

    /// <summary>The nearest point in force, not further than the given distance; null without one.</summary>
    public (Fence? Fence, double Metres) NearestTo(GeoPoint place, Instant at, double withinM)
    {
        (Fence? Fence, double Metres) nearest = (null, withinM);
        foreach (var fence in Near(place.Lat, place.Lon))
        {
            var metres = fence.MetresTo(place.Lat, place.Lon);
            if (fence.IsInForceAt(at) && (metres < nearest.Metres || (nearest.Fence is null && metres <= withinM)))
            {
                nearest = (fence, metres);
            }
        }
        return nearest;
    }

    private static int Cell(double degrees) => (int)Math.Floor(degrees * CellsPerDegree);

    private static long KeyOf(int y, int x) => ((long)y << 32) | (uint)x;
}
