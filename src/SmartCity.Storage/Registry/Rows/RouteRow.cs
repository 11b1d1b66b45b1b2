using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

internal sealed class RouteRow : AssetRow
{
    public required string Name { get; set; }

    public required string? DistrictId { get; set; }

    public override Route ToAsset() =>
        new(Id, Validity, Name, DistrictId);

    public static RouteRow Of(Route route, Instant recordedAt) => new()
    {
        Id = route.Id,
        ValidFrom = route.Validity.From.Milliseconds,
        ValidUntil = route.Validity.Until?.Milliseconds,
        RecordedAt = recordedAt.Milliseconds,
        Name = route.Name,
        DistrictId = route.DistrictId,
    };
}
