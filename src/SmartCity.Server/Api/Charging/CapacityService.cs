using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Charging;

/// <summary>Which compounds need more ports.</summary>
internal sealed class CapacityService(CapacityAnswers capacity) : Protocol.V1.CapacityService.CapacityServiceBase
{
    public override Task<GetCapacityAdviceResponse> GetCapacityAdvice(
        GetCapacityAdviceRequest request, ServerCallContext context) =>
        capacity.AnswerAsync(request, context.CancellationToken);
}
