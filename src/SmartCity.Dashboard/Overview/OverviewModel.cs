using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Dashboard.Overview;

/// <summary>The answers of one look at the city, asked for at the same time.</summary>
internal sealed record OverviewModel(
    IReadOnlyList<Port> Ports, GetUtilizationResponse Utilization, ListFaultsResponse Faults, GetComplianceResponse Compliance,
    ListObligationsResponse Missed, GetIngestStatusResponse Ingest, DateTimeOffset Now)
{
    /// <summary>The most missed collections on the page.</summary>
    public const int MissedMax = 12;

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
        var missed = sanitation.ListObligationsAsync(
            new ListObligationsRequest
            {
                Dates = Today(clock), Verdicts = { Verdict.Missed, Verdict.Overdue }, PageSize = MissedMax,
            },
            options);
        var ingest = operations.GetIngestStatusAsync(new GetIngestStatusRequest(), options);
        return new OverviewModel(
            (await ports).Ports, await utilization, await open, await compliance, await missed, await ingest,
            clock.GetUtcNow());
    }

    // A service day begins at 03:00, so that the small hours belong to the evening before.
    private static DateRange Today(TimeProvider clock)
    {
        var day = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), CityTime.Zone).AddHours(-3);
        var date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new DateRange { First = date, Last = date };
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
