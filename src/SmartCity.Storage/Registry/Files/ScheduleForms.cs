using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using static SmartCity.Storage.Registry.Files.AssetForm;

namespace SmartCity.Storage.Registry.Files;

/// <summary>When what is to be collected.</summary>
internal static class ScheduleForms
{
    private const int DaySeconds = 86_400;
    private const byte EveryDay = 0b111_1111;

    public static AssetForm Window { get; } = new(
        AssetKind.Window, "windows",
        [
            Column<CollectionWindow>("key", w => w.Key),
            Column<CollectionWindow>("start_local", w => AssetText.Time(w.Start)),
            Column<CollectionWindow>("end_local", w => AssetText.Time(w.End)),
            Column<CollectionWindow>("time_zone", w => w.TimeZone),
            Column<CollectionWindow>("early_tolerance_s", w => (int)w.EarlyTolerance.TotalSeconds),
            Column<CollectionWindow>("late_grace_s", w => (int)w.LateGrace.TotalSeconds),
            Column<CollectionWindow>("accept_before_s", w => (int)w.AcceptBefore.TotalSeconds),
            Column<CollectionWindow>("accept_after_s", w => (int)w.AcceptAfter.TotalSeconds),
        ],
        [], ReadWindow);

    public static AssetForm Assignment { get; } = new(
        AssetKind.Assignment, "assignments",
        [
            Column<Assignment>("point_id", a => a.PointId), Column<Assignment>("window_key", a => a.WindowKey),
            Column<Assignment>("route_id", a => a.RouteId), Column<Assignment>("truck_id", a => a.TruckId),
            Column<Assignment>("weekdays", a => AssetText.Weekdays(a.Weekdays)), Column<Assignment>("sequence", a => a.Sequence),
        ],
        [], ReadAssignment);

    private static CollectionWindow ReadWindow(AssetFields row)
    {
        var id = row.Id();
        var zone = Zone(row);
        var validity = row.Validity(zone);
        CheckMidnight(row, ValidFrom, validity.From, zone);
        CheckMidnight(row, ValidUntil, validity.Until, zone);
        return new CollectionWindow(
            id, validity, row.OptionalId("key") ?? id, row.Time("start_local"), row.Time("end_local"), zone.Id,
            Tolerance(row, "early_tolerance_s", 0), Tolerance(row, "late_grace_s", 900), Tolerance(row, "accept_before_s", 3_600),
            Tolerance(row, "accept_after_s", 7_200));
    }

    private static TimeSpan Tolerance(AssetFields row, string column, int byDefault) =>
        TimeSpan.FromSeconds(row.Integer(column, 0, DaySeconds) ?? byDefault);

    private static TimeZoneInfo Zone(AssetFields row)
    {
        var name = row.Text("time_zone");
        if (name is null)
        {
            return LocalDays.City;
        }
        // The system also takes Windows names, which other readers of the same data would not understand.
        return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId
            ? zone
            : row.Wrong(
                "time_zone", $"'{name}' is not a time zone known here. Give an IANA name, as Asia/Shanghai.", LocalDays.City);
    }

    private static void CheckMidnight(AssetFields row, string column, Instant? at, TimeZoneInfo zone)
    {
        if (at is { } moment && !LocalDays.IsStartOfDay(moment, zone))
        {
            row.Wrong(column, $"{moment} is not a midnight in {zone.Id}, and windows hold on whole days. Give a date.", moment);
        }
    }

    private static Assignment ReadAssignment(AssetFields row) => new(
        row.Id(), row.Validity(LocalDays.City), row.Id("point_id"), row.Id("window_key"), row.OptionalId("route_id"),
        row.OptionalId("truck_id"), Weekdays(row), row.Integer("sequence", 0, 100_000) ?? 0);

    private static byte Weekdays(AssetFields row)
    {
        if (row.Text("weekdays") is not { } digits)
        {
            return EveryDay;
        }
        return digits.All(d => d is >= '1' and <= '7') && digits.Distinct().Count() == digits.Length
            ? (byte)digits.Sum(d => 1 << (d - '1'))
            : row.Wrong(
                "weekdays", $"'{digits}' is not made of the digits 1 (Monday) to 7 (Sunday), each at most once.", EveryDay);
    }
}
