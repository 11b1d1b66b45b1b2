using SmartCity.Domain.Registry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Finds the points that are served on the same tours as others: how far a tour is, tells when it comes.</summary>
internal static class RouteCompany
{
    /// <summary>The points themselves, and all points of their routes and trucks; null for all.</summary>
    public static IReadOnlySet<string>? Of(RegistrySnapshot registry, IReadOnlySet<string>? points)
    {
        if (points is null)
        {
            return null;
        }
        var own = registry.Assignments.Where(a => points.Contains(a.PointId)).ToList();
        var routes = own.Select(a => a.RouteId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var trucks = own.Select(a => a.TruckId).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return registry.Assignments
            .Where(a => (a.RouteId is { } route && routes.Contains(route)) || (a.TruckId is { } truck && trucks.Contains(truck)))
            .Select(a => a.PointId).Concat(points).ToHashSet(StringComparer.Ordinal);
    }
}
