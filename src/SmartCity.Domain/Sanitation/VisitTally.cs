using System.Numerics;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Adds up the moments of one visit, which come in order of time.</summary>
internal sealed class VisitTally
{
    private HashSet<string>? tags;
    private Moment lastFix;
    private EvidenceGrade best = EvidenceGrade.D;
    private uint weakKinds;
    private int strokes;
    private double weighedKg;
    private double liftedKg;
    private bool hasWeight;
    private bool hasLiftWeight;

    public Instant? FirstFix { get; private set; }

    public Instant? LastFix => Fixes > 0 ? lastFix.Time : null;

    public Instant? FirstStop { get; private set; }

    /// <summary>The first lift or weight.</summary>
    public Instant? FirstWork { get; private set; }

    public TimeSpan Stopped { get; private set; }

    public int Fixes { get; private set; }

    public double? MinMetres { get; private set; }

    public int Tags => tags?.Count ?? 0;

    public int Lifts => Math.Max(Tags, strokes);

    /// <summary>What the scale said; only without it what came along with lifts, which may be the same rubbish.</summary>
    public double? NetKg => hasWeight ? weighedKg : hasLiftWeight ? liftedKg : null;

    public void Add(in Moment moment)
    {
        var grade = moment.Finding.GradeOf();
        best = grade > best ? grade : best;
        weakKinds |= grade == EvidenceGrade.C ? 1u << (int)moment.Finding : 0;
        if (moment.Finding.IsFix())
        {
            AddFix(moment);
        }
        if (moment.Finding.IsWork())
        {
            FirstWork ??= moment.Time;
        }
    }

    /// <summary>The grade, and whether one weak kind of proof is all there is.</summary>
    public (EvidenceGrade Grade, bool IsProbable) GradeOf(TimeSpan minDwell)
    {
        var hasDwelt = Stopped > TimeSpan.Zero && Stopped >= minDwell;
        var grade = hasDwelt && best < EvidenceGrade.B ? EvidenceGrade.B : best;
        return (grade, grade == EvidenceGrade.C && BitOperations.PopCount(weakKinds) == 1);
    }

    /// <summary>What a piece of evidence says beside its time.</summary>
    public void AddEvidence(Finding finding, in EvidenceRecord evidence)
    {
        if (finding == Finding.Tag)
        {
            (tags ??= new(StringComparer.Ordinal)).Add(evidence.Epc!);
        }
        if (finding is Finding.Lift or Finding.UnplacedLift)
        {
            strokes += Math.Max(1, evidence.Count ?? 1);
        }
        if (finding is Finding.Weight or Finding.UnplacedWeight)
        {
            (hasWeight, weighedKg) = (true, weighedKg + evidence.NetKg!.Value);
        }
        else if (evidence.NetKg is { } kg)
        {
            (hasLiftWeight, liftedKg) = (true, liftedKg + kg);
        }
    }

    private void AddFix(in Moment moment)
    {
        if (Fixes > 0 && lastFix.Finding.IsStop() && moment.Finding.IsStop() && lastFix.Episode == moment.Episode)
        {
            Stopped += moment.Time - lastFix.Time;
        }
        FirstFix ??= moment.Time;
        FirstStop ??= moment.Finding.IsStop() ? moment.Time : null;
        MinMetres = Math.Min(MinMetres ?? double.MaxValue, moment.Metres);
        Fixes++;
        lastFix = moment;
    }
}
