using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Charging;

/// <summary>Plays a compound of one pile: people come at random with a rate for each hour of the day, take a free port for a random
/// time, or go away when there is none.</summary>
internal sealed class BusyCompound
{
    private const double HourMs = 3_600_000;

    private readonly int ports;
    private readonly int days;

    private BusyCompound(int ports, int days) => (this.ports, this.days) = (ports, days);

    public List<StatusSegment> Segments { get; } = [];

    public List<ChargingSession> Sessions { get; } = [];

    /// <summary>Who came.</summary>
    public int Came { get; private set; }

    /// <summary>Who found no free port.</summary>
    public int Blocked { get; private set; }

    /// <param name="ratePerHour">By local hour of the day.</param>
    /// <param name="stay">A random time, h, from a number in 0..1.</param>
    public static BusyCompound Play(Random random, int ports, int days, Func<int, double> ratePerHour, Func<double, double> stay)
    {
        var compound = new BusyCompound(ports, days);
        var highest = Enumerable.Range(0, 24).Max(ratePerHour);
        var freeAt = new double[ports];
        var taken = Enumerable.Range(0, ports).Select(_ => new List<(double From, double Until)>()).ToArray();
        for (var at = 0.0; ;)
        {
            at += -Math.Log(1 - random.NextDouble()) / highest;
            if (at >= days * 24)
            {
                break;
            }
            if (random.NextDouble() * highest < ratePerHour((int)at % 24))
            {
                compound.Came++;
                List<int> free = [.. Enumerable.Range(0, ports).Where(p => freeAt[p] <= at)];
                if (free.Count == 0)
                {
                    compound.Blocked++;
                    continue;
                }
                var port = free[random.Next(free.Count)];
                freeAt[port] = at + stay(random.NextDouble());
                taken[port].Add((at, freeAt[port]));
            }
        }
        compound.Write(taken);
        return compound;
    }

    /// <summary>What the domain makes of it.</summary>
    public CapacityUse Use()
    {
        var buckets = Buckets.Of(
            BucketKind.Whole, PileStory.Start, PileStory.At(days * 86_400), TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        var table = new CapacityTable(buckets, buckets.Until, ChargingRules.Default);
        Pile[] versions =
        [
            new("P", new Validity(Instant.Min, null), "P", "C1", PileKind.EbikeAc, ports, 1000, TimeSpan.FromSeconds(60), null, null, null),
        ];
        table.Add(new PileHistory("P", versions), new PileGroups([0], false), Segments, Sessions);
        return Assert.Single(table.Uses());
    }

    private void Write(List<(double From, double Until)>[] taken)
    {
        for (var port = 1; port <= ports; port++)
        {
            var at = 0.0;
            foreach (var (from, until) in taken[port - 1])
            {
                Add(port, at, from, PortStatus.Available);
                Add(port, from, until, PortStatus.Charging);
                // It says that it charges a moment after the plug is in.
                Sessions.Add(new ChargingSession("P", port, $"S{Sessions.Count}") { Start = AtHour(from + 0.001), EnergyMicroWh = 0 });
                at = until;
            }
            Add(port, at, days * 24, PortStatus.Available);
        }
    }

    private void Add(int port, double from, double until, PortStatus status)
    {
        var end = Math.Min(until, days * 24);
        if (AtHour(end) > AtHour(from))
        {
            Segments.Add(new StatusSegment(port, AtHour(from), AtHour(end), status, 0));
        }
    }

    private static Instant AtHour(double hour) => new(PileStory.Start.Milliseconds + (long)(hour * HourMs));
}
