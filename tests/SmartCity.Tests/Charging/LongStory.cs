using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

/// <summary>Makes up what three piles say in four days, most of it in time, some hours or days late.</summary>
internal sealed class LongStory
{
    /// <summary>How long it goes on.</summary>
    public const int Seconds = 4 * 86_400;

    private static readonly int[] Codes = [101, 201, 204, 501, 4711];
    private readonly List<Delivery> deliveries = [];
    private readonly Random random;
    private readonly string pile;
    private long sequence;

    private LongStory(string pile, Random random) => (this.pile, this.random) = (pile, random);

    /// <summary>One record on its way.</summary>
    internal sealed record Delivery(int At, TelemetryMessage Message);

    /// <summary>The records of all piles in the order in which they arrive.</summary>
    public static IReadOnlyList<Delivery> Of(Random random)
    {
        var all = new List<Delivery>();
        foreach (var pile in (string[])["A", "AB", "B"])
        {
            var story = new LongStory(pile, random);
            story.AddStates();
            for (var i = 0; i < 30; i++)
            {
                story.AddSession("S" + i, random.Next(Seconds));
            }
            for (var i = random.Next(4) == 0 ? 10 : 0; i > 0; i--)
            {
                story.Add(random.Next(Seconds), Channel.Meter, (stamp) => Meter(stamp, 1, null, random.Next(100)));
            }
            all.AddRange(story.deliveries);
        }
        return [.. all.OrderBy(delivery => delivery.At)];
    }

    private void AddStates()
    {
        for (var second = random.Next(4000); second < Seconds; second += random.Next(30, random.Next(3) == 0 ? 9000 : 1000))
        {
            var online = random.Next(30) > 0;
            Add(second, Channel.Conn, stamp => new ConnRecord(stamp, online, !online, null, null, null));
        }
        for (var i = 0; i < 60; i++)
        {
            var (port, status) = (random.Next(4), (PortStatus)random.Next(11));
            Add(random.Next(Seconds), Channel.Status, stamp => new StatusRecord(stamp, port, status, null, null));
            var (code, what) = (Codes[random.Next(Codes.Length)], (FaultEvent)random.Next(1, 3));
            Add(random.Next(Seconds), Channel.Fault, stamp => new FaultRecord(stamp, port, code, what, null, null, null));
        }
    }

    private void AddSession(string id, int start)
    {
        var port = random.Next(1, 3);
        if (random.Next(10) > 0)
        {
            AddStep(start, port, id, SessionEvent.Started, null, null);
        }
        var energy = 0.0;
        var at = start;
        for (var i = random.Next(20); i > 0; i--)
        {
            at += random.Next(60, random.Next(8) == 0 ? 20 * 3600 : 1800);
            energy += random.Next(30);
            var shown = random.Next(10) == 0 ? random.Next(3000) : energy;
            Add(at, Channel.Meter, stamp => Meter(stamp, port, id, shown));
        }
        if (random.Next(5) > 0)
        {
            AddStep(at + 60, port, id, SessionEvent.Ended, random.Next(2) == 0 ? energy : null, null);
        }
        if (random.Next(5) > 1)
        {
            Instant? named = random.Next(3) == 0 ? PileStory.At(start - random.Next(7200)) : null;
            AddStep(at + random.Next(3 * 86_400), port, id, SessionEvent.Settled, energy + random.Next(5), named);
        }
    }

    private void AddStep(int second, int port, string id, SessionEvent what, double? energy, Instant? start) =>
        Add(second, Channel.Session, stamp => new SessionRecord(
            stamp, port, id, what, start, null, energy, null, StopReason.Unknown, null));

    private void Add<T>(int second, Channel channel, Func<Stamp, T> make) where T : struct, ITelemetryRecord
    {
        var delay = random.Next(10) switch
        {
            0 => random.Next(2 * 86_400),
            1 or 2 => random.Next(7200),
            _ => random.Next(30),
        };
        var received = second + delay;
        var record = make(new Stamp(
            pile, PileStory.At(second), PileStory.At(received), PileStory.Start, ++sequence, 0, StampFlags.None));
        deliveries.Add(new Delivery(received, ChargingApiWorld.MessageOf(pile, channel, record)));
    }

    private static MeterRecord Meter(Stamp stamp, int port, string? session, double energy) =>
        new(stamp, port, session, null, null, null, energy, null, null, null, null);
}
