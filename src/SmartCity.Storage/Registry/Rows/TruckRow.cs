using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

internal sealed class TruckRow : AssetRow
{
    public required string Plate { get; set; }

    public required string? DistrictId { get; set; }

    public required string? RouteId { get; set; }

    public required bool Tracked { get; set; }

    public required long PositionIntervalMs { get; set; }

    public override Truck ToAsset() =>
        new(Id, Validity, Plate, DistrictId, RouteId, Tracked, Milliseconds(PositionIntervalMs));

    public static TruckRow Of(Truck truck, Instant recordedAt) => new()
    {
        Id = truck.Id,
        ValidFrom = truck.Validity.From.Milliseconds,
        ValidUntil = truck.Validity.Until?.Milliseconds,
        RecordedAt = recordedAt.Milliseconds,
        Plate = truck.Plate,
        DistrictId = truck.DistrictId,
        RouteId = truck.RouteId,
        Tracked = truck.Tracked,
        PositionIntervalMs = Milliseconds(truck.PositionInterval),
    };
}
