using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

internal sealed class AssignmentRow : AssetRow
{
    public required string PointId { get; set; }

    public required string WindowKey { get; set; }

    public required string? RouteId { get; set; }

    public required string? TruckId { get; set; }

    public required byte Weekdays { get; set; }

    public required int Sequence { get; set; }

    public override Assignment ToAsset() =>
        new(Id, Validity, PointId, WindowKey, RouteId, TruckId, Weekdays, Sequence);

    public static AssignmentRow Of(Assignment assignment, Instant recordedAt) => new()
    {
        Id = assignment.Id,
        ValidFrom = assignment.Validity.From.Milliseconds,
        ValidUntil = assignment.Validity.Until?.Milliseconds,
        RecordedAt = recordedAt.Milliseconds,
        PointId = assignment.PointId,
        WindowKey = assignment.WindowKey,
        RouteId = assignment.RouteId,
        TruckId = assignment.TruckId,
        Weekdays = assignment.Weekdays,
        Sequence = assignment.Sequence,
    };
}
