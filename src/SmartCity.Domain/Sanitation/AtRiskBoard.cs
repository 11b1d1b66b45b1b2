using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>
/// Finds the open obligations that are about to be missed. A pure function of the verdicts and of what was seen.
/// <para>When a truck is expected: once its route has served three stops of the window, the next stop is due one median pace after
/// the last, or now if that is past, and each open stop before the point takes one more pace; never sooner than the truck can drive
/// there. Before that: the straight way over the stops left at the stated speed, and the median dwell at each, divided by the
/// trucks seen on the route. No time is given for a truck that is silent, has no tracker, or has left the point out: a truck whose
/// way nobody sees is told as such.</para>
/// </summary>
public sealed class AtRiskBoard
{
    private readonly SanitationOutcome outcome;
    private readonly AtRiskRules rules;
    private readonly Instant now;
    private readonly RelevantTrucks relevant;
    private readonly Dictionary<(DateOnly, string, string), RouteRun> runs;
    private readonly Dictionary<string, TruckNow> trucks = new(StringComparer.Ordinal);

    private AtRiskBoard(SanitationOutcome outcome, AtRiskRules rules)
    {
        (this.outcome, this.rules, now) = (outcome, rules, outcome.Evaluation);
        relevant = new RelevantTrucks(outcome.Plan.Registry);
        runs = outcome.Obligations.GroupBy(o => KeyOf(o.Obligation)).ToDictionary(g => g.Key, g => new RouteRun(g, rules));
    }

