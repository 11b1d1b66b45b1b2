using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Scoring;

/// <summary>Why a fault differs from the truth, as far as the truth tells.</summary>
internal sealed class FaultCause
{
    private const long EdgeMs = 15 * CityTime.MinuteMs, SessionMs = 12 * CityTime.HourMs;
    private const long HeartbeatMs = Assumptions.HeartbeatS * CityTime.SecondMs;
    private const double HeavyW = 450, NearlyTooMuchW = 850;
    private readonly TruthLines truth;
    private readonly ILookup<(string Pile, int Port), TrueSession> sessions;
    private readonly ILookup<(string Pile, int Port, int Code, bool Derived), TrueFault> real;
    private readonly ILookup<(string Pile, int Port, int Code, bool Derived), Fault> said;

    public FaultCause(TruthLines truth, ServerAnswers answers)
    {
        this.truth = truth;
        sessions = truth.Sessions.ToLookup(s => (s.Pile, s.Port));
        real = truth.Faults.ToLookup(f => (f.Pile, f.Port, f.Code, f.Derived));
        said = answers.Faults.ToLookup(f => (f.PileId, f.Port, f.Code, f.Derived));
    }

    /// <summary>A fault that the server does not count.</summary>
    public string OfMissing(TrueFault fault, Fault? own)
    {
        if (fault.RaiseLost)
        {
            return "its RAISED was lost";
        }
        if (said[(fault.Pile, fault.Port, fault.Code, fault.Derived)].Any(s => FaultScore.Ms(s.RaisedTime) < fault.From
            && (s.ClearedTime is null || FaultScore.Ms(s.ClearedTime) >= fault.From)))
        {
            return "one with an earlier fault whose CLEARED was lost";
        }
        if (truth.IsBlind(fault.Pile, fault.From, fault.Until))
        {
            return "what the pile measured was lost";
        }
        if (fault.From > truth.Until - EdgeMs)
        {
            return "the data end before it can be known";
        }
        if (Charging(fault.Pile, fault.Code == 107 ? 0 : fault.Port, fault.From, fault.Until) is false)
        {
            return "nothing was charging, so nothing was measured";
        }
        if (own is null && fault.Code == 107)
        {
            return "measured too seldom in the cold";
        }
        var span = fault.Until - fault.From - Debounces.Of(fault.Code);
        return fault.Derived && span < (fault.Code == 106 ? 3 : 1) * Assumptions.MeterS * CityTime.SecondMs
            ? "shorter than the samples are apart" : own is not null ? "the debounce's edge" : Disagreement.Unexplained;
    }

    /// <summary>A fault that nothing was wrong for.</summary>
    public string OfExtra(Fault extra)
    {
        var (from, until) = (FaultScore.Ms(extra.RaisedTime), extra.ClearedTime is { } c ? FaultScore.Ms(c) : long.MaxValue);
        if (real[(extra.PileId, extra.Port, extra.Code, extra.Derived)].Any(f => f.From < until && f.Until > from))
        {
            return "one fault in two pieces: not measured in between";
        }
        if (DeviceClock.OffsetOf(extra.PileId, 0) != 0)
        {
            return "the pile's clock is wrong";
        }
        if (from - truth.From < SessionMs && extra.Port > 0 && !Measured(extra.PileId, extra.Port, from, from + 1))
        {
            return "in a session that began before the data";
        }
        return extra.Code switch
        {
            106 when Heavy(extra, from) => "a heavy load (modified battery) warms the socket",
            204 when Sessions(extra.PileId, extra.Port).Any(s => s.Start <= from && s.End >= from && s.PlateauW > NearlyTooMuchW)
                => "within the meter's error of the threshold",
            107 when Weather.AmbientC(from) is < -9 and > -11 => "the air was within 1 K of the threshold",
            701 when Silence(extra.PileId, from, until) => "lost data and the heartbeats around them: longer than what was lost",
            705 when Sessions(extra.PileId, extra.Port).Count(s => s.Start > from - EdgeMs && s.Start < from + EdgeMs) > 1
                => "two short sessions follow each other",
            _ => Disagreement.Unexplained,
        };
    }

    /// <summary>A fault that is over, but open for the server.</summary>
    public string OfOpen(TrueFault fault) => fault.ClearLost ? "its CLEARED was lost"
        : fault.Until > truth.Until - EdgeMs ? "the data end before it can be known" : Disagreement.Unexplained;

    /// <summary>A transient that the server counts.</summary>
    public string OfTransient(TrueFault fault) => fault.ClearLost ? "its CLEARED was lost"
        : fault.Until > truth.Until - EdgeMs ? "the data end before it can be known"
        : fault.Derived ? "held between samples: longer than it lasted" : Disagreement.Unexplained;

    private bool? Charging(string pile, int port, long from, long until) =>
        port == 0 ? Enumerable.Range(1, Assumptions.PortsPerPile).Any(p => Measured(pile, p, from, until)) : null;

    private bool Measured(string pile, int port, long from, long until) =>
        Sessions(pile, port).Any(s => s.Start < until && s.End > from);

    private bool Heavy(Fault fault, long at) =>
        Sessions(fault.PileId, fault.Port).Any(s => s.PlateauW >= HeavyW && s.Start <= at && s.End >= at);

    private bool Silence(string pile, long from, long until) => truth.IsBlind(pile, from - EdgeMs, until)
        || real[(pile, 0, 209, false)].Any(f => f.From < until && f.Until + HeartbeatMs > from);

    private IEnumerable<TrueSession> Sessions(string pile, int port) => sessions[(pile, port)];
}
