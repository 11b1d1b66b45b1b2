using System.Globalization;

namespace SmartCity.Simulator.District;

/// <summary>The city's clock: UTC+8 the year round. Times are ms since the epoch, days are counted from the epoch.</summary>
internal static class CityTime
{
    public const long SecondMs = 1000, MinuteMs = 60_000, HourMs = 3_600_000, DayMs = 86_400_000;
    private const long OffsetMs = 8 * HourMs;

    /// <summary>When everything in the district was commissioned; timelines start here.</summary>
    public static readonly DateTimeOffset Commissioned = new(2025, 1, 1, 0, 0, 0, TimeSpan.FromHours(8));

    public static readonly int FirstDay = DayOf(Commissioned.ToUnixTimeMilliseconds());

    /// <summary>The local day that a moment lies in.</summary>
    public static int DayOf(long ms) => (int)((ms + OffsetMs) / DayMs);

    /// <summary>The number of a local date.</summary>
    public static int DayOf(DateOnly date) => date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Local midnight at the start of a day.</summary>
    public static long StartOf(int day) => (day * DayMs) - OffsetMs;

    /// <summary>0..23</summary>
    public static int HourOf(long ms) => (int)((ms + OffsetMs) % DayMs / HourMs);

    /// <summary>1 (Monday) .. 7.</summary>
    public static int WeekdayOf(int day) => ((day + 3) % 7) + 1;

    public static DateOnly DateOf(int day) => DateOnly.FromDayNumber(day + DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber);

    /// <summary>The day as eight digits.</summary>
    public static string Digits(int day) => DateOf(day).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
}
