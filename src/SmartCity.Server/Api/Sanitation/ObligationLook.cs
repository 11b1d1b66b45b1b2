using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>The obligations of the last service dates as they were known at a moment, by id.</summary>
/// <param name="First">The first of the service dates.</param>
/// <param name="Over">Those of the dates that need no other look while nothing comes late.</param>
internal sealed record ObligationView(
    Instant At, DateOnly First, IReadOnlyDictionary<string, ObligationOutcome> Outcomes, IReadOnlyDictionary<DateOnly, OverDate> Over);

/// <summary>Looks at the verdicts of the last service dates in a scope, for somebody who watches.</summary>
internal sealed class ObligationLook(
    SanitationRequests requests, SanitationLoader loader, RegistryStore registry, DecisionStore decisions, ITelemetryStore store)
{
    /// <summary>The most obligations of one stream.</summary>
    public const int ObligationsMax = 50_000;

    // The verdict of the day before yesterday's last window is not final before this morning.
    private const int DatesBack = 2;
    private const int SoonDates = 3;

    /// <summary>The rules that were applied.</summary>
    public SanitationRules Rules => requests.Rules;

    /// <summary>What ListObligations says as of a moment.</summary>
    /// <param name="before">An earlier look at the same scope: what is over since, and unchanged, is not judged again.</param>
    public async Task<ObligationView> AtAsync(
        AssetScope scope, Instant at, ObligationView? before, CancellationToken cancellation)
    {
        var known = await registry.AsKnownAtAsync(at, cancellation);
        var decided = await decisions.ReadChangeAsync(cancellation);
        var points = new ScopedPoints(known, scope);
        var first = DateOf(at).AddDays(-DatesBack);
        var over = new Dictionary<DateOnly, OverDate>();
        var start = first;
        for (; before?.Over.GetValueOrDefault(start) is { } kept && kept.IsSame(known, decided, store, Rules); start = start.AddDays(1))
        {
            over[start] = kept;
        }
        var ahead = await AheadAsync(known, at, cancellation);
        var plan = await loader.PlanAsync(known, Rules, start, DateOf(at + ahead), points.Ids, at, cancellation);
        if (plan.Count + over.Values.Sum(o => o.Outcomes.Count) > ObligationsMax)
        {
            throw new LimitReachedException($"There are more than {ObligationsMax} obligations to watch. Name a smaller scope.");
        }
        List<(DateOnly Date, OverDate? Over)> begun =
        [
            .. plan.Points.SelectMany(p => p.Asked).GroupBy(o => o.ServiceDate)
                .Select(d => (d.Key, OverDate.Begin([.. d], known, decided, store, Rules, at))),
        ];
        var (outcome, _) = await loader.JudgeAsync(plan, plan.AcceptFrom, plan.AcceptUntil, at, cancellation);
        var judged = outcome.Obligations.Where(o => points.Contains(o.Obligation.Point.Id, o.Obligation.Start))
            .ToLookup(o => o.Obligation.ServiceDate);
        var outcomes = over.Values.SelectMany(o => o.Outcomes).Concat(judged.SelectMany(d => d))
            .ToDictionary(o => o.Obligation.Id, StringComparer.Ordinal);
        foreach (var (date, of) in begun)
        {
            if (of is not null)
            {
                over[date] = of with { Outcomes = [.. judged[date]] };
            }
        }
        return new ObligationView(at, first, outcomes, over);
    }

    /// <summary>How long before its start a window may be served, also where an exception moved it forward.</summary>
    private async Task<TimeSpan> AheadAsync(RegistrySnapshot known, Instant at, CancellationToken cancellation)
    {
        var before = known.Windows.Select(w => w.AcceptBefore > w.EarlyTolerance ? w.AcceptBefore : w.EarlyTolerance)
            .DefaultIfEmpty().Max();
        var date = DateOf(at);
        var shifts = await decisions.ExceptionsAsync(date, date.AddDays(SoonDates), at, cancellation);
        return before - shifts.Where(e => e.Kind == ExceptionKind.ShiftWindow).Select(e => e.By).Append(TimeSpan.Zero).Min();
    }

    /// <summary>What changed between two looks, by service date, start and point.</summary>
    public async Task<IReadOnlyList<(ObligationOutcome Outcome, VerdictChange Change, ObligationOutcome? Before)>> ChangesAsync(
        ObligationView before, ObligationView after, CancellationToken cancellation)
    {
        var changed = after.Outcomes.Values.Select(o => (Now: o, Then: before.Outcomes.GetValueOrDefault(o.Obligation.Id)))
            .Where(c => VerdictDiff.Of(c.Then, c.Now, [], Rules, after.At) is not null)
            .OrderBy(c => c.Now.Obligation.ServiceDate).ThenBy(c => c.Now.Obligation.Start)
            .ThenBy(c => c.Now.Obligation.Id, StringComparer.Ordinal).ToList();
        if (changed.Count == 0)
        {
            return [];
        }
        var (from, until) = (changed.Min(c => c.Now.Obligation.AcceptFrom), changed.Max(c => c.Now.Obligation.AcceptUntil));
        var said = (await decisions.ConfirmationsAsync(from, until, after.At, cancellation))
            .ToLookup(c => c.ObligationId, StringComparer.Ordinal);
        var rulings = await decisions.RulingsAsync(from, until, after.At, cancellation);
        return
        [
            .. changed.Select(c =>
            {
                List<Milestone> decided =
                [
                    .. said[c.Now.Obligation.Id].SelectMany(HistoryMilestones.Of)
                        .Concat(rulings.Where(r => IsAbout(r, c.Now) || IsAbout(r, c.Then)).Select(HistoryMilestones.Of))
                        .Where(m => m.Time >= before.At).OrderBy(m => m.Time),
                ];
                return (c.Now, VerdictDiff.Of(c.Then, c.Now, decided, Rules, after.At)!, c.Then);
            }),
        ];
    }

    private static bool IsAbout(EvidenceRuling ruling, ObligationOutcome? outcome) =>
        outcome?.Primary is { } visit && EvidenceId.TryParse(ruling.EvidenceId, out var id) && id.TruckId == visit.TruckId
        && id.Time >= visit.Arrive && id.Time <= (visit.Depart ?? Instant.Max);

    private DateOnly DateOf(Instant at) => ServiceClock.DateOf(at, requests.Zone, Rules.ServiceDayStart);
}
