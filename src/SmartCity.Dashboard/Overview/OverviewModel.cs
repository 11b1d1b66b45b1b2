using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Dashboard.Overview;

/// <summary>The answers of one look at the city, asked for at the same time.</summary>
internal sealed record OverviewModel(
    Answer<ListPortsResponse> Ports, Answer<GetUtilizationResponse> Utilization, Answer<ListFaultsResponse> Faults,
    Answer<GetComplianceResponse> Compliance, Answer<ListObligationsResponse> Missed, Answer<GetIngestStatusResponse> Ingest,
    DateTimeOffset Now)
{
    // More than a district has points on a day.
    private const int MissedMax = 1_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Asks all questions.</summary>
    public static async Task<OverviewModel> AskAsync(
        ChargingService.ChargingServiceClient charging, FaultService.FaultServiceClient faults,
        SanitationService.SanitationServiceClient sanitation, OperationsService.OperationsServiceClient operations,
        TimeProvider clock, CancellationToken cancellation)
    {
        var options = new CallOptions(deadline: clock.GetUtcNow().Add(Deadline).UtcDateTime, cancellationToken: cancellation);
        var ports = AskedAsync(charging.ListPortsAsync(new ListPortsRequest { PageSize = 10_000 }, options));
        var utilization = AskedAsync(
            charging.GetUtilizationAsync(new GetUtilizationRequest { Period = Week(clock), Bucket = Bucket.Day }, options));
        var open = AskedAsync(
            faults.ListFaultsAsync(new ListFaultsRequest { PageSize = 15, MinSeverity = FaultSeverity.Minor }, options));
        var compliance = AskedAsync(sanitation.GetComplianceAsync(
            new GetComplianceRequest { GroupBy = GroupBy.Window, Dates = new DateRange() }, options));
        var missed = AskedAsync(sanitation.ListObligationsAsync(
            new ListObligationsRequest
            {
                Dates = Today(clock), Verdicts = { Verdict.Missed, Verdict.Overdue }, PageSize = MissedMax,
            },
            options));
        var ingest = AskedAsync(operations.GetIngestStatusAsync(new GetIngestStatusRequest(), options));
        return new OverviewModel(
            await ports, await utilization, await open, await compliance, await missed, await ingest, clock.GetUtcNow());
    }

    private static async Task<Answer<T>> AskedAsync<T>(AsyncUnaryCall<T> call)
        where T : class
    {
        try
        {
            return new Answer<T>(await call, "");
        }
        catch (RpcException e)
        {
            return new Answer<T>(
                null, $"The city's API did not answer ({e.StatusCode}: {e.Status.Detail}). This page tries again in 10 s.");
        }
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
