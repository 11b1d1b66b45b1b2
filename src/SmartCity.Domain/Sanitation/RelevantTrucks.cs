using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Says which trucks were to come to a point, and which others could have.</summary>
internal sealed class RelevantTrucks(RegistrySnapshot registry)
{
    /// <summary>The assigned truck, else those of the route, else all trucks of the district that carry a tracker.</summary>
    public IReadOnlyList<Truck> Of(Obligation obligation)
    {
        var at = obligation.Start;
        var planned = PlannedFor(obligation);
        if (planned.Count > 0 || obligation.Assignment.TruckId is not null)
        {
            return planned;
        }
        var district = DistrictOf(obligation.Point, at);
        return [.. At(at).Where(t => t.Tracked && (district is null || RegistryScope.DistrictOf(registry, t, at) == district))];
    }

    /// <summary>The assigned truck, else those of the route.</summary>
    public IReadOnlyList<Truck> PlannedFor(Obligation obligation)
    {
        var at = obligation.Start;
        // A truck that was retired without a new assignment is still the one that was to come.
        return obligation.Assignment.TruckId is { } truckId
            ? registry.FindTruck(truckId, at) is { } truck ? [truck] : []
            : OfRoute(obligation.Assignment.RouteId, at);
    }

    /// <summary>Whether another truck came than was planned; false where no truck was planned.</summary>
    public bool IsSubstitute(Obligation obligation, string truckId)
    {
        if (truckId.Length == 0)
        {
            return false;
        }
        if (obligation.Assignment.TruckId is { } planned)
        {
            return planned != truckId;
        }
        var ofRoute = OfRoute(obligation.Assignment.RouteId, obligation.Start);
        return ofRoute.Count > 0 && ofRoute.TrueForAll(t => t.Id != truckId);
    }

    private List<Truck> OfRoute(string? routeId, Instant at) =>
        routeId is null ? [] : [.. At(at).Where(t => t.RouteId == routeId)];

    private IEnumerable<Truck> At(Instant at) => registry.Trucks.Where(t => t.Validity.Contains(at));

    private string? DistrictOf(CollectionPoint point, Instant at) =>
        RegistryScope.GroupOf(registry, point.CompoundId, AreaKind.District, at) is { Id.Length: > 0 } district ? district.Id : null;
}
