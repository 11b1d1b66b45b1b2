using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Truth;

/// <summary>When the air is colder than a pile is rated for: from below -10 C until it is -8 C again.</summary>
internal static class ColdSpells
{
    private const double ColdC = -10, MildC = -8;
    private const int DaysMax = 60;

    /// <summary>Those that begin in [from, until).</summary>
    public static List<(long From, long Until)> Of(long from, long until)
    {
        var spells = new List<(long, long)>();
        // Whether a spell lasts at the beginning is told by the last clear temperature before it.
        var at = from - CityTime.MinuteMs;
        while (from - at < DaysMax * CityTime.DayMs && Weather.AmbientC(at) is >= ColdC and < MildC)
        {
            at -= CityTime.MinuteMs;
        }
        var cold = Weather.AmbientC(at) < ColdC;
        for (at = from; at < until; at += CityTime.MinuteMs)
        {
            var air = Weather.AmbientC(at);
            if (cold ? air >= MildC : air < ColdC)
            {
                if (!cold)
                {
                    spells.Add((at, EndOf(at)));
                }
                cold = !cold;
            }
        }
        return spells;
    }

    private static long EndOf(long from)
    {
        var at = from;
        while (Weather.AmbientC(at) < MildC && at - from < DaysMax * CityTime.DayMs)
        {
            at += CityTime.MinuteMs;
        }
        return at;
    }
}
