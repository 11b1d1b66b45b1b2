using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

internal sealed class CannedCharging(CannedCity city) : ChargingService.ChargingServiceBase
{
    public override Task<ListPortsResponse> ListPorts(ListPortsRequest request, ServerCallContext context) =>
        city.Answer<ListPortsResponse>(request);

    // The connection breaks after a snapshot.
    public override async Task WatchPorts(
        WatchPortsRequest request, IServerStreamWriter<WatchPortsResponse> responseStream, ServerCallContext context)
    {
        var update = await city.Answer<WatchPortsResponse>(request);
        await responseStream.WriteAsync(update);
        if (update.Snapshot)
        {
            throw CannedCity.Failure(StatusCode.Unavailable, "restarting");
        }
        await responseStream.WriteAsync(update);
    }

    public override Task<GetUtilizationResponse> GetUtilization(GetUtilizationRequest request, ServerCallContext context) =>
        city.Answer<GetUtilizationResponse>(request);

    public override Task<ListSessionsResponse> ListSessions(ListSessionsRequest request, ServerCallContext context) =>
        city.Answer<ListSessionsResponse>(request);

    public override Task<GetStatusTimelineResponse> GetStatusTimeline(
        GetStatusTimelineRequest request, ServerCallContext context) => city.Answer<GetStatusTimelineResponse>(request);

    public override Task<ListOverstaysResponse> ListOverstays(ListOverstaysRequest request, ServerCallContext context) =>
        city.Answer<ListOverstaysResponse>(request);
}

internal sealed class CannedCapacity(CannedCity city) : CapacityService.CapacityServiceBase
{
    public override Task<GetCapacityAdviceResponse> GetCapacityAdvice(GetCapacityAdviceRequest request, ServerCallContext context) =>
        city.Answer<GetCapacityAdviceResponse>(request);
}

internal sealed class CannedFaults(CannedCity city) : FaultService.FaultServiceBase
{
    public override Task<ListFaultsResponse> ListFaults(ListFaultsRequest request, ServerCallContext context) =>
        city.Answer<ListFaultsResponse>(request);

    public override Task<GetFaultStatisticsResponse> GetFaultStatistics(
        GetFaultStatisticsRequest request, ServerCallContext context) => city.Answer<GetFaultStatisticsResponse>(request);

    // The connection breaks after a snapshot.
    public override async Task WatchFaults(
        WatchFaultsRequest request, IServerStreamWriter<WatchFaultsResponse> responseStream, ServerCallContext context)
    {
        var update = await city.Answer<WatchFaultsResponse>(request);
        await responseStream.WriteAsync(update);
        if (update.Snapshot)
        {
            throw CannedCity.Failure(StatusCode.Unavailable, "restarting");
        }
    }

    public override Task<AcknowledgeFaultResponse> AcknowledgeFault(AcknowledgeFaultRequest request, ServerCallContext context) =>
        city.Answer<AcknowledgeFaultResponse>(request);

    public override Task<AssignFaultResponse> AssignFault(AssignFaultRequest request, ServerCallContext context) =>
        city.Answer<AssignFaultResponse>(request);

    public override Task<ResolveFaultResponse> ResolveFault(ResolveFaultRequest request, ServerCallContext context) =>
        city.Answer<ResolveFaultResponse>(request);

    public override Task<CloseFaultResponse> CloseFault(CloseFaultRequest request, ServerCallContext context) =>
        city.Answer<CloseFaultResponse>(request);

    public override Task<ListIncidentsResponse> ListIncidents(ListIncidentsRequest request, ServerCallContext context) =>
        city.Answer<ListIncidentsResponse>(request);

    public override Task<DeclareMaintenanceResponse> DeclareMaintenance(
        DeclareMaintenanceRequest request, ServerCallContext context) => city.Answer<DeclareMaintenanceResponse>(request);

    public override Task<ListMaintenanceResponse> ListMaintenance(ListMaintenanceRequest request, ServerCallContext context) =>
        city.Answer<ListMaintenanceResponse>(request);

    public override Task<CancelMaintenanceResponse> CancelMaintenance(
        CancelMaintenanceRequest request, ServerCallContext context) => city.Answer<CancelMaintenanceResponse>(request);
}

internal sealed class CannedSanitation(CannedCity city) : SanitationService.SanitationServiceBase
{
    public override Task<GetComplianceResponse> GetCompliance(GetComplianceRequest request, ServerCallContext context) =>
        city.Answer<GetComplianceResponse>(request);

