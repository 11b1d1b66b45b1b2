using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Faults;

/// <summary>What is broken, since when, who sees to it, and how fast it is repaired.</summary>
internal sealed class FaultService(
    FaultListAnswers faults, FaultStatisticsAnswers statistics, FaultSteps steps, IncidentAnswers incidents,
    MaintenanceAnswers maintenance, LiveFaults live) : Protocol.V1.FaultService.FaultServiceBase
{
    public override Task<ListFaultsResponse> ListFaults(ListFaultsRequest request, ServerCallContext context) =>
        faults.AnswerAsync(request, context.CancellationToken);

    public override Task WatchFaults(
        WatchFaultsRequest request, IServerStreamWriter<WatchFaultsResponse> responseStream, ServerCallContext context) =>
        live.WatchAsync(request, responseStream, context.CancellationToken);

    public override Task<GetFaultStatisticsResponse> GetFaultStatistics(
        GetFaultStatisticsRequest request, ServerCallContext context) =>
        statistics.AnswerAsync(request, context.CancellationToken);

    public override async Task<AcknowledgeFaultResponse> AcknowledgeFault(
        AcknowledgeFaultRequest request, ServerCallContext context) =>
        new() { Fault = await steps.AcknowledgeAsync(request, context.CancellationToken) };

    public override async Task<AssignFaultResponse> AssignFault(AssignFaultRequest request, ServerCallContext context) =>
        new() { Fault = await steps.AssignAsync(request, context.CancellationToken) };

    public override async Task<ResolveFaultResponse> ResolveFault(ResolveFaultRequest request, ServerCallContext context) =>
        new() { Fault = await steps.ResolveAsync(request, context.CancellationToken) };

    public override async Task<CloseFaultResponse> CloseFault(CloseFaultRequest request, ServerCallContext context) =>
        new() { Fault = await steps.CloseAsync(request, context.CancellationToken) };

    public override Task<ListIncidentsResponse> ListIncidents(ListIncidentsRequest request, ServerCallContext context) =>
        incidents.AnswerAsync(request, context.CancellationToken);

    public override Task<DeclareMaintenanceResponse> DeclareMaintenance(
        DeclareMaintenanceRequest request, ServerCallContext context) =>
        maintenance.DeclareAsync(request, context.CancellationToken);

    public override Task<ListMaintenanceResponse> ListMaintenance(ListMaintenanceRequest request, ServerCallContext context) =>
        maintenance.ListAsync(request, context.CancellationToken);

    public override Task<CancelMaintenanceResponse> CancelMaintenance(
        CancelMaintenanceRequest request, ServerCallContext context) =>
        maintenance.CancelAsync(request, context.CancellationToken);
}
