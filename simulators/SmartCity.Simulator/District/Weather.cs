namespace SmartCity.Simulator.District;

/// <summary>A continental climate: about -17 C in January and 23 C in July. The same everywhere and in every run.</summary>
internal static class Weather
{
    /// <summary>Air temperature at a moment.</summary>
    public static double AmbientC(long ms)
    {
        var day = CityTime.DayOf(ms);
        var season = 3 - (20 * Math.Cos(2 * Math.PI * (CityTime.DateOf(day).DayOfYear - 20) / 365.25));
        var hour = (ms - CityTime.StartOf(day)) / (double)CityTime.HourMs;
        return season + (5 * Math.Cos(2 * Math.PI * (hour - 14) / 24)) + Swing(day, hour);
    }

    /// <summary>Snow lies on some days from November to March.</summary>
    public static bool Snow(int day) => CityTime.DateOf(day).Month is 11 or 12 or 1 or 2 or 3 && Noise(day + 9973) > 0.72;

    /// <summary>What a battery takes in the cold: 70 % at 0 C, one percent less for each degree below (published).</summary>
    public static double BatteryShare(double ambientC) =>
        ambientC >= 20 ? 1 : ambientC >= 0 ? 0.7 + (0.3 * ambientC / 20) : Math.Max(0.4, 0.7 + (0.01 * ambientC));

    /// <summary>Riders charge more often in the cold, and stay at home in the great cold.</summary>
    public static double DemandFactor(double ambientC) => ambientC is < 0 and > -15 ? 1.3 : 1;

    // Warm and cold spells: the days' levels, joined without a jump at midnight.
    private static double Swing(int day, double hour) => 8 * (Noise(day) + ((Noise(day + 1) - Noise(day)) * hour / 24) - 0.5);

    private static double Noise(int day)
    {
        var x = (uint)day * 2654435761u;
        x ^= x >> 16;
        x *= 0x45D9F3B;
        x ^= x >> 16;
        return x / (double)uint.MaxValue;
    }
}
