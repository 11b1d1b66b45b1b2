using SmartCity.Domain.Registry;

namespace SmartCity.Tests.Oracle;

/// <summary>What a random world is rich in.</summary>
internal enum Family
{
    Status,
    Energy,
    Saturation,
    Faults,
}

/// <summary>Random worlds; the same seed gives the same one.</summary>
internal static class WorldGenerator
{
    private const long Hour = 3600;

    private static readonly string[] Zones =
    [
        "Asia/Shanghai", "UTC", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago",
    ];

    /// <summary>Moments shortly before clocks change in one of the zones (2026), and some plain ones.</summary>
    private static readonly DateTimeOffset[] Days =
    [
        new(2026, 3, 28, 20, 0, 0, TimeSpan.Zero), new(2026, 10, 24, 20, 0, 0, TimeSpan.Zero),
        new(2026, 3, 8, 4, 0, 0, TimeSpan.Zero), new(2026, 11, 1, 3, 0, 0, TimeSpan.Zero),
        new(2026, 4, 4, 12, 0, 0, TimeSpan.Zero), new(2026, 10, 3, 12, 0, 0, TimeSpan.Zero),
        new(2026, 4, 5, 0, 0, 0, TimeSpan.Zero), new(2026, 5, 31, 14, 0, 0, TimeSpan.Zero),
    ];

    /// <summary>A world of hours, or, seldom, of two days.</summary>
    public static OracleWorld Of(int seed, Family family, bool isTiny = false)
    {
        var random = new Random(seed);
        var isLong = !isTiny && random.Next(100) == 0;
        var length = isTiny ? random.Next(300, 1800) : isLong ? 48 * Hour : random.Next(2 * (int)Hour, 6 * (int)Hour);
        var from = Days[random.Next(Days.Length)].ToUnixTimeSeconds() + (random.Next(0, 8) * 1800)
            + (random.Next(3) == 0 ? random.Next(1800) : 0);
        var evaluation = random.Next(4) switch
        {
            0 => from + random.NextInt64(-600, length),
            1 => from + length,
            _ => from + length + random.NextInt64(2 * Hour),
        };
        var pace = isLong ? 20 : isTiny ? 1 : random.Next(2, 9);
        var piles = new List<OracleVersion[]>();
        for (var pile = random.Next(1, 4); pile > 0; pile--)
        {
            piles.Add(Versions(random, from, length, pace));
        }
        var deliveries = new List<Delivery>();
        for (var pile = 0; pile < piles.Count; pile++)
        {
            var device = new RandomDevice(random, pile, piles[pile][0], family, pace);
            if (family == Family.Faults && !isTiny && random.Next(3) == 0)
            {
                var weekBefore = from - (7 * 24 * Hour); // What is a repeat of a fault then is one only just.
                device.Live(weekBefore, weekBefore + Hour);
            }
            deliveries.AddRange(device.Live(from - (isTiny ? 300 : random.NextInt64(Hour)), from + length + 600));
        }
        return new OracleWorld(
            seed, TimeZoneInfo.FindSystemTimeZoneById(Zones[random.Next(Zones.Length)]), from, from + length, evaluation,
            random.Next(2) == 0 ? Hour / 2 : 12 * Hour, (Grouping)random.Next(3), random.Next(4) == 0 ? 1 : 2, piles, deliveries);
    }

    private static OracleVersion[] Versions(Random random, long from, long length, int pace)
    {
        OracleVersion Version(long since, long? until) => new(
            since, until, random.Next(2), (PileKind)random.Next(1, 3), random.Next(1, OracleWorld.PortsMax + 1),
            random.Next(4) == 0 ? null : random.Next(1, 5) * 500, random.Next(1, 5) * 15 * pace);

        if (random.Next(2) == 0)
        {
            return [Version(0, random.Next(4) == 0 ? from + random.NextInt64(length) : null)];
        }
        var change = from + random.NextInt64(length);
        var gap = random.Next(2) == 0 ? 0 : random.NextInt64(length / 2);
        var first = random.Next(2) == 0 ? 0 : Math.Max(0, change - random.NextInt64(1, length));
        long? last = random.Next(3) == 0 ? change + gap + random.NextInt64(1, length) : null;
        return [Version(first, change), Version(change + gap, last)];
    }
}