    /// <summary>The open obligations within the horizon, by risk, then by the time left until the cutoff.</summary>
    /// <param name="outcome">Verdicts at all points of the routes concerned, not only those asked about.</param>
    /// <param name="isAsked">Whether an obligation is asked about.</param>
    public static IReadOnlyList<AtRisk> Of(SanitationOutcome outcome, Func<Obligation, bool> isAsked, AtRiskRules rules)
    {
        var board = new AtRiskBoard(outcome, rules);
        var near = outcome.Evaluation + rules.Horizon;
        return
        [
            .. outcome.Obligations.Where(o => RouteRun.IsOpen(o) && o.Obligation.AcceptFrom <= near && isAsked(o.Obligation))
                .Select(board.Of).OrderBy(r => r.Risk).ThenBy(r => r.Outcome.Obligation.AcceptUntil)
                .ThenBy(r => r.MarginCutoff ?? TimeSpan.Zero).ThenBy(r => r.Outcome.Obligation.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Whether somebody should look at it now.</summary>
    public static bool IsUrgent(AtRisk row, AtRiskRules rules, Instant now) =>
        row.Outcome.Verdict == Verdict.Overdue || row.Risk switch
        {
            CollectionRisk.OnTrack => false,
            CollectionRisk.Unknown => row.Cause is RiskCause.NoTruck or RiskCause.Passed
                || row.Outcome.Obligation.OnTimeUntil - now <= rules.Horizon,
            _ => true,
        };

    private AtRisk Of(ObligationOutcome open)
    {
        var due = open.Obligation;
        var run = runs[KeyOf(due)];
        var planned = PlannedFor(due, run);
        var seen = planned.Count(t => t.IsSeen);
        List<TruckOutlook> coming = [.. planned.Select(t => new EtaRule(rules, outcome, run, seen).Of(t, open))
            .OrderBy(t => t.Eta ?? Instant.Max).ThenBy(t => t.TruckId, StringComparer.Ordinal)];
        var best = coming.FirstOrDefault();
        // What stands still since the window began is not on its way, however soon it could be there.
        var isIdle = now >= due.OnTimeFrom && coming.TrueForAll(t => t.Eta is null || now - t.StandingSince >= rules.StandingMin);
        var risk = RiskOf(due, best?.Eta) is var expected && expected == CollectionRisk.OnTrack && isIdle
            ? CollectionRisk.Unknown : expected;
        var eta = risk == CollectionRisk.Unknown ? null : best?.Eta;
        var cause = CauseOf(open, run, coming, risk);
        if (eta is null)
        {
            coming.AddRange(NearestTo(due, coming));
        }
        var words = new AtRiskWords(open, run, rules, now);
        return new AtRisk(
            open, risk, cause, eta, eta is null ? EtaMethod.None : best!.Method, words.Reason(cause, best),
            words.Certainty(eta is null ? null : best, seen), UnseenOf(due), coming);
    }

    private CollectionRisk RiskOf(Obligation due, Instant? eta) => eta switch
    {
        null => CollectionRisk.Unknown,
        { } at when at >= due.AcceptUntil => CollectionRisk.Miss,
        { } at when at >= due.OnTimeUntil => CollectionRisk.Late,
        { } at when at >= due.OnTimeUntil - rules.Slack => CollectionRisk.Tight,
        _ => CollectionRisk.OnTrack,
    };

    private RiskCause CauseOf(ObligationOutcome open, RouteRun run, List<TruckOutlook> planned, CollectionRisk risk)
    {
        if (planned.Count == 0)
        {
            return RiskCause.NoTruck;
        }
        if (planned.TrueForAll(t => t.IsSilent))
        {
            return planned.Exists(t => t.IsTracked) ? RiskCause.Silent : RiskCause.NotTracked;
        }
        if (EtaRule.IsPassed(run, open))
        {
            return RiskCause.Passed;
        }
        if (risk == CollectionRisk.OnTrack)
        {
            return RiskCause.None;
        }
        var hasStarted = now >= open.Obligation.OnTimeFrom;
        return hasStarted && run.Served == 0 ? RiskCause.NotStarted
            : hasStarted && planned[0].StandingSince is { } since && now - since >= rules.StandingMin ? RiskCause.Standing
            : RiskCause.Behind;
    }

    /// <summary>The trucks that are to come, and those that serve the route instead of them.</summary>
    private List<TruckNow> PlannedFor(Obligation due, RouteRun run)
    {
        var registry = outcome.Plan.Registry;
        var planned = relevant.PlannedFor(due);
        var others = run.Trucks.Where(id => planned.All(t => t.Id != id)).Select(id => registry.FindTruck(id, now)).OfType<Truck>();
        return [.. planned.Concat(due.Assignment is { RouteId: null, TruckId: null } ? [] : others).Select(NowOf)];
    }

    /// <summary>Those that could be sent, where none is known to come.</summary>
    private IEnumerable<TruckOutlook> NearestTo(Obligation due, List<TruckOutlook> planned) => outcome.Plan.Registry.Trucks
        .Where(t => t.Tracked && t.Validity.Contains(now) && !planned.Exists(p => p.TruckId == t.Id)).Select(NowOf)
        .Where(t => t.IsSeen).Select(t => EtaRule.Unplanned(t, due, rules, now))
        .OrderBy(t => t.DistanceM).ThenBy(t => t.TruckId, StringComparer.Ordinal).Take(rules.NearestMax);

    private string UnseenOf(Obligation due) => now <= due.AcceptFrom
        ? ""
        : string.Join(' ', outcome.WatchOf(due with { AcceptUntil = Instant.Earlier(due.AcceptUntil, now) })
            .Where(w => w.CouldHaveComeUnseen).Select(w => w.Reason));

    private TruckNow NowOf(Truck truck) => trucks.TryGetValue(truck.Id, out var known)
        ? known
        : trucks[truck.Id] = TruckNow.Of(truck, outcome.TrackOf(truck.Id), outcome.Plan.Rules, now);

    // What is on no route and has no truck has no company.
    private static (DateOnly, string, string) KeyOf(Obligation due) => (
        due.ServiceDate, due.Window.Key,
        due.Assignment switch
        {
            { TruckId: { } truck } => "truck " + truck,
            { RouteId: { } route } => "route " + route,
            _ => "point " + due.Point.Id,
        });
}
