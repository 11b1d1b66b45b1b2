using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Visits between the windows serve nothing, but they end the wait of a point that was missed.</summary>
internal static class ExtraVisits
{
    /// <summary>The outcomes of a point, each with the first EXTRA visit before the next window accepts visits, at most a margin
    /// after its own cutoff. So it is the same whatever range of dates is asked for.</summary>
    /// <param name="visits">Of the point, by decision instant.</param>
    public static List<ObligationOutcome> Join(
        PointPlan plan, List<ObligationOutcome> outcomes, IEnumerable<Visit> visits, SanitationRules rules)
    {
        List<Instant> extras = [.. visits.Where(v => v.Role == VisitRole.Extra).Select(v => v.Decision)];
        return extras.Count == 0 ? outcomes : outcomes.ConvertAll(outcome =>
        {
            var due = outcome.Obligation;
            var until = Instant.Earlier(plan.NextAcceptance(due.AcceptFrom) ?? Instant.Max, due.AcceptUntil + rules.Margin);
            var index = extras.FindIndex(at => at >= due.AcceptFrom && at < until);
            return index < 0 ? outcome : outcome with { Extra = extras[index] };
        });
    }
}
