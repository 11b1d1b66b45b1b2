namespace SmartCity.Domain.Sanitation;

/// <summary>Adds up the outcomes of one row, which come by point, then by start.</summary>
internal sealed class ComplianceTally
{
    private readonly long[] verdicts = new long[(int)Verdict.Cancelled + 1];
    private readonly List<TimeSpan> deviations = [];
    private string? point;
    private DateOnly day;
    private bool isPointDue;
    private bool isPointServed;
    private long dayDue;
    private long dayOnTime;
    private long dayOpen;
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
            (point, day) = (obligation.Point.Id, obligation.ServiceDate);
            points++;
        }
        else if (day != obligation.ServiceDate)
        {
            EndDay();
            day = obligation.ServiceDate;
        }
        verdicts[(int)outcome.Verdict]++;
        AddToDay(outcome.Verdict);
        AddToStreak(outcome.Verdict);
        maxGap = gap > (maxGap ?? TimeSpan.Zero) ? gap : maxGap;
        if (outcome.Deviation is { } deviation)
        {
            deviations.Add(deviation);
            probable += outcome.Probable ? 1 : 0;
            substituted += outcome.Substituted ? 1 : 0;
        }
    }

    public ComplianceFigures ToFigures()
    {
        EndPoint();
        deviations.Sort();
        return new ComplianceFigures(
            verdicts.Sum(), Count(Verdict.Cancelled), Count(Verdict.Excused),
            Count(Verdict.Upcoming) + Count(Verdict.Pending) + Count(Verdict.Overdue), Count(Verdict.OnTime), Count(Verdict.Early),
            Count(Verdict.Late), Count(Verdict.Missed), Count(Verdict.Undetermined), probable, substituted, fullDays, daysDue, points,
            pointsDue, pointsServed, maxGap, longestStreak, Percentile(50), Percentile(90));
    }

    private long Count(Verdict verdict) => verdicts[(int)verdict];

    private void AddToDay(Verdict verdict)
    {
        dayOpen += verdict is Verdict.Upcoming or Verdict.Pending or Verdict.Overdue ? 1 : 0;
        dayOnTime += verdict == Verdict.OnTime ? 1 : 0;
        var isServed = verdict is Verdict.OnTime or Verdict.Early or Verdict.Late;
        dayDue += isServed || verdict is Verdict.Missed or Verdict.Undetermined ? 1 : 0;
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

    private void EndDay()
    {
        if (dayDue > 0 && dayOpen == 0)
        {
            daysDue++;
            fullDays += dayOnTime == dayDue ? 1 : 0;
        }
        isPointDue |= dayDue > 0;
        (dayDue, dayOnTime, dayOpen) = (0, 0, 0);
    }

    private void EndPoint()
    {
        EndDay();
        pointsDue += isPointDue ? 1 : 0;
        pointsServed += isPointServed ? 1 : 0;
        (isPointDue, isPointServed, streak) = (false, false, 0);
    }

    /// <summary>The smallest deviation that so many of a hundred served do not exceed.</summary>
    private TimeSpan? Percentile(int percent) =>
        deviations.Count == 0 ? null : deviations[(((deviations.Count * percent) + 99) / 100) - 1];
}
