using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

/// <summary>A declaration of maintenance was cancelled. Never changed.</summary>
internal sealed class MaintenanceCancellationRow
{
    public long RowId { get; set; }

    public required string MaintenanceId { get; set; }

    public required string CancelledBy { get; set; }

    public required string Reason { get; set; }

    public required long RecordedAt { get; set; }

    public MaintenanceCancellation ToCancellation() => new(CancelledBy, Reason, new Instant(RecordedAt));
}
