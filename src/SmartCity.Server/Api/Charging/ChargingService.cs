using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Charging;

/// <summary>How much each socket is used.</summary>
internal sealed class ChargingService(UtilizationAnswers utilization, SessionAnswers sessions)
    : Protocol.V1.ChargingService.ChargingServiceBase
{
    public override Task<GetUtilizationResponse> GetUtilization(GetUtilizationRequest request, ServerCallContext context) =>
        utilization.AnswerAsync(request, context.CancellationToken);

    public override Task<ListSessionsResponse> ListSessions(ListSessionsRequest request, ServerCallContext context) =>
        sessions.AnswerAsync(request, context.CancellationToken);
}
