using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Scoring;

/// <summary>How long a fault has to last before it counts, as docs/mqtt.md lists it; a test compares.</summary>
internal static class Debounces
{
    private static readonly Dictionary<int, int> Seconds = new()
    {
        [101] = 0, [102] = 30, [106] = 0, [107] = 600, [204] = 30, [209] = 0, [210] = 60, [302] = 60, [401] = 180, [402] = 180,
        [501] = 180, [502] = 180, [701] = 0, [705] = 0,
    };

    /// <summary>The codes that the simulated city can have.</summary>
    public static IEnumerable<int> Codes => Seconds.Keys;

    /// <summary>In ms.</summary>
    public static long Of(int code) => Seconds.GetValueOrDefault(code) * CityTime.SecondMs;
}
