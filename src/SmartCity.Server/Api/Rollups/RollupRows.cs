using SmartCity.Protocol.V1;
using SmartCity.Storage.Influx;

namespace SmartCity.Server.Api.Rollups;

/// <summary>Rows of answers as rows for dashboards; the fields have the names of their protos.</summary>
internal static class RollupRows
{
    /// <summary>The measurement of piles, by local date.</summary>
    public const string Piles = "pile_day";

    /// <summary>The measurement of collection points, by service date.</summary>
    public const string Points = "point_day";

    public static readonly string[] PileFields =
    [
        "commissioned_seconds", "seen_seconds", "unknown_seconds", "offline_seconds", "down_seconds", "occupied_seconds",
        "charging_seconds", "idle_seconds", "energy_wh", "sessions", "ports",
    ];

    public static readonly string[] PointFields =
    [
        "scheduled", "cancelled", "excused", "open", "due", "on_time", "early", "late", "missed", "undetermined", "full_days", "days_due",
    ];

    public static RollupRow Of(UtilizationRow row) => new(row.Key.GroupId,
    [
        row.CommissionedSeconds, row.SeenSeconds, row.UnknownSeconds, row.OfflineSeconds, row.DownSeconds, row.OccupiedSeconds,
        row.ChargingSeconds, row.IdleSeconds, row.EnergyWh, row.Sessions, row.Ports,
    ]);

    public static RollupRow Of(ComplianceRow row) => new(row.Key.GroupId,
    [
        row.Scheduled, row.Cancelled, row.Excused, row.Open, row.Due, row.OnTime, row.Early, row.Late, row.Missed, row.Undetermined,
        row.FullDays, row.DaysDue,
    ]);
}
