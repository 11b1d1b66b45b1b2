using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Faults;

/// <summary>What is broken, since when, and how fast it is repaired.</summary>
internal sealed class FaultService(FaultListAnswers faults, FaultStatisticsAnswers statistics)
    : Protocol.V1.FaultService.FaultServiceBase
{
    public override Task<ListFaultsResponse> ListFaults(ListFaultsRequest request, ServerCallContext context) =>
        faults.AnswerAsync(request, context.CancellationToken);

    public override Task<GetFaultStatisticsResponse> GetFaultStatistics(
        GetFaultStatisticsRequest request, ServerCallContext context) =>
        statistics.AnswerAsync(request, context.CancellationToken);
}
