using System.Globalization;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Scoring;

/// <summary>Occupied time and energy against the truth, for each port on each day.</summary>
internal sealed class UseScore
{
    private const double SameS = 60;
    private readonly TruthLines truth;
    private readonly ILookup<string, TrueFault> faults;

    public UseScore(TruthLines truth, ServerAnswers answers)
    {
        this.truth = truth;
        faults = truth.Faults.ToLookup(f => f.Pile);
        var real = truth.Ports.ToDictionary(p => ($"{p.Pile}/{p.Port}", p.Date));
        foreach (var row in answers.Days)
        {
            var day = CityTime.DayOf(FaultScore.Ms(row.Key.BucketFrom));
            var date = CityTime.DateOf(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            Compare(real[(row.Key.GroupId, date)], row, day);
        }
        TrueOccupancy = truth.Ports.Sum(p => p.OccupiedS) / truth.Ports.Sum(p => p.LitS);
        SaidOccupancy = answers.Total.Occupancy;
        Coverage = answers.Total.Coverage;
        TrueWh = truth.Ports.Sum(p => p.EnergyWh);
        SaidWh = answers.Total.EnergyWh;
    }

    public List<Disagreement> Disagreements { get; } = [];

    /// <summary>Occupied of the time with mains; nobody plugs in without.</summary>
    public double TrueOccupancy { get; }

    public double SaidOccupancy { get; }

    public double Coverage { get; }

    public double TrueWh { get; }

    public double SaidWh { get; }

    /// <summary>Occupied seconds of a port and day.</summary>
    public Spread PortDays { get; } = new();

    private void Compare(TruePort real, UtilizationRow row, int day)
    {
        var error = row.OccupiedSeconds - real.OccupiedS;
        PortDays.Add(error);
        if (Math.Abs(error) > SameS)
        {
            Disagreements.Add(new Disagreement(
                error < 0 ? "less occupied than it was" : "more occupied than it was", CauseOf(real, day),
                $"{real.Pile}/{real.Port} {real.Date}"));
        }
    }

    private string CauseOf(TruePort port, int day)
    {
        var (from, until) = (CityTime.StartOf(day), CityTime.StartOf(day + 1));
        bool OfPort(TrueFault f) => !f.Derived && (f.Port == port.Port || f.Port == 0);
        return truth.IsBlind(port.Pile, from - CityTime.HourMs, until) ? "what the pile measured was lost"
            : faults[port.Pile].Any(f => OfPort(f) && f.ClearLost && f.Until < until) ? "FAULTED still: a CLEARED was lost"
            : faults[port.Pile].Any(f => OfPort(f) && f.From < until && f.Until > from && f.RaiseLost)
                ? "not FAULTED: a RAISED was lost"
            : DeviceClock.OffsetOf(port.Pile, day) != 0 ? "the pile's clock is wrong"
            : faults[port.Pile].Any(f => OfPort(f) && f.From < until && f.Until > from) ? "FAULTED with the plug in"
            : Disagreement.Unexplained;
    }
}
