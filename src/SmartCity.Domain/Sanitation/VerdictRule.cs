using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Turns matched visits into verdicts.</summary>
internal sealed class VerdictRule(
    RelevantTrucks trucks, IReadOnlyDictionary<string, BlindGaps> sight, SanitationRules rules, Instant evaluation)
{
    /// <summary>The outcome of each obligation asked about at a point, by start; trucks seen there may have stood there.</summary>
    public List<ObligationOutcome> Of(PointPlan plan, IEnumerable<Visit> visits, IReadOnlyList<PossibleStop> possible)
    {
        var primaries = visits.Where(v => v.Role == VisitRole.Primary).ToDictionary(v => v.ObligationId!, StringComparer.Ordinal);
        return [.. plan.Asked.Select(o => Of(o, primaries.GetValueOrDefault(o.Id), possible))];
    }

    private ObligationOutcome Of(Obligation obligation, Visit? primary, IReadOnlyList<PossibleStop> possible) => new(
        obligation,
        obligation.Cancellation is not null ? Verdict.Cancelled
            : primary is not null ? Served(obligation, primary.Decision)
            : obligation.Excuse is not null ? Verdict.Excused
            : Unserved(obligation, possible),
        evaluation >= obligation.AcceptUntil + rules.FinalAfter, primary?.Probable ?? false,
        primary is not null && trucks.IsSubstitute(obligation, primary.TruckId), primary);

    private static Verdict Served(Obligation obligation, Instant decision) =>
        decision < obligation.OnTimeFrom ? Verdict.Early : decision < obligation.OnTimeUntil ? Verdict.OnTime : Verdict.Late;

    private Verdict Unserved(Obligation obligation, IReadOnlyList<PossibleStop> possible)
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
        var isPossible = relevant.Any(t => sight[t.Id].FindChance(obligation) is not null) || possible.Any(s => s.MayServe(obligation));
        return isPossible || !relevant.Any(t => t.Tracked) ? Verdict.Undetermined : Verdict.Missed;
    }
}
