using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Charging;

/// <summary>How much each socket is used, and what it is doing now.</summary>
internal sealed class ChargingService(
    UtilizationAnswers utilization, SessionAnswers sessions, TimelineAnswers timeline, OverstayAnswers overstays, LivePorts live)
    : Protocol.V1.ChargingService.ChargingServiceBase
{
    public override Task<ListPortsResponse> ListPorts(ListPortsRequest request, ServerCallContext context) =>
        live.ListAsync(request, context.CancellationToken).AsTask();

    public override Task WatchPorts(
        WatchPortsRequest request, IServerStreamWriter<WatchPortsResponse> responseStream, ServerCallContext context) =>
        live.WatchAsync(request, responseStream, context.CancellationToken);

    public override Task<GetUtilizationResponse> GetUtilization(GetUtilizationRequest request, ServerCallContext context) =>
        utilization.AnswerAsync(request, context.CancellationToken);

    public override Task<ListSessionsResponse> ListSessions(ListSessionsRequest request, ServerCallContext context) =>
        sessions.AnswerAsync(request, context.CancellationToken);

    public override Task<GetStatusTimelineResponse> GetStatusTimeline(
        GetStatusTimelineRequest request, ServerCallContext context) =>
        timeline.AnswerAsync(request, context.CancellationToken);

    public override Task<ListOverstaysResponse> ListOverstays(ListOverstaysRequest request, ServerCallContext context) =>
        overstays.AnswerAsync(request, context.CancellationToken);
}
