using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using Obligation = SmartCity.Domain.Sanitation.Obligation;
using Visit = SmartCity.Domain.Sanitation.Visit;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Answers ExplainObligation.</summary>
internal sealed class ExplanationAnswers(SanitationRequests requests, SanitationLoader loader, TruckQuality quality)
{
    // What happened shortly before and after is what people ask about next.
    private static readonly TimeSpan Around = TimeSpan.FromHours(2);

    public async Task<ExplainObligationResponse> AnswerAsync(ExplainObligationRequest request, CancellationToken cancellation)
    {
        if (!Obligation.TryParseId(request.ObligationId, out var pointId, out var date, out var key) || date.Year is < 2020 or > 2099)
        {
            throw new InvalidQueryException(
                "obligation_id", "is not an id of an obligation. Write it like POINT/2026-11-23/MORNING: point, service date, window.");
        }
        var (evaluation, _, registry) = await requests.KnownAsync(request, request.AsOf, "", cancellation);
        var plan = await loader.PlanAsync(
            registry, requests.Rules, date, date, new HashSet<string>(StringComparer.Ordinal) { pointId }, evaluation, cancellation);
        var due = plan.Points.SelectMany(p => p.Asked).FirstOrDefault(o => o.Window.Key == key)
            ?? throw new NotFoundException(
                "obligation", request.ObligationId,
                "Nothing is due at that point in that window on that date. ListObligations has what is due; "
                    + "the schedule is in the registry's assignments.");
        var (outcome, latest) = await loader.JudgeAsync(plan, plan.AcceptFrom, plan.AcceptUntil, evaluation, cancellation);
        var verdict = outcome.Obligations.Single(o => o.Obligation.Id == due.Id);
        return Explain(
            outcome, verdict, await quality.OfAsync(Completeness(verdict), evaluation, latest, registry, requests.Rules, cancellation));
    }

    private ExplainObligationResponse Explain(SanitationOutcome outcome, ObligationOutcome verdict, DataQuality known)
    {
        var due = verdict.Obligation;
        var (from, until) = (due.AcceptFrom - Around, due.AcceptUntil + Around);
        var visits = outcome.Visits.Where(v => Touches(v, from, until)).ToList();
        var evidence = outcome.EvidenceAt(due.Point.Id, from, until);
        var trucks = outcome.WatchOf(due);
        return new ExplainObligationResponse
        {
            Obligation = SanitationMessages.Of(verdict),
            Reasons = { Explanation.Of(verdict, visits, evidence, trucks, requests.Rules, outcome.Evaluation) },
            Visits = { visits.Select(SanitationMessages.Of) },
            Evidence = { evidence.Select(SanitationMessages.Of) },
            Trucks = { trucks.Select(SanitationMessages.Of) },
            Tolerance = SanitationMessages.Of(due.Window, [due]),
            Quality = known,
        };
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
