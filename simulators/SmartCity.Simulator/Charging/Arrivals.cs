using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Charging;

/// <summary>When the next bike comes to a free port: a Poisson process that follows hour, weekday and weather.</summary>
internal static class Arrivals
{
    private const int TableYears = 20;
    private static readonly long TableFrom = CityTime.Commissioned.ToUnixTimeMilliseconds();

    // Every port asks for every hour since the commissioning.
    private static readonly double[] PerHourTable =
        [.. Enumerable.Range(0, TableYears * 366 * 24).Select(hour => PerHour(TableFrom + (hour * CityTime.HourMs)))];

    /// <summary>The next arrival at a port that is free from then on.</summary>
    public static long Next(Random random, long free, double popularity)
    {
        var left = random.Exponential(1);
        var at = free;
        while (true)
        {
            var hourEnd = ((at / CityTime.HourMs) + 1) * CityTime.HourMs; // The city's zone is a whole number of hours from UTC.
            var perMs = PerHourTable[(at - TableFrom) / CityTime.HourMs] * popularity / CityTime.HourMs;
            var share = perMs * (hourEnd - at);
            if (left < share)
            {
                return at + (long)(left / perMs);
            }
            left -= share;
            at = hourEnd;
        }
    }

    private static double PerHour(long at)
    {
        var hour = CityTime.HourOf(at);
        var weekend = CityTime.WeekdayOf(CityTime.DayOf(at)) >= 6 && hour is >= 8 and < 17;
        return Assumptions.OfferedSessionsPerPortDay * Assumptions.StartHourWeights[hour] / 100
            * (weekend ? Assumptions.WeekendDaytimeFactor : 1) * Weather.DemandFactor(Weather.AmbientC(at));
    }
}
