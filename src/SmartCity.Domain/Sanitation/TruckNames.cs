using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Names trucks as people in the street do, by the plate.</summary>
internal static class TruckNames
{
    /// <summary>The plate, and the id by which it is found here.</summary>
    public static string Of(Truck truck) =>
        truck.Plate.Length == 0 || truck.Plate == truck.Id ? truck.Id : $"{truck.Plate} ({truck.Id})";

    /// <summary>The same of a truck that may not be registered.</summary>
    public static string Of(RegistrySnapshot registry, string id, Instant at) =>
        registry.FindTruck(id, at) is { } truck ? Of(truck) : id;
}
