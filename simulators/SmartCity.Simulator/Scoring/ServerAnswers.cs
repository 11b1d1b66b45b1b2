using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using SmartCity.Protocol.V1;
using Session = SmartCity.Protocol.V1.Session;

namespace SmartCity.Simulator.Scoring;

/// <summary>What a server says of the period of a truth, asked through its API as any client asks.</summary>
internal sealed class ServerAnswers
{
    private const int PageSize = 4_000, DoubtsMax = 1_000;
    private static readonly TimeSpan SettleStep = TimeSpan.FromMilliseconds(200);

    public List<Obligation> Obligations { get; } = [];

    /// <summary>Of those that are UNDETERMINED, and truly MISSED: which trucks could have come unseen, and when.</summary>
    public Dictionary<string, List<TruckWatch>> Doubts { get; } = [];

    public List<Fault> Faults { get; } = [];

    public List<Session> Sessions { get; } = [];

    public List<UtilizationRow> Days { get; } = [];

    public UtilizationRow Total { get; private set; } = new();

    /// <summary>Asks once everything that the server acknowledged is in its store.</summary>
    public static async Task<ServerAnswers> AskAsync(
        ChannelBase server, TruthLines truth, TimeProvider clock, CancellationToken cancellation)
    {
        await SettleAsync(new OperationsService.OperationsServiceClient(server), clock, cancellation);
        var answers = new ServerAnswers();
        var period = new Period
        {
            From = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(truth.From)),
            Until = Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(truth.Until)),
        };
        await answers.AskSanitationAsync(server, truth, cancellation);
        await answers.AskFaultsAsync(server, period, cancellation);
        await answers.AskChargingAsync(server, period, cancellation);
        return answers;
    }

    private static async Task SettleAsync(
        OperationsService.OperationsServiceClient operations, TimeProvider clock, CancellationToken cancellation)
    {
        while ((await operations.GetIngestStatusAsync(new GetIngestStatusRequest(), cancellationToken: cancellation))
            .MessagesBehind > 0)
        {
            await Task.Delay(SettleStep, clock, cancellation);
        }
    }

    private async Task AskSanitationAsync(ChannelBase server, TruthLines truth, CancellationToken cancellation)
    {
        var client = new SanitationService.SanitationServiceClient(server);
        var request = new ListObligationsRequest
        {
            Dates = new DateRange { First = truth.FirstDate, Last = truth.LastDate }, PageSize = PageSize,
        };
        do
        {
            var page = await client.ListObligationsAsync(request, cancellationToken: cancellation);
            Obligations.AddRange(page.Obligations);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        // Where a collection took place, the truth alone tells what was lost of it.
        var missed = truth.Obligations.Where(o => o.At is null).Select(o => o.Id).ToHashSet();
        var doubts = Obligations.Where(o => o.Verdict == Verdict.Undetermined && missed.Contains(o.ObligationId));
        foreach (var doubted in doubts.Take(DoubtsMax))
        {
            var explained = await client.ExplainObligationAsync(
                new ExplainObligationRequest { ObligationId = doubted.ObligationId }, cancellationToken: cancellation);
            Doubts[doubted.ObligationId] = [.. explained.Trucks.Where(t => t.CouldHaveComeUnseen)];
        }
    }

    private async Task AskFaultsAsync(ChannelBase server, Period period, CancellationToken cancellation)
    {
        var client = new FaultService.FaultServiceClient(server);
        var request = new ListFaultsRequest { Period = period, IncludeTransients = true, PageSize = PageSize };
        do
        {
            var page = await client.ListFaultsAsync(request, cancellationToken: cancellation);
            Faults.AddRange(page.Faults);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
    }

    private async Task AskChargingAsync(ChannelBase server, Period period, CancellationToken cancellation)
    {
        var client = new ChargingService.ChargingServiceClient(server);
        var sessions = new ListSessionsRequest { Period = period, PageSize = PageSize };
        do
        {
            var page = await client.ListSessionsAsync(sessions, cancellationToken: cancellation);
            Sessions.AddRange(page.Sessions);
            sessions.PageToken = page.NextPageToken;
        }
        while (sessions.PageToken.Length > 0);
        var use = new GetUtilizationRequest
        {
            Period = period, GroupBy = GroupBy.Port, Bucket = Bucket.Day, PageSize = PageSize,
        };
        do
        {
            var page = await client.GetUtilizationAsync(use, cancellationToken: cancellation);
            Days.AddRange(page.Rows);
            Total = page.Total;
            use.PageToken = page.NextPageToken;
        }
        while (use.PageToken.Length > 0);
    }
}
