using System.Runtime.InteropServices;

namespace SmartCity.Domain.Sanitation;

/// <summary>Adds up the outcomes of one row, which come by point, then by start.</summary>
internal sealed class ComplianceTally
{
    private readonly long[] verdicts = new long[(int)Verdict.Cancelled + 1];
    private readonly List<TimeSpan> deviations = [];
    private readonly List<TimeSpan> responses = [];
    // Of the point at hand. A window that an exception moved may stand among those of another date.
    private readonly Dictionary<DateOnly, PointDay> days = [];
    private string? point;
    private bool isPointServed;
    private long streak;
    private long longestStreak;
    private long probable;
    private long substituted;
    private long fullDays;
    private long daysDue;
    private long points;
    private long pointsDue;
    private long pointsServed;
    private TimeSpan? maxGap;

    /// <param name="gap">Since the collection of the point before this one; null when there is none.</param>
    public void Add(ObligationOutcome outcome, TimeSpan? gap)
    {
        var obligation = outcome.Obligation;
        if (point != obligation.Point.Id)
        {
            EndPoint();
            point = obligation.Point.Id;
            points++;
        }
        verdicts[(int)outcome.Verdict]++;
        AddToDay(obligation.ServiceDate, outcome.Verdict);
        AddToStreak(outcome.Verdict);
        maxGap = gap > (maxGap ?? TimeSpan.Zero) ? gap : maxGap;
        if (outcome.Deviation is { } deviation)
        {
            deviations.Add(deviation);
            probable += outcome.Probable ? 1 : 0;
            substituted += outcome.Substituted ? 1 : 0;
        }
    }

    /// <summary>Adds how long after the cutoff of a missed one its point was served again.</summary>
    public void AddResponse(TimeSpan response) => responses.Add(response);

    public ComplianceFigures ToFigures()
    {
        EndPoint();
        deviations.Sort();
        responses.Sort();
        return new ComplianceFigures(
            verdicts.Sum(), Count(Verdict.Cancelled), Count(Verdict.Excused),
            Count(Verdict.Upcoming) + Count(Verdict.Pending) + Count(Verdict.Overdue), Count(Verdict.OnTime), Count(Verdict.Early),
            Count(Verdict.Late), Count(Verdict.Missed), Count(Verdict.Undetermined), probable, substituted, fullDays, daysDue, points,
            pointsDue, pointsServed, maxGap, longestStreak, Percentile(deviations, 50), Percentile(deviations, 90))
        {
            MissesFollowed = responses.Count,
            MissResponseP50 = Percentile(responses, 50),
            MissResponseP90 = Percentile(responses, 90),
        };
    }

    private long Count(Verdict verdict) => verdicts[(int)verdict];

    private void AddToDay(DateOnly date, Verdict verdict)
    {
        var isServed = verdict is Verdict.OnTime or Verdict.Early or Verdict.Late;
        ref var day = ref CollectionsMarshal.GetValueRefOrAddDefault(days, date, out _);
        day.IsOpen |= verdict is Verdict.Upcoming or Verdict.Pending or Verdict.Overdue;
        day.OnTime += verdict == Verdict.OnTime ? 1 : 0;
        day.Due += isServed || verdict is Verdict.Missed or Verdict.Undetermined ? 1 : 0;
        isPointServed |= isServed;
    }

    /// <summary>Excused, undetermined, cancelled and open ones neither extend nor end a streak.</summary>
    private void AddToStreak(Verdict verdict)
    {
        streak = verdict switch
        {
            Verdict.Missed => streak + 1,
            Verdict.OnTime or Verdict.Early or Verdict.Late => 0,
            _ => streak,
        };
        longestStreak = Math.Max(longestStreak, streak);
    }

    private void EndPoint()
    {
        var isPointDue = false;
        foreach (var day in days.Values)
        {
            isPointDue |= day.Due > 0;
            daysDue += day is { Due: > 0, IsOpen: false } ? 1 : 0;
            fullDays += day is { Due: > 0, IsOpen: false } && day.OnTime == day.Due ? 1 : 0;
        }
        pointsDue += isPointDue ? 1 : 0;
        pointsServed += isPointServed ? 1 : 0;
        (isPointServed, streak) = (false, 0);
        days.Clear();
    }

    /// <summary>The smallest that so many of a hundred do not exceed.</summary>
    private static TimeSpan? Percentile(List<TimeSpan> sorted, int percent) =>
        sorted.Count == 0 ? null : sorted[(((sorted.Count * percent) + 99) / 100) - 1];

    private record struct PointDay(int Due, int OnTime, bool IsOpen);
}
