using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

internal sealed class PointRow : AssetRow
{
    public required string Name { get; set; }

    public required string CompoundId { get; set; }

    public required double Lat { get; set; }

    public required double Lon { get; set; }

    public required double RadiusM { get; set; }

    public required long MinDwellMs { get; set; }

    public required int Households { get; set; }

    public override CollectionPoint ToAsset() =>
        new(Id, Validity, Name, CompoundId, new GeoPoint(Lat, Lon), RadiusM, Milliseconds(MinDwellMs), Households);

    public static PointRow Of(CollectionPoint point, Instant recordedAt) => new()
    {
        Id = point.Id,
        ValidFrom = point.Validity.From.Milliseconds,
        ValidUntil = point.Validity.Until?.Milliseconds,
        RecordedAt = recordedAt.Milliseconds,
        Name = point.Name,
        CompoundId = point.CompoundId,
        Lat = point.Location.Lat,
        Lon = point.Location.Lon,
        RadiusM = point.RadiusM,
        MinDwellMs = Milliseconds(point.MinDwell),
        Households = point.Households,
    };
}
