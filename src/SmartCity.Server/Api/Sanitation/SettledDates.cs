using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>
/// Remembers the verdicts of service dates that are long over. Only records that come late, a decision or another registry can
/// change them, and each of these makes them be judged again.
/// </summary>
internal sealed class SettledDates(ITelemetryStore store)
{
    // A year of a district; about 150 MB.
    private const int ObligationsMax = 400_000;

    private readonly Lock gate = new();
    private readonly SortedDictionary<DateOnly, Kept> dates = [];
    private int count;

    /// <summary>Whether everything that a date's verdicts are made from lies before the evaluation, and they are final.</summary>
    public static bool IsOver(DateOnly date, AskedDates asked, SanitationRules rules) =>
        AcceptedOf(date, asked.Zone).Until + (rules.Margin > rules.FinalAfter ? rules.Margin : rules.FinalAfter) <= asked.Evaluation;

    /// <summary>How far the records of a date have come. Asked for before they are read.</summary>
    public CollectionsChange ChangeOf(DateOnly date, AskedDates asked, SanitationRules rules)
    {
        var (from, until) = RecordsOf(date, asked.Zone, rules);
        return store.ReadCollectionsChange(from, until);
    }

    /// <summary>The verdicts of a date, of every point, if they would be the same again; else null.</summary>
    public IReadOnlyList<ObligationOutcome>? Find(DateOnly date, AskedDates asked, SanitationRules rules, DecisionsChange decisions)
    {
        Kept? kept;
        lock (gate)
        {
            dates.TryGetValue(date, out kept);
        }
        return kept is not null && ReferenceEquals(kept.Registry, asked.Registry) && kept.Evaluation <= asked.Evaluation
            && kept.Decisions == decisions.Revision && kept.Revision == ChangeOf(date, asked, rules).Revision
            ? kept.Outcomes
            : null;
    }

    /// <summary>Remembers what was judged.</summary>
    /// <param name="outcomes">Of every point, by point, then by start.</param>
    /// <param name="change">As it was before the records were read; likewise the decisions.</param>
    public void Keep(
        DateOnly date, IReadOnlyList<ObligationOutcome> outcomes, AskedDates asked, CollectionsChange change,
        DecisionsChange decisions)
    {
        var (from, until) = AcceptedOf(date, asked.Zone);
        // What came after the evaluation is counted in the revision, but was not looked at.
        if (change.LatestReceived > asked.Evaluation || decisions.Latest > asked.Evaluation
            || outcomes.Any(o => o.Obligation.AcceptFrom < from || o.Obligation.AcceptUntil > until))
        {
            return;
        }
        lock (gate)
        {
            foreach (var (other, old) in dates.Where(pair => !ReferenceEquals(pair.Value.Registry, asked.Registry)).ToList())
            {
                // A registry of before never comes back, and is large.
                count -= old.Outcomes.Count;
                dates.Remove(other);
            }
            count += outcomes.Count - (dates.TryGetValue(date, out var before) ? before.Outcomes.Count : 0);
            dates[date] = new Kept(asked.Registry, asked.Evaluation, decisions.Revision, change.Revision, outcomes);
            while (count > ObligationsMax && dates.Count > 1)
            {
                var oldest = dates.First();
                count -= oldest.Value.Outcomes.Count;
                dates.Remove(oldest.Key);
            }
        }
    }

    // Windows may be moved to the day before or after, and end on the next one.
    private static (Instant From, Instant Until) AcceptedOf(DateOnly date, TimeZoneInfo zone) =>
        (LocalDay.StartOf(date.AddDays(-1), zone), LocalDay.StartOf(date.AddDays(3), zone));

    private static (Instant From, Instant Until) RecordsOf(DateOnly date, TimeZoneInfo zone, SanitationRules rules)
    {
        var (from, until) = AcceptedOf(date, zone);
        return (from - rules.Margin, until + rules.Margin);
    }

    private sealed record Kept(
        RegistrySnapshot Registry, Instant Evaluation, long Decisions, long Revision, IReadOnlyList<ObligationOutcome> Outcomes);
}
