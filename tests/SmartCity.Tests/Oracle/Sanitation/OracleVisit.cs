using SmartCity.Domain.Sanitation;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>A moment of a visit: a fix inside, or evidence.</summary>
/// <param name="Stay">Which stay the fix belongs to; -1 for evidence.</param>
internal sealed record OracleMark(long At, Shown Shown, int Stay, string? Tag, int Strokes);

/// <summary>One truck at one point, by what is known of it.</summary>
/// <param name="Truck">Empty when only the point's sensors tell of it.</param>
internal sealed record OracleVisit(string Truck, string PointId, List<OracleMark> Marks, long? Left)
{
    public VisitRole Role { get; set; }

    public string? DueId { get; set; }

    public int Completeness { get; set; }

    public long MinDwellMs { get; init; }

    /// <summary>The marks of the visit that it was cut from; null: it was not cut.</summary>
    public List<OracleMark>? Whole { get; init; }

    /// <summary>The first fix inside, of a visit without fixes the first evidence.</summary>
    public long First => Fixes.Any() ? Fixes.Min(f => f.At) : Marks.Min(m => m.At);

    /// <summary>The last fix inside, of a visit without fixes the last evidence.</summary>
    public long Last => Fixes.Any() ? Fixes.Max(f => f.At) : Marks.Max(m => m.At);

    public bool HasFixes => Fixes.Any();

    private IEnumerable<OracleMark> Fixes => Marks.Where(m => m.Stay >= 0);

    /// <summary>Rule 9.</summary>
    public long Decision =>
        Earliest(m => m.Shown is >= Shown.Tag and <= Shown.UnplacedLift)
        ?? Earliest(m => m.Shown is Shown.Stop or Shown.LoneStop) ?? First;

    /// <summary>Different tags that were read.</summary>
    public int Tags => Marks.Where(m => m.Tag is not null).Select(m => m.Tag).Distinct().Count();

    public int Lifts => Math.Max(Tags, Marks.Sum(m => m.Strokes));

    public long StoppedMs
    {
        get
        {
            var fixes = Fixes.ToList();
            return fixes.Zip(fixes.Skip(1)).Where(p => p.First.Stay == p.Second.Stay && IsStop(p.First) && IsStop(p.Second))
                .Sum(p => p.Second.At - p.First.At);
        }
    }

    public EvidenceGrade Grade
    {
        get
        {
            if (Marks.Any(m => m.Shown is Shown.Tag or Shown.Weight))
            {
                return EvidenceGrade.A;
            }
            if (Marks.Any(m => m.Shown is Shown.Lift or Shown.Accepted)
                || (Marks.Any(m => m.Shown == Shown.Stop) && StoppedMs >= MinDwellMs))
            {
                return EvidenceGrade.B;
            }
            return WeakKinds > 0 ? EvidenceGrade.C : EvidenceGrade.D;
        }
    }

    public bool Probable => Grade == EvidenceGrade.C && WeakKinds == 1;

    private int WeakKinds => Marks.Select(m => m.Shown)
        .Where(s => s is Shown.LoneStop or Shown.UnplacedWeight or Shown.UnplacedLift or Shown.Manual or Shown.Photo or Shown.FillDrop)
        .Distinct().Count();

    /// <summary>How far in time a span lies from it; null when too far to belong to it.</summary>
    public long? DistanceOf(long from, long until)
    {
        var distance = until < First ? First - until : from > Math.Max(Last, Left ?? Last) ? from - Last : 0;
        return distance <= 180_000 ? distance : null;
    }

    private static bool IsStop(OracleMark mark) => mark.Shown is Shown.Stop or Shown.LoneStop;

    private long? Earliest(Func<OracleMark, bool> choose) => Marks.Where(choose).Select(m => (long?)m.At).Min();
}
