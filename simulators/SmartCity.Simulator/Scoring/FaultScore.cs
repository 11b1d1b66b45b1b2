using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Scoring;

/// <summary>A true fault and the server's that belongs to it.</summary>
internal readonly record struct FaultPair(TrueFault True, Fault Said);

/// <summary>The faults of one code from one source: reported by devices, or found by the server.</summary>
internal sealed class CodeScore(int code, bool derived)
{
    public int Code => code;

    public bool Derived => derived;

    /// <summary>Faults that lasted for their debounce.</summary>
    public int True { get; set; }

    /// <summary>Those that the server counts.</summary>
    public int Said { get; set; }

    /// <summary>Those that are the same.</summary>
    public int Right { get; set; }

    /// <summary>Faults shorter than their debounce, and how many of them the server counts.</summary>
    public (int True, int Counted) Transients { get; set; }

    public Spread Begins { get; } = new();

    public Spread Ends { get; } = new();

    public double? Precision => Said == 0 ? null : Right / (double)Said;

    public double? Recall => True == 0 ? null : Right / (double)True;
}

/// <summary>Faults against what was truly wrong, by code and source.</summary>
internal sealed class FaultScore
{
    // Wide enough for a clock that is seven minutes off.
    private const long SlackMs = 15 * CityTime.MinuteMs;

    private readonly SortedDictionary<(bool Derived, int Code), CodeScore> codes = [];
    private readonly TruthLines truth;
    private readonly FaultCause cause;

    public FaultScore(TruthLines truth, ServerAnswers answers)
    {
        this.truth = truth;
        cause = new FaultCause(truth, answers);
        var real = truth.Faults.ToLookup(f => (f.Pile, f.Port, f.Code, f.Derived));
        var said = answers.Faults.Where(f => Ms(f.RaisedTime) >= truth.From && Ms(f.RaisedTime) < truth.Until)
            .ToLookup(f => (f.PileId, f.Port, f.Code, f.Derived));
        foreach (var key in real.Select(g => g.Key).Union(said.Select(g => g.Key)).Order())
        {
            Compare(
                [.. real[key].OrderBy(f => f.From)], [.. said[key].OrderBy(f => f.RaisedTime)], ScoreOf(key.Code, key.Derived));
        }
    }

    public IEnumerable<CodeScore> Codes => codes.Values;

    public List<Disagreement> Disagreements { get; } = [];

    /// <summary>All reported faults, or all derived ones, in one.</summary>
    public (double? Precision, double? Recall) Of(bool derived)
    {
        var all = codes.Values.Where(c => c.Derived == derived).ToList();
        var (right, said, real) = (all.Sum(c => c.Right), all.Sum(c => c.Said), all.Sum(c => c.True));
        return (said == 0 ? null : right / (double)said, real == 0 ? null : right / (double)real);
    }

    public static long Ms(Google.Protobuf.WellKnownTypes.Timestamp at) => at.ToDateTimeOffset().ToUnixTimeMilliseconds();

    private CodeScore ScoreOf(int code, bool derived)
    {
        if (!codes.TryGetValue((derived, code), out var score))
        {
            codes[(derived, code)] = score = new CodeScore(code, derived);
        }
        return score;
    }

    private void Compare(List<TrueFault> real, List<Fault> said, CodeScore score)
    {
        foreach (var fault in real)
        {
            // A condition that begins near a threshold is a transient or two before it is a fault.
            var own = said.Where(s => Belongs(fault, s)).OrderBy(s => s.Transient && Counts(fault))
                .ThenBy(s => Math.Abs(Ms(s.RaisedTime) - fault.From)).FirstOrDefault();
            if (own is not null)
            {
                said.Remove(own);
            }
            Count(fault, own, score);
        }
        foreach (var extra in said.Where(s => !s.Transient))
        {
            score.Said++;
            Add(score, "no fault, said one", cause.OfExtra(extra), extra.PileId, extra.Port, Ms(extra.RaisedTime));
        }
    }

    private void Count(TrueFault fault, Fault? own, CodeScore score)
    {
        var counts = Counts(fault);
        var counted = own is { Transient: false };
        score.True += counts ? 1 : 0;
        score.Said += counted ? 1 : 0;
        score.Right += counts && counted ? 1 : 0;
        if (!counts)
        {
            score.Transients = (score.Transients.True + 1, score.Transients.Counted + (counted ? 1 : 0));
        }
        if (counts && counted)
        {
            score.Begins.Add((Ms(own!.RaisedTime) - fault.From) / 1000.0);
            if (own.ClearedTime is { } cleared && fault.Until < truth.Until)
            {
                score.Ends.Add((Ms(cleared) - fault.Until) / 1000.0);
            }
            else if (fault.Until < truth.Until)
            {
                Add(score, "over, said open", cause.OfOpen(fault), fault.Pile, fault.Port, fault.From);
            }
        }
        else if (counts)
        {
            var what = own is null ? "fault, said none" : "fault, said transient";
            Add(score, what, cause.OfMissing(fault, own), fault.Pile, fault.Port, fault.From);
        }
        else if (counted)
        {
            Add(score, "transient, said fault", cause.OfTransient(fault), fault.Pile, fault.Port, fault.From);
        }
    }

    private static bool Counts(TrueFault fault) => fault.Until - fault.From >= Debounces.Of(fault.Code);

    // What a device says has a beginning; what the server finds may well have begun while nobody measured.
    private static bool Belongs(TrueFault fault, Fault said) => Ms(said.RaisedTime) <= fault.Until + SlackMs
        && (said.ClearedTime is null || Ms(said.ClearedTime) >= fault.From - SlackMs)
        && (fault.Derived || Ms(said.RaisedTime) >= fault.From - SlackMs);

    private void Add(CodeScore score, string what, string why, string pile, int port, long at) =>
        Disagreements.Add(new Disagreement(
            $"{score.Code}{(score.Derived ? " derived" : "")}: {what}", why, $"{pile}/{port} {Moment.Words(at)}"));
}
