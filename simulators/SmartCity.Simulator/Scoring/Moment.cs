using System.Globalization;

namespace SmartCity.Simulator.Scoring;

/// <summary>Moments as people of the city say them.</summary>
internal static class Moment
{
    public static string Words(long at) => DateTimeOffset.FromUnixTimeMilliseconds(at).ToOffset(TimeSpan.FromHours(8))
        .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
