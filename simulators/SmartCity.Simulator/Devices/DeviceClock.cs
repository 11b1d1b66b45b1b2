using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Devices;

/// <summary>What a device's clock is ahead of the true time. A few are wrong, and one starts in 1970 every third day.</summary>
internal static class DeviceClock
{
    public const string EpochDevice = "pile-0037", FastDevice = "pile-0071", SlowDevice = "pile-0088", FastTruck = "truck-11";

    /// <summary>Whether its battery is empty: after a restart it counts from 1970 until it has been told the time.</summary>
    public static bool IsUnset(string device, int day) => device == EpochDevice && day % 3 == 0;

    /// <summary>The offset in ms, constant over a local day.</summary>
    public static long OffsetOf(string device, int day) => device switch
    {
        _ when IsUnset(device, day) => CityTime.MinuteMs - CityTime.StartOf(day),
        FastDevice => 7 * CityTime.MinuteMs,
        SlowDevice => -3 * CityTime.MinuteMs,
        FastTruck => 40 * CityTime.SecondMs,
        _ => 0,
    };
}
