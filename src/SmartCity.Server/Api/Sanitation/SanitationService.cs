using Grpc.Core;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Sanitation.Decisions;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Was every collection point served, and how do we know.</summary>
internal sealed class SanitationService(
    ComplianceAnswers compliance, ObligationAnswers obligations, ExplanationAnswers explanations, VisitAnswers visits,
    LiveTrucks trucks, AtRiskAnswers atRisk, LiveObligations watched, ExceptionAnswers exceptions, ConfirmationAnswers confirmations,
    ConfirmationList said)
    : Protocol.V1.SanitationService.SanitationServiceBase
{
    public override Task<GetComplianceResponse> GetCompliance(GetComplianceRequest request, ServerCallContext context) =>
        compliance.AnswerAsync(request, context.CancellationToken);

    public override Task<ListObligationsResponse> ListObligations(ListObligationsRequest request, ServerCallContext context) =>
        obligations.AnswerAsync(request, context.CancellationToken);

    public override Task<ExplainObligationResponse> ExplainObligation(ExplainObligationRequest request, ServerCallContext context) =>
        explanations.AnswerAsync(request, context.CancellationToken);

    public override Task<ListVisitsResponse> ListVisits(ListVisitsRequest request, ServerCallContext context) =>
        visits.AnswerAsync(request, context.CancellationToken);

    public override async Task<ListTrucksResponse> ListTrucks(ListTrucksRequest request, ServerCallContext context) =>
        await trucks.ListAsync(request, context.CancellationToken);

    public override Task WatchTrucks(
        WatchTrucksRequest request, IServerStreamWriter<WatchTrucksResponse> responseStream, ServerCallContext context) =>
        trucks.WatchAsync(request, responseStream, context.CancellationToken);

    public override Task WatchObligations(
        WatchObligationsRequest request, IServerStreamWriter<WatchObligationsResponse> responseStream,
        ServerCallContext context) =>
        watched.WatchAsync(request, responseStream, context.CancellationToken);

    public override Task<ListAtRiskResponse> ListAtRisk(ListAtRiskRequest request, ServerCallContext context) =>
        atRisk.AnswerAsync(request, context.CancellationToken);

    public override Task<DeclareExceptionResponse> DeclareException(DeclareExceptionRequest request, ServerCallContext context) =>
        exceptions.AnswerAsync(request, context.CancellationToken);

    public override Task<DecideExceptionResponse> DecideException(DecideExceptionRequest request, ServerCallContext context) =>
        exceptions.AnswerAsync(request, context.CancellationToken);

    public override Task<ListExceptionsResponse> ListExceptions(ListExceptionsRequest request, ServerCallContext context) =>
        exceptions.AnswerAsync(request, context.CancellationToken);

    public override Task<ConfirmCollectionResponse> ConfirmCollection(ConfirmCollectionRequest request, ServerCallContext context) =>
        confirmations.AnswerAsync(request, context.CancellationToken);

    public override Task<ListConfirmationsResponse> ListConfirmations(ListConfirmationsRequest request, ServerCallContext context) =>
        said.AnswerAsync(request, context.CancellationToken);

    public override Task<DecideConfirmationResponse> DecideConfirmation(
        DecideConfirmationRequest request, ServerCallContext context) =>
        confirmations.AnswerAsync(request, context.CancellationToken);
}
