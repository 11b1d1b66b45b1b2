using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

internal sealed class AreaRow : AssetRow
{
    public required AreaKind Kind { get; set; }

    public required string Name { get; set; }

    public required string? ParentId { get; set; }

    public required string? GridId { get; set; }

    public override Area ToAsset() =>
        new(Id, Validity, Kind, Name, ParentId, GridId);

    public static AreaRow Of(Area area, Instant recordedAt) => new()
    {
        Id = area.Id,
        ValidFrom = area.Validity.From.Milliseconds,
        ValidUntil = area.Validity.Until?.Milliseconds,
        RecordedAt = recordedAt.Milliseconds,
        Kind = area.Kind,
        Name = area.Name,
        ParentId = area.ParentId,
        GridId = area.GridId,
    };
}
