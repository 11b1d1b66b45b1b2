using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

internal sealed class BinRow : AssetRow
{
    public required string PointId { get; set; }

    public required string Epc { get; set; }

    public required double? VolumeL { get; set; }

    public override Bin ToAsset() =>
        new(Id, Validity, PointId, Epc, VolumeL);

    public static BinRow Of(Bin bin, Instant recordedAt) => new()
    {
        Id = bin.Id,
        ValidFrom = bin.Validity.From.Milliseconds,
        ValidUntil = bin.Validity.Until?.Milliseconds,
        RecordedAt = recordedAt.Milliseconds,
        PointId = bin.PointId,
        Epc = bin.Epc,
        VolumeL = bin.VolumeL,
    };
}
