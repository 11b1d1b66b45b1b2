using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>The sessions of one pile: begun and ended in every way, sampled with and without a name, with junk.</summary>
internal sealed class RandomSessions(Random random, decimal ratedW)
{
    private readonly Dictionary<int, Live> ports = [];
    private int names;

    /// <summary>The next thing the pile says of a port's sessions.</summary>
    public object Next(int port, long now)
    {
        if (!ports.TryGetValue(port, out var live) || (live.IsOver && random.Next(4) == 0))
        {
            ports[port] = live = new Live($"S{names++}", now);
            if (random.Next(4) > 0)
            {
                return new Step(port, live.Id, SessionEvent.Started, Maybe(now - random.Next(60)), null, null);
            }
        }
        return random.Next(10) == 0 ? End(port, live, now) : Sample(port, live, now);
    }

    private Metered Sample(int port, Live live, long now)
    {
        live.Wh += Math.Round(ratedW * (decimal)random.NextDouble() * 1.6m * (now - live.At) / 3600, 2);
        live.At = now;
        var wh = random.Next(12) switch
        {
            0 => random.Next(0, 100),
            1 => live.Wh + random.Next(1, 2000),
            2 => 0,
            _ => live.Wh,
        };
        return new Metered(port, random.Next(4) == 0 ? null : live.Id, wh);
    }

    private Step End(int port, Live live, long now)
    {
        live.IsOver = true;
        var what = (SessionEvent)random.Next(0, 6);
        var wh = random.Next(2) == 0 ? (decimal?)null : Math.Max(0, live.Wh + random.Next(-20, 20));
        return new Step(port, live.Id, what, Maybe(live.Since), Maybe(now - random.Next(30)), wh);
    }

    private long? Maybe(long time) => random.Next(3) == 0 ? time : null;

    private sealed class Live(string id, long since)
    {
        public string Id { get; } = id;

        public long Since { get; } = since;

        public long At { get; set; } = since;

        public decimal Wh { get; set; }

        public bool IsOver { get; set; }
    }
}
