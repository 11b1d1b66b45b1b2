using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

internal sealed class PileRow : AssetRow
{
    public required string Name { get; set; }

    public required string CompoundId { get; set; }

    public required PileKind Kind { get; set; }

    public required int Ports { get; set; }

    public required double? RatedPortPowerW { get; set; }

    public required long ReportIntervalMs { get; set; }

    public required string? Vendor { get; set; }

    public required string? Model { get; set; }

    public required double? Lat { get; set; }

    public required double? Lon { get; set; }

    public override Pile ToAsset() =>
        new(Id, Validity, Name, CompoundId, Kind, Ports, RatedPortPowerW, Milliseconds(ReportIntervalMs), Vendor, Model,
            Lat is { } lat && Lon is { } lon ? new GeoPoint(lat, lon) : null);

    public static PileRow Of(Pile pile, Instant recordedAt) => new()
    {
        Id = pile.Id,
        ValidFrom = pile.Validity.From.Milliseconds,
        ValidUntil = pile.Validity.Until?.Milliseconds,
        RecordedAt = recordedAt.Milliseconds,
        Name = pile.Name,
        CompoundId = pile.CompoundId,
        Kind = pile.Kind,
        Ports = pile.Ports,
        RatedPortPowerW = pile.RatedPortPowerW,
        ReportIntervalMs = Milliseconds(pile.ReportInterval),
        Vendor = pile.Vendor,
        Model = pile.Model,
        Lat = pile.Location?.Lat,
        Lon = pile.Location?.Lon,
    };
}
