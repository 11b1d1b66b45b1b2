using SmartCity.Domain.Registry;
using static SmartCity.Storage.Registry.Files.AssetForm;

namespace SmartCity.Storage.Registry.Files;

/// <summary>Trucks and the routes they drive.</summary>
internal static class FleetForms
{
    public static AssetForm Truck { get; } = new(
        AssetKind.Truck, "trucks",
        [
            Column<Truck>("plate", t => t.Plate), Column<Truck>("district_id", t => t.DistrictId),
            Column<Truck>("route_id", t => t.RouteId), Column<Truck>("tracked", t => t.Tracked),
            Column<Truck>("position_interval_s", t => t.PositionInterval.TotalSeconds),
        ],
        [], ReadTruck);

    public static AssetForm Route { get; } = new(
        AssetKind.Route, "routes",
        [Column<Route>("name", r => r.Name), Column<Route>("district_id", r => r.DistrictId)],
        [], ReadRoute);

    private static Truck ReadTruck(AssetFields row)
    {
        var id = row.Id();
        return new Truck(
            id, row.Validity(LocalDays.City), row.Text("plate") ?? id, row.OptionalId("district_id"), row.OptionalId("route_id"),
            row.Flag("tracked", byDefault: true), row.Seconds("position_interval_s", 30, 1, 3_600));
    }

    private static Route ReadRoute(AssetFields row)
    {
        var id = row.Id();
        return new Route(id, row.Validity(LocalDays.City), row.Text("name") ?? id, row.OptionalId("district_id"));
    }
}
