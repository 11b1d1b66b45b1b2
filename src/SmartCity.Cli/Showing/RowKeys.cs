using System.Globalization;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Showing;

/// <summary>What a row of a grouped answer is about.</summary>
internal static class RowKeys
{
    public static string Group(RowKey? key) => key switch
    {
        null or { GroupId: "", GroupName: "" } => "all",
        { GroupName: "" } => key.GroupId,
        { GroupId: "" } => key.GroupName,
        _ when key.GroupName == key.GroupId => key.GroupId,
        _ => $"{key.GroupName} ({key.GroupId})",
    };

    /// <summary>The column of the bucket's start; none when the period is not cut.</summary>
    public static IEnumerable<Column<TRow>> From<TRow>(Bucket bucket, TimeZoneInfo zone, Func<TRow, RowKey?> key) =>
        bucket == Protocol.V1.Bucket.Unspecified ? [] : [new Column<TRow>("From", row => Bucket(key(row), bucket, zone))];

    private static string Bucket(RowKey? key, Bucket bucket, TimeZoneInfo zone)
    {
        if (key is { HasFold: true })
        {
            return bucket == Protocol.V1.Bucket.DayOfWeek
                ? CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedDayName((DayOfWeek)(key.Fold % 7))
                : string.Create(CultureInfo.InvariantCulture, $"{key.Fold:00}:00");
        }
        if (key?.BucketFrom is null)
        {
            return Say.Absent;
        }
        var from = TimeZoneInfo.ConvertTime(key.BucketFrom.ToDateTimeOffset(), zone);
        var form = bucket switch
        {
            Protocol.V1.Bucket.Hour => "yyyy-MM-dd HH:mm",
            Protocol.V1.Bucket.Month => "yyyy-MM",
            _ => from.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm",
        };
        return from.ToString(form, CultureInfo.InvariantCulture);
    }
}
