using System.Globalization;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary>Which verdicts of the past were changed by what came late.</summary>
internal static class Restated
{
    // What the server looks at again at most.
    private const int DatesMax = 31;

    /// <summary>Whether a period is short enough to ask.</summary>
    public static bool CanBeAsked(DateRange dates)
    {
        if (dates.First.Length == 0)
        {
            return true;
        }
        var last = dates.Last.Length == 0 ? null : (DateOnly?)DateOnly.Parse(dates.Last, CultureInfo.InvariantCulture);
        // Without a last date it is today's, which only the server knows.
        return last?.DayNumber - DateOnly.Parse(dates.First, CultureInfo.InvariantCulture).DayNumber < DatesMax;
    }

    public static string Line(Restatements answer) => answer.Final == 0
        ? "Restated 更正: nothing to compare; no verdict was known when it became final."
        : answer.Restated == 0
        ? $"Restated 更正: none of {Say.Count(answer.Final)} verdicts since they became final."
        : $"Restated 更正: {Say.Count(answer.Restated)} of {Say.Count(answer.Final)} verdicts since they became final: "
            + string.Join(", ", answer.Shifts.Select(s => $"{Say.Count(s.Count)} {CityWords.Of(s.From)} -> {CityWords.Of(s.To)}")) + ".";
}
