using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>Finds what whole compounds were, by day.</summary>
/// <param name="compounds">How many pairs of a compound and a kind of pile there are.</param>
/// <param name="days">Its rows are the days.</param>
/// <param name="rules">The city's settings.</param>
public sealed class CompoundDays(int compounds, Buckets days, ChargingRules rules)
{
    private readonly SaturationTable table = new(compounds, days, wholeCompounds: true, rules.SeenPercentMin);

    /// <summary>Adds one pile.</summary>
    /// <param name="history">The pile.</param>
    /// <param name="of">The pair that each of its versions belongs to.</param>
    /// <param name="segments">Its statuses within the days.</param>
    public void Add(PileHistory history, PileGroups of, List<StatusSegment> segments) => table.Add(history, of, segments);

    /// <summary>What a pair was on a day, once all of its piles were added.</summary>
    public CompoundDay Of(int compound, int day) => table.DayOf(compound, day);
}
