using SmartCity.Simulator.District;

namespace SmartCity.Tests.Simulator;

internal static class TestDays
{
    /// <summary>The city's number of a local date.</summary>
    public static int Of(int year, int month, int day) =>
        CityTime.DayOf(new DateTimeOffset(year, month, day, 12, 0, 0, TimeSpan.FromHours(8)).ToUnixTimeMilliseconds());
}
