using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Storage.Telemetry;
using Verdict = SmartCity.Domain.Sanitation.Verdict;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Tells which verdicts are another than when they became final. Only what came in late since can have changed one, so
/// most dates need no second look.</summary>
internal sealed class RestatementReader(
    SanitationLoader loader, RegistryStore registry, ITelemetryStore store, DecisionStore decisions)
{
    /// <summary>The most service dates that are looked at again.</summary>
    public const int DatesMax = 31;

    // Points with unlike windows become final at unlike moments. Each is a look at one date.
    private const int MomentsMax = 400;

    // Nothing that happened later has a part in a verdict.
    private static readonly TimeSpan After = TimeSpan.FromHours(2);

    /// <summary>Refuses a question that would take too long.</summary>
    public static void Check(AskedDates asked)
    {
        if (asked.Last.DayNumber - asked.First.DayNumber >= DatesMax)
        {
            throw new InvalidQueryException(
                "include_restatements", $"looks at no more than {DatesMax} dates. Ask for fewer, or in several parts.");
        }
    }

    /// <param name="outcomes">Those asked about, as they are known now.</param>
    public async Task<Restatements> ReadAsync(
        AskedDates asked, IEnumerable<ObligationOutcome> outcomes, SanitationRules rules, CancellationToken cancellation)
    {
        var moments = outcomes.Where(o => o.Final)
            .GroupBy(o => (o.Obligation.ServiceDate, At: o.Obligation.AcceptUntil + rules.FinalAfter)).ToList();
        if (moments.Count > MomentsMax)
        {
            throw new InvalidQueryException(
                "include_restatements",
                $"would look at {moments.Count} moments; at most {MomentsMax} are allowed. Ask for fewer dates or points.");
        }
        var decided = await decisions.ReadChangeAsync(cancellation);
        var known = 0;
        var shifts = new Dictionary<(Verdict From, Verdict To), int>();
        foreach (var moment in moments)
        {
            var now = moment.ToList();
            var then = await IsUntouchedAsync(moment.Key.At, now, asked, decided, rules, cancellation)
                ? null : await ThenAsync(moment.Key.ServiceDate, moment.Key.At, now, rules, cancellation);
            foreach (var outcome in now)
            {
                var verdict = then is null ? outcome.Verdict : then.GetValueOrDefault(outcome.Obligation.Id);
                known += verdict == default ? 0 : 1;
                if (verdict != default && verdict != outcome.Verdict)
                {
                    shifts[(verdict, outcome.Verdict)] = shifts.GetValueOrDefault((verdict, outcome.Verdict)) + 1;
                }
            }
        }
        return MessageOf(known, shifts);
    }

    private async Task<bool> IsUntouchedAsync(
        Instant at, List<ObligationOutcome> now, AskedDates asked, DecisionsChange decided, SanitationRules rules,
        CancellationToken cancellation)
    {
        var from = now.Min(o => o.Obligation.AcceptFrom) - rules.Margin;
        var until = now[0].Obligation.AcceptUntil + After;
        return !(store.ReadCollectionsChange(from, until).LatestReceived > at)
            && ReferenceEquals(await registry.AsKnownAtAsync(at, cancellation), asked.Registry)
            && (!(decided.Latest > at)
                || !await IsDecidedAsync(now[0].Obligation.ServiceDate, from, until, at, asked.Evaluation, cancellation));
    }

    /// <summary>Whether anybody decided since about a date, or about what was seen around it.</summary>
    private async Task<bool> IsDecidedAsync(
        DateOnly date, Instant from, Instant until, Instant at, Instant evaluation, CancellationToken cancellation)
    {
        // The windows of the neighbouring dates share the time between them with those of this one.
        var exceptions = await decisions.ExceptionsAsync(date.AddDays(-2), date.AddDays(2), evaluation, cancellation);
        return exceptions.Any(e => e.Decisions.Any(d => d.Recorded > at))
            || (await decisions.ConfirmationsAsync(from, until, evaluation, cancellation))
                .Any(c => c.Recorded > at || c.Decisions.Any(d => d.Recorded > at))
            || (await decisions.RulingsAsync(from, until, evaluation, cancellation)).Any(r => r.Decision.Recorded > at);
    }

    /// <summary>The verdicts as they were known at a moment, by obligation; those that nobody knew of are absent.</summary>
    private async Task<Dictionary<string, Verdict>> ThenAsync(
        DateOnly date, Instant at, List<ObligationOutcome> now, SanitationRules rules, CancellationToken cancellation)
    {
        var points = now.Select(o => o.Obligation.Point.Id).ToHashSet(StringComparer.Ordinal);
        var plan = await loader.PlanAsync(
            await registry.AsKnownAtAsync(at, cancellation), rules, date, date, points, at, cancellation);
        if (plan.Count == 0)
        {
            return [];
        }
        var (outcome, _) = await loader.JudgeAsync(plan, plan.AcceptFrom, plan.AcceptUntil, at, cancellation);
        return outcome.Obligations.ToDictionary(o => o.Obligation.Id, o => o.Verdict, StringComparer.Ordinal);
    }

    private static Restatements MessageOf(int known, Dictionary<(Verdict From, Verdict To), int> shifts) => new()
    {
        Final = known,
        Restated = shifts.Values.Sum(),
        Shifts =
        {
            shifts.OrderByDescending(s => s.Value).ThenBy(s => s.Key.From).ThenBy(s => s.Key.To).Select(s => new VerdictShift
            {
                From = (Protocol.V1.Verdict)s.Key.From, To = (Protocol.V1.Verdict)s.Key.To, Count = s.Value,
            }),
        },
    };
}
