using SmartCity.Domain.Sanitation;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Figures as rows of an answer.</summary>
internal static class ComplianceRows
{
    public static ComplianceRow Of(RowKey? key, ComplianceFigures figures)
    {
        var row = new ComplianceRow
        {
            Key = key,
            Scheduled = figures.Scheduled,
            Cancelled = figures.Cancelled,
            Excused = figures.Excused,
            Open = figures.Open,
            Due = figures.Due,
            OnTime = figures.OnTime,
            Early = figures.Early,
            Late = figures.Late,
            Missed = figures.Missed,
            Undetermined = figures.Undetermined,
            Probable = figures.Probable,
            Substituted = figures.Substituted,
            FullDays = figures.FullDays,
            DaysDue = figures.DaysDue,
            Points = figures.Points,
            PointsServed = figures.PointsServed,
            LongestMissStreak = figures.LongestMissStreak,
            CompletionInterval = IntervalOf(figures.CompletionInterval),
            OnTimeInterval = IntervalOf(figures.OnTimeInterval),
            MissedInterval = IntervalOf(figures.MissedInterval),
            FullDayInterval = IntervalOf(figures.FullDayInterval),
            MissesFollowed = figures.MissesFollowed,
        };
        SetRates(row, figures);
        return row;
    }

    private static void SetRates(ComplianceRow row, ComplianceFigures figures)
    {
        Set(figures.MaxGap?.TotalHours, v => row.MaxGapHours = v);
        Set(figures.CompletionRate, v => row.CompletionRate = v);
        Set(figures.OnTimeRate, v => row.OnTimeRate = v);
        Set(figures.MissedRate, v => row.MissedRate = v);
        Set(figures.CompletionRateDetermined, v => row.CompletionRateDetermined = v);
        Set(figures.OnTimeRateDetermined, v => row.OnTimeRateDetermined = v);
        Set(figures.FullDayCompliance, v => row.FullDayCompliance = v);
        Set(figures.Coverage, v => row.Coverage = v);
        Set(figures.DeviationP50?.TotalSeconds, v => row.DeviationP50S = v);
        Set(figures.DeviationP90?.TotalSeconds, v => row.DeviationP90S = v);
        Set(figures.MissResponseP50?.TotalSeconds, v => row.MissResponseP50S = v);
        Set(figures.MissResponseP90?.TotalSeconds, v => row.MissResponseP90S = v);
    }

    private static RateInterval? IntervalOf(WilsonInterval? interval) =>
        interval is { } known ? new RateInterval { Low = known.Low, High = known.High } : null;

    private static void Set(double? value, Action<double> set)
    {
        if (value is { } present)
        {
            set(present);
        }
    }
}
