using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Turns matched visits into verdicts.</summary>
internal sealed class VerdictRule(
    RelevantTrucks trucks, IReadOnlyDictionary<string, BlindGaps> sight, SanitationRules rules, Instant evaluation)
{
    /// <summary>The outcome of each obligation asked about at a point, by start.</summary>
    public List<ObligationOutcome> Of(PointPlan plan, IEnumerable<Visit> visits)
    {
        var primaries = visits.Where(v => v.Role == VisitRole.Primary).ToDictionary(v => v.ObligationId!, StringComparer.Ordinal);
        return [.. plan.Asked.Select(o => Of(o, primaries.GetValueOrDefault(o.Id)))];
    }

    private ObligationOutcome Of(Obligation obligation, Visit? primary) => new(
        obligation,
        obligation.Cancellation is not null ? Verdict.Cancelled
            : primary is not null ? Served(obligation, primary.Decision)
            : obligation.Excuse is not null ? Verdict.Excused
            : Unserved(obligation),
        evaluation >= obligation.AcceptUntil + rules.FinalAfter, primary?.Probable ?? false,
        primary is not null && trucks.IsSubstitute(obligation, primary.TruckId), primary);

    private static Verdict Served(Obligation obligation, Instant decision) =>
        decision < obligation.OnTimeFrom ? Verdict.Early : decision < obligation.OnTimeUntil ? Verdict.OnTime : Verdict.Late;

    private Verdict Unserved(Obligation obligation)
    {
        if (evaluation < obligation.AcceptFrom)
        {
            return Verdict.Upcoming;
        }
        if (evaluation < obligation.AcceptUntil)
        {
            return evaluation < obligation.OnTimeUntil ? Verdict.Pending : Verdict.Overdue;
        }
        var relevant = trucks.Of(obligation);
        return !relevant.Any(t => t.Tracked) || relevant.Any(t => sight[t.Id].FindChance(obligation) is not null)
            ? Verdict.Undetermined
            : Verdict.Missed;
    }
}
