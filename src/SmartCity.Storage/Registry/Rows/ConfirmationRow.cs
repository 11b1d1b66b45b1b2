using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Decisions;

namespace SmartCity.Storage.Registry.Rows;

/// <summary>A confirmation as it was entered. Never changed.</summary>
internal sealed class ConfirmationRow
{
    public long RowId { get; set; }

    public required string Id { get; set; }

    public required string ObligationId { get; set; }

    public required string PointId { get; set; }

    public required long CollectedAt { get; set; }

    public required string ConfirmedBy { get; set; }

    public required string? TruckId { get; set; }

    public required string Note { get; set; }

    public required double? Lat { get; set; }

    public required double? Lon { get; set; }

    public required long RecordedAt { get; set; }

    public static ConfirmationRow Of(Confirmation confirmation) => new()
    {
        Id = confirmation.Id,
        ObligationId = confirmation.ObligationId,
        PointId = confirmation.PointId,
        CollectedAt = confirmation.Collected.Milliseconds,
        ConfirmedBy = confirmation.ConfirmedBy,
        TruckId = confirmation.TruckId,
        Note = confirmation.Note,
        Lat = confirmation.Location?.Lat,
        Lon = confirmation.Location?.Lon,
        RecordedAt = confirmation.Recorded.Milliseconds,
    };

    public Confirmation ToConfirmation(IReadOnlyList<HumanDecision> decisions) => new(
        Id, ObligationId, PointId, new Instant(CollectedAt), ConfirmedBy, TruckId, Note,
        (Lat, Lon) is ({ } lat, { } lon) ? new GeoPoint(lat, lon) : null, new Instant(RecordedAt))
    {
        Number = RowId,
        Decisions = decisions,
    };

    /// <summary>Whether somebody enters the same once more.</summary>
    public bool SaysTheSameAs(ConfirmationRow other) =>
        (ObligationId, CollectedAt, ConfirmedBy, TruckId, Note, Lat, Lon) == (other.ObligationId, other.CollectedAt,
            other.ConfirmedBy, other.TruckId, other.Note, other.Lat, other.Lon);
}
