using System.Globalization;

namespace SmartCity.Storage.Registry.Files;

/// <summary>Values of assets as files and the wire write them.</summary>
public static class AssetText
{
    /// <summary>A local time as HH:MM.</summary>
    public static string Time(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Weekdays as digits from 1, which is Monday.</summary>
    /// <param name="days">Bit 0 is Monday.</param>
    public static string Weekdays(byte days) =>
        string.Concat(Enumerable.Range(1, 7).Where(day => (days & (1 << (day - 1))) != 0));
}