    public override Task<ListObligationsResponse> ListObligations(ListObligationsRequest request, ServerCallContext context) =>
        city.Answer<ListObligationsResponse>(request);

    public override Task<ExplainObligationResponse> ExplainObligation(
        ExplainObligationRequest request, ServerCallContext context) => city.Answer<ExplainObligationResponse>(request);

    public override Task<ListVisitsResponse> ListVisits(ListVisitsRequest request, ServerCallContext context) =>
        city.Answer<ListVisitsResponse>(request);

    public override Task<ListTrucksResponse> ListTrucks(ListTrucksRequest request, ServerCallContext context) =>
        city.Answer<ListTrucksResponse>(request);

    public override async Task WatchTrucks(
        WatchTrucksRequest request, IServerStreamWriter<WatchTrucksResponse> responseStream, ServerCallContext context)
    {
        var update = await city.Answer<WatchTrucksResponse>(request);
        await responseStream.WriteAsync(update);
        if (update.Snapshot)
        {
            throw CannedCity.Failure(StatusCode.Unavailable, "restarting");
        }
    }

    public override async Task WatchObligations(
        WatchObligationsRequest request, IServerStreamWriter<WatchObligationsResponse> responseStream, ServerCallContext context)
    {
        var update = await city.Answer<WatchObligationsResponse>(request);
        await responseStream.WriteAsync(update);
        if (update.Snapshot)
        {
            throw CannedCity.Failure(StatusCode.Unavailable, "restarting");
        }
    }

    public override Task<ListAtRiskResponse> ListAtRisk(ListAtRiskRequest request, ServerCallContext context) =>
        city.Answer<ListAtRiskResponse>(request);

    public override Task<DeclareExceptionResponse> DeclareException(DeclareExceptionRequest request, ServerCallContext context) =>
        city.Answer<DeclareExceptionResponse>(request);

    public override Task<DecideExceptionResponse> DecideException(DecideExceptionRequest request, ServerCallContext context) =>
        city.Answer<DecideExceptionResponse>(request);

    public override Task<ListExceptionsResponse> ListExceptions(ListExceptionsRequest request, ServerCallContext context) =>
        city.Answer<ListExceptionsResponse>(request);

    public override Task<ConfirmCollectionResponse> ConfirmCollection(ConfirmCollectionRequest request, ServerCallContext context) =>
        city.Answer<ConfirmCollectionResponse>(request);

    public override Task<ListConfirmationsResponse> ListConfirmations(ListConfirmationsRequest request, ServerCallContext context) =>
        city.Answer<ListConfirmationsResponse>(request);

    public override Task<DecideConfirmationResponse> DecideConfirmation(
        DecideConfirmationRequest request, ServerCallContext context) => city.Answer<DecideConfirmationResponse>(request);
}

internal sealed class CannedOperations(CannedCity city) : OperationsService.OperationsServiceBase
{
    public override Task<GetIngestStatusResponse> GetIngestStatus(GetIngestStatusRequest request, ServerCallContext context) =>
        city.Answer<GetIngestStatusResponse>(request);

    public override Task<GetReceiptsResponse> GetReceipts(GetReceiptsRequest request, ServerCallContext context) =>
        city.Answer<GetReceiptsResponse>(request);

    public override Task<ListGapsResponse> ListGaps(ListGapsRequest request, ServerCallContext context) =>
        city.Answer<ListGapsResponse>(request);

    public override Task<ListDeadLettersResponse> ListDeadLetters(ListDeadLettersRequest request, ServerCallContext context) =>
        city.Answer<ListDeadLettersResponse>(request);

    public override Task<ReplayDeadLettersResponse> ReplayDeadLetters(
        ReplayDeadLettersRequest request, ServerCallContext context) => city.Answer<ReplayDeadLettersResponse>(request);
}

internal sealed class CannedRegistry(CannedCity city) : RegistryService.RegistryServiceBase
{
    public override Task<GetAssetResponse> GetAsset(GetAssetRequest request, ServerCallContext context) =>
        city.Answer<GetAssetResponse>(request);

    public override Task<ListAssetsResponse> ListAssets(ListAssetsRequest request, ServerCallContext context) =>
        city.Answer<ListAssetsResponse>(request);

    public override Task<ImportAssetsResponse> ImportAssets(ImportAssetsRequest request, ServerCallContext context) =>
        city.Answer<ImportAssetsResponse>(request);

    public override Task<ExportAssetsResponse> ExportAssets(ExportAssetsRequest request, ServerCallContext context) =>
        city.Answer<ExportAssetsResponse>(request);
}
