using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Charging;

/// <summary>
/// What truly happens at one pile in a span of time. It is drawn from the commissioning on, so any two spans agree.
/// </summary>
internal sealed class PileTimeline
{
    private readonly List<Session>[] sessions;
    private readonly List<PortFault>[] faults;

    private PileTimeline(
        PilePlan pile, List<Session>[] sessions, List<PortFault>[] faults, List<LinkGap> dark, List<LinkGap> gaps)
    {
        Pile = pile;
        this.sessions = sessions;
        this.faults = faults;
        Dark = dark;
        Gaps = gaps;
    }

    public PilePlan Pile { get; }

    /// <summary>Times without mains: nothing is measured.</summary>
    public IReadOnlyList<LinkGap> Dark { get; }

    /// <summary>Times without a radio link: measured, kept, sent later.</summary>
    public IReadOnlyList<LinkGap> Gaps { get; }

    /// <summary>Those of them whose outbox was lost.</summary>
    public IEnumerable<LinkGap> LostGaps => Gaps.Where(g => g.Fate == OutboxFate.Lost);

    public static PileTimeline Build(int seed, PilePlan pile, long from, long until)
    {
        // A session that starts before the end may be cut off after it.
        var horizon = until + (3 * CityTime.DayMs);
        var dark = FaultDraw.OfMains(seed, pile.CompoundId, horizon);
        var sessions = new List<Session>[Assumptions.PortsPerPile];
        var faults = new List<PortFault>[Assumptions.PortsPerPile];
        for (var p = 0; p < sessions.Length; p++)
        {
            faults[p] = FaultDraw.OfPort(seed, pile.Id, p + 1, horizon);
            sessions[p] = [];
            foreach (var session in SessionsOf(seed, pile, p + 1, faults[p], dark, until))
            {
                AddFaultOf(session, faults[p]);
                if (Math.Max(session.Unplugged, session.Settled + CityTime.HourMs) > from)
                {
                    sessions[p].Add(session);
                }
            }
            faults[p] = [.. faults[p].Where(f => f.Until > from).OrderBy(f => f.From)];
        }
        return new PileTimeline(
            pile, sessions, faults, dark.FindAll(d => d.Until > from),
            FaultDraw.OfLink(seed, pile.Id, horizon).FindAll(g => g.Until > from));
    }

    public IReadOnlyList<PortFault> FaultsOf(int port) => faults[port - 1];

    /// <summary>The sessions of a port that have anything to report in [from, until).</summary>
    public IEnumerable<Session> SessionsIn(int port, long from, long until) => sessions[port - 1].Where(
        s => s.PluggedIn < until && Math.Max(s.Unplugged, s.Settled + CityTime.HourMs) >= from);

    public bool IsDark(long at)
    {
        foreach (var dark in Dark)
        {
            if (dark.Contains(at))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether what a pile has to say of a fault is never written: it is dark, or the record gets lost.</summary>
    public bool IsRecordLost(int seed, PortFault fault, long at) => fault.Code == PortFault.MainsLoss
        ? FaultDraw.IsRecordLost(seed, Pile.Id, fault, at)
        : IsDark(at) || FaultDraw.IsRecordLost(seed, Pile.Id, fault, at);

    private static IEnumerable<Session> SessionsOf(
        int seed, PilePlan pile, int port, List<PortFault> faults, List<LinkGap> dark, long until)
    {
        var random = Seeds.Stream(seed, pile.Id, port);
        var blocks = BlocksOf(port, faults, dark);
        var next = 0;
        var free = CityTime.Commissioned.ToUnixTimeMilliseconds();
        while (true)
        {
            var arrival = Arrivals.Next(random, free, pile.Popularity);
            if (arrival >= until)
            {
                yield break;
            }
            while (next < blocks.Count && blocks[next].Until <= arrival)
            {
                next++;
            }
            if (next < blocks.Count && blocks[next].From <= arrival + CityTime.MinuteMs)
            {
                free = blocks[next].Until + CityTime.MinuteMs; // Nobody plugs into a dead port.
                continue;
            }
            var session = SessionDraw.Next(random, pile.Id, port, arrival);
            if (next < blocks.Count && blocks[next].From < session.End)
            {
                var block = blocks[next];
                session = SessionDraw.CutOff(session, block.From, block.Until, block.Stops, block.Code == PortFault.MainsLoss);
            }
            session = OutOfTheDark(session, dark);
            yield return session;
            free = session.Unplugged + (30 * CityTime.SecondMs);
        }
    }

    // A pile without mains reports nothing: what falls into the dark happens, for us, when the light is back.
    private static Session OutOfTheDark(Session session, List<LinkGap> dark)
    {
        foreach (var span in dark)
        {
            if (span.Contains(session.Unplugged))
            {
                session = session with { Unplugged = span.Until + (2 * CityTime.MinuteMs) };
            }
            if (span.Contains(session.Settled))
            {
                session = session with { Settled = span.Until + CityTime.MinuteMs };
            }
        }
        return session;
    }

    private static List<PortFault> BlocksOf(int port, List<PortFault> faults, List<LinkGap> dark) =>
        [.. faults.Where(f => !f.Transient)
            .Concat(dark.Select(d => new PortFault(port, PortFault.MainsLoss, d.From, d.Until, Transient: false)))
            .OrderBy(b => b.From)];

    // A port that stopped for heat or load says so until it has cooled down or the load is gone.
    private static void AddFaultOf(Session session, List<PortFault> faults)
    {
        var code = session.Stop switch
        {
            StopReason.OverTemperature => PortFault.OverTemperature,
            StopReason.Overload => PortFault.OverPower,
            _ => 0,
        };
        var until = Math.Min(session.Unplugged, session.End + (12 * CityTime.MinuteMs));
        if (code != 0 && until > session.End && !faults.Exists(f => f.From < until && session.End < f.Until))
        {
            faults.Add(new PortFault(session.Port, code, session.End, until, Transient: false));
        }
    }
}
