using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Sanitation.Decisions;
using SmartCity.Storage.Registry.Decisions;
using EvidenceUse = SmartCity.Domain.Sanitation.EvidenceUse;
using ExceptionUse = SmartCity.Protocol.V1.ExceptionUse;
using Obligation = SmartCity.Domain.Sanitation.Obligation;
using Visit = SmartCity.Domain.Sanitation.Visit;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Answers ExplainObligation.</summary>
internal sealed class ExplanationAnswers(
    SanitationRequests requests, DueFinder finder, SanitationLoader loader, HistoryReader history, DecisionStore decisions,
    TruckQuality quality)
{
    // What happened shortly before and after is what people ask about next.
    private static readonly TimeSpan Around = TimeSpan.FromHours(2);

    public async Task<ExplainObligationResponse> AnswerAsync(ExplainObligationRequest request, CancellationToken cancellation)
    {
        var (evaluation, _, registry) = await requests.KnownAsync(request, request.AsOf, "", cancellation);
        var (plan, due) = await finder.FindAsync(request.ObligationId, evaluation, registry, cancellation);
        var (outcome, latest) = await loader.JudgeAsync(plan, plan.AcceptFrom, plan.AcceptUntil, evaluation, cancellation);
        var verdict = outcome.Obligations.Single(o => o.Obligation.Id == due.Id);
        var (from, until) = (due.AcceptFrom - Around, due.AcceptUntil + Around);
        var visits = outcome.Visits.Where(v => Touches(v, from, until)).ToList();
        var evidence = outcome.EvidenceAt(due.Point.Id, from, until).Select(e => e.For(verdict.Obligation)).ToList();

        var answer = Explain(outcome, verdict, visits, evidence);
        var exceptions = await decisions.ExceptionsAsync(due.ServiceDate, due.ServiceDate, evaluation, cancellation);
        answer.Exceptions.AddRange(exceptions.SelectMany(e => UseOf(e, outcome, verdict)));
        var said = (await decisions.ConfirmationsAsync(from, until, evaluation, cancellation))
            .Where(c => c.ObligationId == due.Id).ToList();
        answer.Confirmations.AddRange(said.Select(DecisionMessages.Of));
        var rulings = await decisions.RulingsAsync(from, until, evaluation, cancellation);
        answer.Evidence.AddRange(evidence.Select(e => EvidenceMessages.Of(e, said, rulings)));
        answer.History.AddRange((await history.ReadAsync(outcome, due, visits, evidence, said, cancellation))
            .Select(SanitationMessages.Of));
        answer.Quality = await quality.OfAsync(
            plan.AcceptFrom, Completeness(verdict), evaluation, latest, registry, requests.Rules, cancellation);
        return answer;
    }

    private ExplainObligationResponse Explain(
        SanitationOutcome outcome, ObligationOutcome verdict, IReadOnlyList<Visit> visits, IReadOnlyList<EvidenceUse> evidence)
    {
        var trucks = outcome.WatchOf(verdict.Obligation);
        return new ExplainObligationResponse
        {
            Obligation = SanitationMessages.Of(verdict),
            Answer = SanitationMessages.Of(
                ComplaintAnswer.Of(verdict, visits, evidence, trucks, outcome.Plan, outcome.Evaluation)),
            Reasons = { Explanation.Of(verdict, visits, evidence, trucks, requests.Rules, outcome.Evaluation) },
            Visits = { visits.Select(SanitationMessages.Of) },
            Trucks = { trucks.Select(SanitationMessages.Of) },
            Tolerance = ToleranceMessages.Of([verdict.Obligation]).Single(),
        };
    }

    /// <summary>Of an exception for several windows the one that is about this window, if any is.</summary>
    private static IEnumerable<ExceptionUse> UseOf(DeclaredException declared, SanitationOutcome outcome, ObligationOutcome verdict)
    {
        var due = verdict.Obligation;
        var ofDay = KnownDecisions.Of(declared, outcome.Plan.Registry).Where(e => e.CoversDayOf(due))
            .OrderByDescending(e => e.Covers(due)).Take(1);
        foreach (var exception in ofDay)
        {
            var (applied, effect) = ExceptionWords.Of(exception, verdict, outcome.Evaluation);
            yield return new ExceptionUse { Exception = DecisionMessages.Of(declared), Applied = applied, Effect = effect };
        }
    }

    private static bool Touches(Visit visit, Instant from, Instant until) =>
        visit.Arrive < until && (visit.Depart ?? visit.Arrive) >= from;

    private static double? Completeness(ObligationOutcome outcome) => outcome.Verdict switch
    {
        Domain.Sanitation.Verdict.Undetermined => 0,
        Domain.Sanitation.Verdict.Upcoming or Domain.Sanitation.Verdict.Pending or Domain.Sanitation.Verdict.Overdue => null,
        _ => 1,
    };
}
