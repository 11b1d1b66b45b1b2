namespace SmartCity.Domain.Sanitation;

/// <summary>Counts and rates of verdicts. A rate is null when nothing is there to divide by.</summary>
/// <param name="Scheduled">S, all obligations.</param>
/// <param name="Cancelled">X</param>
/// <param name="Excused">K</param>
/// <param name="Open">Upcoming, pending and overdue.</param>
/// <param name="OnTime">O</param>
/// <param name="Early">Y</param>
/// <param name="Late">T</param>
/// <param name="Missed">M</param>
/// <param name="Undetermined">U</param>
/// <param name="Probable">Of the served, those that one weak piece of evidence proves.</param>
/// <param name="Substituted">Of the served, those by another truck than planned.</param>
/// <param name="FullDays">Point-days whose due windows are all on time.</param>
/// <param name="DaysDue">Point-days with a due window and no open one.</param>
/// <param name="Points">Points with an obligation.</param>
/// <param name="PointsDue">Points with a due one.</param>
/// <param name="PointsServed">Points with a served one.</param>
/// <param name="MaxGap">The longest time between two collections of one point, by their decision instants; null without two.</param>
/// <param name="LongestMissStreak">The most MISSED in a row at one point; only served ones end a streak.</param>
/// <param name="DeviationP50">Half of the served deviate by at most this: negative early, positive late.</param>
/// <param name="DeviationP90">Nine of ten of the served deviate by at most this.</param>
public sealed record ComplianceFigures(
    long Scheduled, long Cancelled, long Excused, long Open, long OnTime, long Early, long Late, long Missed, long Undetermined,
    long Probable, long Substituted, long FullDays, long DaysDue, long Points, long PointsDue, long PointsServed, TimeSpan? MaxGap,
    long LongestMissStreak, TimeSpan? DeviationP50, TimeSpan? DeviationP90)
{
    /// <summary>Of nothing at all.</summary>
    public static ComplianceFigures None { get; } = new ComplianceTally().ToFigures();

    /// <summary>Of the missed, those whose point was collected again within three days of the cutoff.</summary>
    public int MissesFollowed { get; init; }

    /// <summary>For half of those it took at most this, from the cutoff to the next visit that collected there, in a window or
    /// between.</summary>
    public TimeSpan? MissResponseP50 { get; init; }

    /// <summary>For nine of ten of those it took at most this.</summary>
    public TimeSpan? MissResponseP90 { get; init; }

    /// <summary>D = S - X - K - open.</summary>
    public long Due => Scheduled - Cancelled - Excused - Open;

    /// <summary>Served at all, O + Y + T.</summary>
    public long Served => OnTime + Early + Late;

    /// <summary>清运完成率: served / due.</summary>
    public double? CompletionRate => Ratio(Served, Due);

    /// <summary>及时率: on time / due.</summary>
    public double? OnTimeRate => Ratio(OnTime, Due);

    /// <summary>漏收率: missed / due.</summary>
    public double? MissedRate => Ratio(Missed, Due);

    /// <summary>Served / due, leaving out what nobody could see.</summary>
    public double? CompletionRateDetermined => Ratio(Served, Due - Undetermined);

    /// <summary>On time / due, leaving out what nobody could see.</summary>
    public double? OnTimeRateDetermined => Ratio(OnTime, Due - Undetermined);

    /// <summary>三清达标率: point-days on time in every due window / point-days due.</summary>
    public double? FullDayCompliance => Ratio(FullDays, DaysDue);

    /// <summary>Points served / points due.</summary>
    public double? Coverage => Ratio(PointsServed, PointsDue);

    /// <summary>Share of the due ones of which we know what happened.</summary>
    public double? Completeness => Ratio(Due - Undetermined, Due);

    /// <summary>Where <see cref="CompletionRate"/> may lie.</summary>
    public WilsonInterval? CompletionInterval => WilsonInterval.Of(Served, Due);

    /// <summary>Where <see cref="OnTimeRate"/> may lie.</summary>
    public WilsonInterval? OnTimeInterval => WilsonInterval.Of(OnTime, Due);

    /// <summary>Where <see cref="MissedRate"/> may lie.</summary>
    public WilsonInterval? MissedInterval => WilsonInterval.Of(Missed, Due);

    /// <summary>Where <see cref="FullDayCompliance"/> may lie.</summary>
    public WilsonInterval? FullDayInterval => WilsonInterval.Of(FullDays, DaysDue);

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
