using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Dashboard.Overview;

/// <summary>The answers of one look at the city, asked for at the same time.</summary>
internal sealed record OverviewModel(
    IReadOnlyList<Port> Ports, GetUtilizationResponse Utilization, ListFaultsResponse Faults, GetComplianceResponse Compliance,
    GetIngestStatusResponse Ingest, DateTimeOffset Now)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Asks all questions.</summary>
    /// <exception cref="RpcException">A question was not answered.</exception>
    public static async Task<OverviewModel> AskAsync(
        ChargingService.ChargingServiceClient charging, FaultService.FaultServiceClient faults,
        SanitationService.SanitationServiceClient sanitation, OperationsService.OperationsServiceClient operations,
        TimeProvider clock, CancellationToken cancellation)
    {
        var options = new CallOptions(deadline: clock.GetUtcNow().Add(Deadline).UtcDateTime, cancellationToken: cancellation);
        var ports = charging.ListPortsAsync(new ListPortsRequest { PageSize = 10_000 }, options);
        var utilization = charging.GetUtilizationAsync(new GetUtilizationRequest { Period = Week(clock), Bucket = Bucket.Day }, options);
        var open = faults.ListFaultsAsync(new ListFaultsRequest { PageSize = 15, MinSeverity = FaultSeverity.Minor }, options);
        var compliance = sanitation.GetComplianceAsync(
            new GetComplianceRequest { GroupBy = GroupBy.Window, Dates = new DateRange() }, options);
        var ingest = operations.GetIngestStatusAsync(new GetIngestStatusRequest(), options);
        return new OverviewModel(
            (await ports).Ports, await utilization, await open, await compliance, await ingest, clock.GetUtcNow());
    }

    // The last seven local days, today included.
    private static Period Week(TimeProvider clock)
    {
        var zone = CityTime.Zone;
        var now = clock.GetUtcNow();
        var local = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(-6);
        var from = new DateTimeOffset(local, zone.GetUtcOffset(local));
        return new Period { From = from.ToTimestamp(), Until = now.ToTimestamp(), TimeZone = zone.Id };
    }
}
