using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>A pile that talks at random: with gaps, lies of its clock, late and repeated deliveries, power-ups and Wills.</summary>
internal sealed class RandomDevice(Random random, int pile, OracleVersion version, Family family, int pace)
{
    private static readonly int[] Codes = [102, 102, 102, 201, 401, 405, 501, 601, 701, 702, 705, 999, 12345];

    private readonly List<Delivery> deliveries = [];
    private readonly RandomSessions sessions = new(random, version.RatedW ?? 800);
    private int? boot = 0;
    private int boots;
    private long sequence;

    /// <summary>All it sent during [from, until).</summary>
    public List<Delivery> Live(long from, long until)
    {
        for (var now = from; now < until; now += Step())
        {
            if (random.Next(40) == 0)
            {
                boot = random.Next(5) == 0 ? null : ++boots;
            }
            Send(now);
            if (random.Next(30) == 0)
            {
                var gone = now + random.Next(0, 600);
                deliveries.Add(new Delivery(pile, null, random.NextInt64(), 0, gone, null, gone, new Gone()));
            }
        }
        return deliveries;
    }

    private long Step() => random.Next(20) switch
    {
        0 => version.OfflineAfter + random.Next(-1, 2),
        1 => random.NextInt64(version.OfflineAfter, 3 * version.OfflineAfter),
        2 => random.Next(0, 2),
        _ => random.Next(1, 60 * pace),
    };

    private void Send(long now)
    {
        var (number, count) = (boot is null ? random.NextInt64(1, long.MaxValue) : sequence++, random.Next(1, 4));
        var late = random.Next(12) == 0 ? random.Next(1, 7200) : random.Next(0, 4);
        var received = now + late;
        var error = random.Next(20) switch
        {
            0 => -now + random.Next(100_000), // It woke up in 1970.
            1 => late + 300, // The most that is believed.
            2 => late + 301,
            _ => 0,
        };
        long? sentAt = random.Next(3) == 0 ? null : received + error - random.Next(2);
        var again = random.Next(10) == 0 ? received + random.Next(1, 3600) : (long?)null;
        for (ushort i = 0; i < count; i++)
        {
            var delivery = new Delivery(pile, boot, number, i, now + error, sentAt, received, What(now));
            deliveries.Add(delivery);
            if (again is { } later)
            {
                deliveries.Add(delivery with { Received = later });
            }
        }
    }

    private object What(long now)
    {
        var port = random.Next(12) switch
        {
            0 => 0,
            1 => OracleWorld.PortsMax,
            _ => random.Next(1, version.Ports + 1),
        };
        var roll = random.Next(100);
        return family switch
        {
            Family.Energy => roll < 80 ? sessions.Next(Math.Max(1, port), now) : Status(port),
            Family.Faults => roll < 60 ? Fault(port) : Status(port),
            _ => roll < 55 ? Status(port) : roll < 75 ? Fault(port) : roll < 85 ? sessions.Next(Math.Max(1, port), now) : new Ping(),
        };
    }

    /// <summary>The pile as a whole is mostly fine, or all its ports would always be down.</summary>
    private Said Status(int port) => port == 0
        ? new Said(0, random.Next(4) switch
        {
            0 => PortStatus.Unavailable,
            1 => PortStatus.Faulted,
            _ => (PortStatus)random.Next(0, 8),
        })
        : new Said(port, random.Next(3) == 0 ? (PortStatus)random.Next(0, 11) : (PortStatus)random.Next(1, 7));

    private Trouble Fault(int port)
    {
        var roll = random.Next(20);
        var what = roll == 0 ? FaultEvent.Unknown : roll < 10 ? FaultEvent.Raised : FaultEvent.Cleared;
        return new Trouble(port, Codes[random.Next(Codes.Length)], what, random.Next(3) == 0 ? null : random.Next(60, 100));
    }
}
