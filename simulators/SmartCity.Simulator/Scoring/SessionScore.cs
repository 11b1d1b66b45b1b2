using System.Globalization;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using Session = SmartCity.Protocol.V1.Session;

namespace SmartCity.Simulator.Scoring;

/// <summary>Sessions against those that took place, by their ids.</summary>
internal sealed class SessionScore
{
    private const double SameWh = 1;
    private readonly TruthLines truth;

    public SessionScore(TruthLines truth, ServerAnswers answers)
    {
        this.truth = truth;
        var said = answers.Sessions.ToDictionary(s => (s.PileId, s.Port, s.SessionId));
        Said = said.Count;
        foreach (var session in truth.Sessions)
        {
            if (said.Remove((session.Pile, session.Port, session.Id), out var own))
            {
                Compare(session, own);
            }
            else
            {
                Add("took place, said nothing", CauseOf(session), session.Pile, session.Port, session.Start);
            }
        }
        foreach (var extra in said.Values)
        {
            var at = FaultScore.Ms(extra.StartTime);
            Add("none, said one", OfExtra(extra, at), extra.PileId, extra.Port, at);
        }
    }

    public List<Disagreement> Disagreements { get; } = [];

    public int Said { get; }

    public int Found { get; private set; }

    public double TrueWh => truth.Sessions.Sum(s => s.EnergyWh);

    public double SaidWh { get; private set; }

    /// <summary>Wh.</summary>
    public Spread Energies { get; } = new();

    /// <summary>s.</summary>
    public Spread Starts { get; } = new();

    private void Compare(TrueSession session, Session own)
    {
        Found++;
        SaidWh += own.EnergyWh;
        Energies.Add(own.EnergyWh - session.EnergyWh);
        Starts.Add((FaultScore.Ms(own.StartTime) - session.Start) / 1000.0);
        if (Math.Abs(own.EnergyWh - session.EnergyWh) > SameWh)
        {
            var what = own.EnergyWh < session.EnergyWh ? "less energy than flowed" : "more energy than flowed";
            Add(what, CauseOf(session), session.Pile, session.Port, session.Start);
        }
    }

    private string CauseOf(TrueSession session) => session.Settled >= truth.Until ? "its account came after the data's end"
        : truth.IsBlind(session.Pile, session.Start, session.Settled + CityTime.MinuteMs) ? "what the pile measured was lost"
        : DeviceClock.OffsetOf(session.Pile, 0) != 0 && Edge(session.Start) ? "the pile's clock is wrong"
        : Disagreement.Unexplained;

    private string OfExtra(Session extra, long at) => at - truth.From < CityTime.DayMs && IdStart(extra) < truth.From
        ? "began before the data, and only its end is in them"
        : DeviceClock.OffsetOf(extra.PileId, 0) != 0 && Edge(at) ? "the pile's clock is wrong" : Disagreement.Unexplained;

    // The simulated piles number their sessions by the second of their start.
    private static long IdStart(Session session) => CityTime.SecondMs * long.Parse(
        session.SessionId[(session.SessionId.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture);

    private bool Edge(long at) => Math.Min(Math.Abs(at - truth.From), Math.Abs(at - truth.Until)) < 15 * CityTime.MinuteMs;

    private void Add(string what, string why, string pile, int port, long at) =>
        Disagreements.Add(new Disagreement(what, why, $"{pile}/{port} {Moment.Words(at)}"));
}
