using SmartCity.Protocol.V1;
using SmartCity.Simulator.Charging;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using Session = SmartCity.Simulator.Charging.Session;

namespace SmartCity.Simulator.Truth;

/// <summary>A fault as it truly was. Port 0 is the pile.</summary>
/// <param name="Derived">No device reports it: it is for the server to find.</param>
/// <param name="RaiseLost">What the device had to say at its beginning never left it.</param>
/// <param name="ClearLost">Likewise at its end.</param>
internal sealed record FaultTruth(
    string Pile, int Port, int Code, long From, long Until, bool Derived, bool RaiseLost = false,
    bool ClearLost = false);

/// <summary>What was truly wrong with a pile: what it reports, and the conditions behind the faults that nobody reports.</summary>
internal static class TruthFaults
{
    private const int RiseAbnormal = 106, Silent = 701, AirTooCold = 107;
    private const long StepMs = 5 * CityTime.SecondMs;
    private const long CoolMs = 12 * CityTime.MinuteMs;
    private const double HotC = 65, CooledC = 60, TooMuch = 1.1;

    /// <summary>What silence of a pile counts as one (three heartbeats).</summary>
    private const long SilentMs = 3 * Assumptions.HeartbeatS * CityTime.SecondMs;

    /// <summary>Those that began on a day.</summary>
    public static IEnumerable<FaultTruth> Of(int seed, PileTimeline timeline, int day)
    {
        var (from, until) = (CityTime.StartOf(day), CityTime.StartOf(day + 1));
        var ports = Enumerable.Range(1, Assumptions.PortsPerPile).ToList();
        return ports.SelectMany(timeline.FaultsOf)
            .Concat(timeline.Dark.Select(d => new PortFault(0, PortFault.MainsLoss, d.From, d.Until, Transient: false)))
            .Select(f => Reported(seed, timeline, f))
            .Concat(Silences(timeline))
            .Concat(ports.SelectMany(p => timeline.SessionsIn(p, from, until)).SelectMany(s => OfSession(timeline, s)))
            .Concat(ColdSpells.Of(from, until).Select(
                c => new FaultTruth(timeline.Pile.Id, 0, AirTooCold, c.From, c.Until, Derived: true)))
            .Where(f => f.From >= from && f.From < until);
    }

    private static FaultTruth Reported(int seed, PileTimeline timeline, PortFault fault)
    {
        bool Lost(long at) => timeline.IsRecordLost(seed, fault, at) || timeline.LostGaps.Any(g => g.Contains(at));
        return new FaultTruth(
            timeline.Pile.Id, fault.Port, fault.Code, fault.From, fault.Until, Derived: false, Lost(fault.From),
            Lost(fault.Until));
    }

    // Without mains nothing is measured, from a lost outbox nothing comes: the pile was not heard.
    private static IEnumerable<FaultTruth> Silences(PileTimeline timeline)
    {
        LinkGap? open = null;
        foreach (var gap in timeline.Dark.Concat(timeline.LostGaps).OrderBy(g => g.From).Append(new LinkGap(long.MaxValue, 0, 0)))
        {
            if (open is { } before && gap.From <= before.Until)
            {
                open = before with { Until = Math.Max(before.Until, gap.Until) };
                continue;
            }
            if (open is { } silence && silence.Until - silence.From > SilentMs)
            {
                yield return new FaultTruth(
                    timeline.Pile.Id, 0, Silent, silence.From + SilentMs, silence.Until, Derived: true);
            }
            open = gap;
        }
    }

    private static IEnumerable<FaultTruth> OfSession(PileTimeline timeline, Session session)
    {
        var pile = timeline.Pile.Id;
        if (session.Stop == StopReason.OverTemperature)
        {
            var trip = timeline.FaultsOf(session.Port).FirstOrDefault(f => f.From == session.End);
            yield return new FaultTruth(
                pile, session.Port, RiseAbnormal, Math.Max(session.Start, session.End - PortHeat.FeverMs),
                Math.Max(session.End, Math.Min(trip.Until, session.End + CoolMs)), Derived: true);
        }
        if (session.Stop == StopReason.OverTemperature || session.PlateauW > Assumptions.RatedPortPowerW / 2)
        {
            var hot = While(session, at => TempC(session, at) >= HotC, at => TempC(session, at) <= CooledC);
            var strong = While(
                session, at => session.PowerAt(at) > TooMuch * Assumptions.RatedPortPowerW,
                at => session.PowerAt(at) <= Assumptions.RatedPortPowerW);
            foreach (var (from, until) in hot)
            {
                yield return new FaultTruth(pile, session.Port, PortFault.OverTemperature, from, until, Derived: true);
            }
            foreach (var (from, until) in strong)
            {
                yield return new FaultTruth(pile, session.Port, PortFault.OverPower, from, until, Derived: true);
            }
        }
    }

    private static double TempC(Session session, long at) =>
        PortHeat.TempC(session, at, Weather.AmbientC(at), session.PowerAt(at));

    private static IEnumerable<(long From, long Until)> While(Session session, Func<long, bool> holds, Func<long, bool> ends)
    {
        long? since = null;
        for (var at = session.Start; at < session.End; at += StepMs)
        {
            if (since is null && holds(at))
            {
                since = at;
            }
            else if (since is { } from && ends(at))
            {
                yield return (from, at);
                since = null;
            }
        }
        if (since is { } last)
        {
            yield return (last, session.End);
        }
    }
}
