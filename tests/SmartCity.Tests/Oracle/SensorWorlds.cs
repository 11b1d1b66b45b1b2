using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>Worlds of one pile that measures: temperatures and loads that wander about their thresholds, with gaps, silences and late
/// deliveries, and sometimes the pile's own word for the same fault.</summary>
internal static class SensorWorlds
{
    private const long Start = 1_790_000_000;

    // Shares of the rated power that a double holds exactly, so that a threshold that is met is met in any arithmetic.
    private static readonly decimal[] Shares = [0, 0.0625m, 0.125m, 0.25m, 0.5m, 1, 1.0625m, 2];
    private static readonly int[] Codes = [102, 106, 107, 204];

    public static OracleWorld Of(int seed)
    {
        var random = new Random(seed);
        var versions = Versions(random);
        var length = random.Next(900, 3600);
        var deliveries = new List<Delivery>();
        var port = Enumerable.Range(0, OracleWorld.PortsMax + 1).Select(_ => new Wandering(random)).ToArray();
        var air = random.Next(3) > 0 ? random.Next(-13, -7) : random.Next(-30, 30);
        var sequence = 0L;
        for (var now = Start; now < Start + length; now += Pause(random, versions[0]))
        {
            for (ushort index = 0; index < random.Next(1, 5); index++)
            {
                var number = random.Next(16) == 0 ? 0 : random.Next(1, OracleWorld.PortsMax + 1);
                var received = now + (random.Next(10) == 0 ? random.Next(900) : 0);
                object what = random.Next(25) switch
                {
                    0 => new Trouble(
                        number, Codes[random.Next(Codes.Length)], random.Next(2) == 0 ? FaultEvent.Raised : FaultEvent.Cleared, null),
                    1 or 2 => new Ping(),
                    _ => port[number].Next(number, versions[0].RatedW ?? 512, air += Change(random)),
                };
                deliveries.Add(new Delivery(0, 1, sequence, index, now, null, received, what));
            }
            sequence++;
        }
        var end = Start + length + random.NextInt64(random.Next(3) == 0 ? 3000 : 300);
        return new OracleWorld(
            seed, TimeZoneInfo.Utc, Start, Start + length, end, 3600, Grouping.Pile, 2, [versions], deliveries);
    }

    private static int Change(Random random) => random.Next(50) switch
    {
        0 => random.Next(-5, 6),
        < 8 => random.Next(-1, 2),
        _ => 0,
    };

    private static long Pause(Random random, OracleVersion version) => random.Next(24) switch
    {
        0 => 600 + random.Next(-1, 2),
        1 => random.NextInt64(version.OfflineAfter, 2 * version.OfflineAfter),
        2 => 0,
        3 => 30 + random.Next(-1, 2),
        4 => 300 + random.Next(-1, 2),
        _ => random.Next(1, 150),
    };

    private static OracleVersion[] Versions(Random random)
    {
        OracleVersion Version(long from, long? until) => new(
            from, until, 0, PileKind.EbikeAc, random.Next(1, 4) is var ports && random.Next(3) == 0 ? ports : OracleWorld.PortsMax,
            random.Next(10) == 0 ? null : random.Next(2) == 0 ? 512 : 1024, random.Next(3) == 0 ? 300 : 60);

        var change = Start + random.Next(3000);
        return random.Next(3) switch
        {
            0 => [Version(0, change), Version(change + random.Next(2) * 400, null)],
            _ => [Version(0, null)],
        };
    }

    /// <summary>One port's load and how much warmer than the air it is.</summary>
    private sealed class Wandering(Random random)
    {
        private decimal share = Shares[random.Next(Shares.Length)];
        private decimal rise = random.Next(0, 60);

        public Sensed Next(int port, decimal ratedW, decimal airC)
        {
            share = random.Next(4) == 0 ? Shares[random.Next(Shares.Length)] : share;
            rise = random.Next(8) == 0 ? random.Next(0, 100) : rise + (random.Next(-8, 9) * 0.25m);
            // A share that is no power of two is for 204 alone: what it explains no double holds exactly.
            var isWarm = share != 1.0625m && random.Next(12) > 0;
            return new Sensed(
                port, random.Next(12) == 0 ? null : share * ratedW, isWarm ? airC + rise : null, random.Next(12) == 0 ? null : airC);
        }
    }
}
