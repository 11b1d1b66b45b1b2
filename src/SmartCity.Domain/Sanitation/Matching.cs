using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Gives each obligation of one point at most one visit, and each visit its role.</summary>
internal static class Matching
{
    /// <summary>The visits with their roles, in the order given.</summary>
    /// <param name="visits">By decision instant, truck and arrival: the order that settles ties.</param>
    public static List<Visit> Of(PointPlan plan, List<Visit> visits)
    {
        // Acceptance intervals do not overlap, so a visit is a candidate for one obligation at most.
        var candidates = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var matched = new List<Visit>(visits.Count);
        foreach (var visit in visits)
        {
            var accepting = visit.Grade >= EvidenceGrade.C ? plan.AcceptingAt(visit.Decision) : null;
            var obligation = accepting?.Cancellation is null ? accepting : null;
            if (obligation is not null)
            {
                (candidates.TryGetValue(obligation.Id, out var list) ? list : candidates[obligation.Id] = []).Add(matched.Count);
            }
            var role = visit.Grade < EvidenceGrade.C ? VisitRole.Transit
                : obligation is null ? VisitRole.Extra
                : VisitRole.Duplicate;
            matched.Add(visit with { Role = role, ObligationId = obligation?.Id });
        }
        foreach (var obligation in plan.All)
        {
            if (candidates.TryGetValue(obligation.Id, out var list))
            {
                var primary = Choose(obligation, matched, list);
                matched[primary] = matched[primary] with { Role = VisitRole.Primary };
            }
        }
        return matched;
    }

    /// <summary>The best proven visit on time; without one the visit that is the least early or late.</summary>
    private static int Choose(Obligation obligation, List<Visit> visits, List<int> candidates)
    {
        var onTime = candidates.FindAll(c => obligation.IsOnTime(visits[c].Decision));
        return onTime.Count > 0
            ? onTime.OrderByDescending(c => visits[c].Grade).ThenByDescending(c => visits[c].Completeness).First()
            : candidates.OrderBy(c => obligation.DeviationOf(visits[c].Decision).Duration()).First();
    }
}
