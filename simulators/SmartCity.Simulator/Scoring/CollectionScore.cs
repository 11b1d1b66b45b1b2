using SmartCity.Protocol.V1;

namespace SmartCity.Simulator.Scoring;

/// <summary>Verdicts against what truly happened at the points.</summary>
internal sealed class CollectionScore
{
    /// <summary>The verdicts that the truth can have, had everybody seen everything.</summary>
    public static readonly Verdict[] Truths = [Verdict.OnTime, Verdict.Early, Verdict.Late, Verdict.Missed];

    private readonly Dictionary<(Verdict True, Verdict Said), int> cells = [];
    private readonly TruthLines truth;
    private readonly Dictionary<long, List<(long From, long Until)>> windows;

    public CollectionScore(TruthLines truth, ServerAnswers answers)
    {
        this.truth = truth;
        windows = truth.Obligations.GroupBy(o => Day(o.WindowFrom)).ToDictionary(
            d => d.Key, d => d.Select(o => (o.WindowFrom, o.WindowUntil)).Distinct().Order().ToList());
        var said = answers.Obligations.ToDictionary(o => o.ObligationId);
        foreach (var obligation in truth.Obligations)
        {
            if (!said.Remove(obligation.Id, out var answer))
            {
                Absent++;
                Disagreements.Add(new Disagreement("due, said nothing", Disagreement.Unexplained, obligation.Id));
                continue;
            }
            Compare(obligation, answer, answers);
        }
        foreach (var extra in said.Keys)
        {
            Disagreements.Add(new Disagreement("not due, said due", Disagreement.Unexplained, extra));
        }
    }

    public List<Disagreement> Disagreements { get; } = [];

    /// <summary>Obligations that the server does not know.</summary>
    public int Absent { get; private set; }

    /// <summary>Collected, and within acceptance, but called MISSED.</summary>
    public int ServedCalledMissed => Truths.Where(t => t != Verdict.Missed).Sum(t => Cell(t, Verdict.Missed));

    /// <summary>UNDETERMINED, although nothing of the trucks concerned was lost.</summary>
    public int NeedlessDoubts => Disagreements.Count(d => d.What.EndsWith("said UNDETERMINED", StringComparison.Ordinal)
        && d.Cause == Disagreement.Unexplained);

    /// <summary>How far the server's decision instant is from the first lift, where both say that it was served, s.</summary>
    public Spread Instants { get; } = new();

    public (int Right, int True, int Said) Substituted { get; private set; }

    public int Cell(Verdict real, Verdict said) => cells.GetValueOrDefault((real, said));

    public int TrueCount(Verdict real) => cells.Where(c => c.Key.True == real).Sum(c => c.Value);

    public int SaidCount(Verdict said) => cells.Where(c => c.Key.Said == said).Sum(c => c.Value);

    /// <summary>Right of what was said; null when it was never said.</summary>
    public double? Precision(Verdict verdict) => Ratio(Cell(verdict, verdict), SaidCount(verdict));

    /// <summary>Right of what was true; what was left undetermined counts as not found.</summary>
    public double? Recall(Verdict verdict) => Ratio(Cell(verdict, verdict), TrueCount(verdict));

    private void Compare(TrueObligation obligation, Obligation answer, ServerAnswers answers)
    {
        var real = Acceptance.Of(obligation, WindowsOf(obligation));
        var said = answer.Verdict;
        cells[(real, said)] = Cell(real, said) + 1;
        if (real != Verdict.Missed && answer.PrimaryVisit is { } visit)
        {
            Instants.Add((visit.DecisionTime.ToDateTimeOffset().ToUnixTimeMilliseconds() - obligation.At!.Value) / 1000.0);
            var substituted = !obligation.Planned.Contains(obligation.Truck);
            Substituted = (
                Substituted.Right + (substituted && answer.Substituted ? 1 : 0), Substituted.True + (substituted ? 1 : 0),
                Substituted.Said + (answer.Substituted ? 1 : 0));
        }
        if (real != said)
        {
            var acceptance = Acceptance.Interval(obligation, WindowsOf(obligation));
            var cause = new CollectionCause(truth, obligation, answer, answers.Doubts, acceptance);
            Disagreements.Add(new Disagreement($"{Name(real)}, said {Name(said)}", cause.Find(real, said), obligation.Id));
        }
    }

    private List<(long From, long Until)> WindowsOf(TrueObligation obligation) => windows[Day(obligation.WindowFrom)];

    public static string Name(Verdict verdict) => verdict switch
    {
        Verdict.OnTime => "ON_TIME", _ => verdict.ToString().ToUpperInvariant(),
    };

    private static long Day(long at) => District.CityTime.DayOf(at);

    private static double? Ratio(int part, int whole) => whole == 0 ? null : part / (double)whole;
}
