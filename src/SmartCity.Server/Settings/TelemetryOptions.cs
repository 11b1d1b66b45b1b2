using System.ComponentModel.DataAnnotations;

namespace SmartCity.Server.Settings;

/// <summary>What telemetry is still welcome.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>Records older than this many days when they come in are set aside.</summary>
    [Range(1, 3_650)]
    public int LateDays { get; set; } = 90;
}
