using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle;

/// <summary>How the ports of one compound and kind were used; times in seconds.</summary>
internal sealed class OracleUse
{
    public int Ports { get; set; }

    public long[] Open { get; } = new long[24];

    public long[] Saturated { get; } = new long[24];

    public long Unknown { get; set; }

    public int[] Arrivals { get; } = new int[24];

    public int Sessions { get; set; }

    public List<long> Stays { get; } = [];

    public long Broken { get; set; }
}

/// <summary>Counts, second by second, what advice about capacity is made of.</summary>
internal sealed class OracleCapacity
{
    private readonly OracleWorld world;
    private readonly OracleCalendar calendar;
    private readonly List<OraclePile> piles;
    private readonly Dictionary<(int Compound, PileKind Kind), OracleUse> uses = [];

    public OracleCapacity(OracleWorld world)
    {
        this.world = world;
        calendar = new OracleCalendar(world, BucketKind.Whole);
        piles = [.. Enumerable.Range(0, world.Piles.Count).Select(pile => new OraclePile(world, pile))];
        for (var compound = 0; compound < world.CompoundsInScope; compound++)
        {
            foreach (var kind in (PileKind[])[PileKind.EbikeAc, (PileKind)2])
            {
                uses[(compound, kind)] = Count(compound, kind);
            }
        }
        foreach (var pile in piles)
        {
            for (var port = 1; port <= OracleWorld.PortsMax; port++)
            {
                AddStays(pile, port);
                AddArrivals(pile, port);
            }
        }
    }

    /// <summary>Those that have ports at the end.</summary>
    public IEnumerable<((int Compound, PileKind Kind) Key, OracleUse Use)> Uses =>
        uses.Where(u => u.Value.Ports > 0).Select(u => (u.Key, u.Value));

    private enum Seen
    {
        Nothing,
        Open,
        Saturated,
        Unknown,
    }

    private OracleUse Count(int compound, PileKind kind)
    {
        var use = new OracleUse();
        for (var second = 0; second < world.Seconds; second++)
        {
            var statuses = StatusesAt(compound, kind, second);
            var hour = calendar.HourAt(world.From + second);
            var seen = SeenOf(statuses);
            use.Open[hour] += seen == Seen.Open ? 1 : 0;
            use.Saturated[hour] += seen == Seen.Saturated ? 1 : 0;
            use.Unknown += seen == Seen.Unknown ? 1 : 0;
            use.Broken += seen is Seen.Open or Seen.Saturated
                ? statuses.Count(s => s is PortStatus.Unavailable or PortStatus.Faulted) : 0;
        }
        // The last moment, so that a pile that is taken away at the end was there, also when nothing of the period has happened.
        var last = Math.Min(world.Until, world.Evaluation) - 1;
        use.Ports = piles.Sum(p => world.VersionAt(p.Number, last) is { } v && v.Compound == compound && v.Kind == kind ? v.Ports : 0);
        return use;
    }

    private List<PortStatus> StatusesAt(int compound, PileKind kind, int second)
    {
        var statuses = new List<PortStatus>();
        foreach (var pile in piles)
        {
            if (world.VersionAt(pile.Number, world.From + second) is { } version && version.Compound == compound && version.Kind == kind)
            {
                statuses.AddRange(Enumerable.Range(1, version.Ports).Select(port => pile.Statuses.At(port, second)));
            }
        }
        return statuses;
    }

    private static Seen SeenOf(List<PortStatus> statuses)
    {
        var seen = statuses.Count(s => s is not (PortStatus.Unknown or PortStatus.Offline));
        return statuses.Count == 0 ? Seen.Nothing
            : seen * 100 < statuses.Count * 80 ? Seen.Unknown
            : statuses.Contains(PortStatus.Available) ? Seen.Open
            : statuses.Exists(IsTaken) ? Seen.Saturated : Seen.Unknown;
    }

    private static bool IsTaken(PortStatus status) => status is PortStatus.Plugged or PortStatus.Charging or PortStatus.Floating
        or PortStatus.SuspendedByPile or PortStatus.FinishedPlugged or PortStatus.Reserved;

    /// <summary>Of what a port is part of in a second of the period; null when it is not asked for.</summary>
    private (int Compound, PileKind Kind)? KeyAt(OraclePile pile, int port, long at) =>
        at < world.From + world.Seconds && world.GroupAt(pile.Number, port, at) is not null
            && world.VersionAt(pile.Number, at) is { } version ? (version.Compound, version.Kind) : null;

    private (int Compound, PileKind Kind)? TakenAt(OraclePile pile, int port, long at) =>
        KeyAt(pile, port, at) is { } key && IsTaken(pile.Statuses.At(port, (int)(at - world.From))) ? key : null;

    private void AddStays(OraclePile pile, int port)
    {
        for (var at = world.From; at < world.From + world.Seconds;)
        {
            var since = at;
            var key = TakenAt(pile, port, at);
            while (at < world.From + world.Seconds && TakenAt(pile, port, at) == key)
            {
                at++;
            }
            if (key is { } taken)
            {
                uses[taken].Stays.Add(at - since);
            }
        }
    }

    private void AddArrivals(OraclePile pile, int port)
    {
        var servedSince = -1L;
        foreach (var session in pile.Energy.Sessions.Where(s => s.Port == port && s.Start >= world.From).OrderBy(s => s.Start))
        {
            if (KeyAt(pile, port, session.Start) is not { } key)
            {
                continue;
            }
            var came = session.Start;
            if (TakenAt(pile, port, session.Start) == key)
            {
                while (came > world.From && TakenAt(pile, port, came - 1) == key)
                {
                    came--;
                }
                (came, servedSince) = (came == servedSince ? session.Start : came, came);
            }
            if (came == world.From)
            {
                continue;
            }
            var status = pile.Statuses.At(port, (int)(session.Start - world.From));
            uses[key].Sessions += status is PortStatus.Unknown or PortStatus.Offline ? 0 : 1;
            var before = SeenOf(StatusesAt(key.Compound, key.Kind, (int)(came - 1 - world.From)));
            uses[key].Arrivals[calendar.HourAt(came)] += before == Seen.Open ? 1 : 0;
        }
    }
}
