using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Scoring;

/// <summary>What the contract makes of a collection: the tolerances that docs/sanitation.md documents as defaults, read anew here
/// so that a mistake of the server in them would show.</summary>
internal static class Acceptance
{
    private const long GraceMs = 15 * CityTime.MinuteMs, BeforeMs = 60 * CityTime.MinuteMs, AfterMs = 120 * CityTime.MinuteMs;

    /// <summary>The verdict on a collection, had everybody seen it; MISSED when it was none, or outside acceptance.</summary>
    public static Verdict Of(TrueObligation obligation, IReadOnlyList<(long From, long Until)> windowsOfDay)
    {
        if (obligation.At is not { } at)
        {
            return Verdict.Missed;
        }
        var (from, until) = Interval(obligation, windowsOfDay);
        return at < from || at >= until ? Verdict.Missed
            : at < obligation.WindowFrom ? Verdict.Early
            : at < obligation.WindowUntil + GraceMs ? Verdict.OnTime
            : Verdict.Late;
    }

    /// <summary>When a visit counts at all: cut half-way to the on-time intervals of the neighbours.</summary>
    /// <param name="windowsOfDay">The windows of the obligation's date, in order; every day has the same.</param>
    public static (long From, long Until) Interval(
        TrueObligation obligation, IReadOnlyList<(long From, long Until)> windowsOfDay)
    {
        var index = windowsOfDay.TakeWhile(w => w.From != obligation.WindowFrom).Count();
        var before = index > 0 ? windowsOfDay[index - 1].Until : windowsOfDay[^1].Until - CityTime.DayMs;
        var after = index + 1 < windowsOfDay.Count ? windowsOfDay[index + 1].From : windowsOfDay[0].From + CityTime.DayMs;
        return (
            Math.Max(obligation.WindowFrom - BeforeMs, (before + GraceMs + obligation.WindowFrom) / 2),
            Math.Min(obligation.WindowUntil + AfterMs, (obligation.WindowUntil + GraceMs + after) / 2));
    }
}
