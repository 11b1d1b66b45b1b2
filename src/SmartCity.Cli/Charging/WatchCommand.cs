using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Faults;
using SmartCity.Cli.Sanitation;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Charging;

/// <summary><c>smartcity watch ports|faults|trucks|obligations</c></summary>
internal static class WatchCommand
{
    private static readonly Option<int> Updates = CommonOptions.Bounded(
        "--updates", "Stop after this many answers of the server; the first has all that is there.", int.MaxValue, int.MaxValue);

    public static Command Build(Terminal terminal) => new("watch", "Shows changes as they happen, until Ctrl+C.")
    {
        Question.Command(
            terminal,
            "ports",
            "Every port, then every change. When the connection breaks, it goes on where it stopped.",
            """
            smartcity watch ports --compound 220204-C01
            smartcity watch ports --output json | jq -r '.ports[].pileId'
            """,
            [.. ScopeOptions.OfPiles, Updates],
            WatchPortsAsync),
        Question.Command(
            terminal,
            "faults",
            "The open faults, then every change: what breaks, what is over, and who sees to it.",
            """
            smartcity watch faults --district 220204
            smartcity watch faults --output json | jq -r '.faults[].faultId'
            """,
            [.. ScopeOptions.OfPiles, Updates],
            WatchFaultsAsync),
        Question.Command(
            terminal,
            "trucks",
            "Every truck, then every change: where it is, where it stands, and when it is not heard any more.",
            """
            smartcity watch trucks --district 220204
            smartcity watch trucks --output json | jq -r '.trucks[].truckId'
            """,
            [.. ScopeOptions.OfTrucks, Updates],
            WatchTrucksAsync),
        Question.Command(
            terminal,
            "obligations",
            "What was to be collected in the last three days, then every change of a verdict and what made it.",
            """
            smartcity watch obligations --district 220204
            smartcity watch obligations --output json | jq -r '.changes[].change.reason'
            """,
            [.. ScopeOptions.OfPoints, Updates],
            WatchObligationsAsync),
    };

    private static async Task WatchPortsAsync(Question question)
    {
        var client = new ChargingService.ChargingServiceClient(question.Channel);
        var screen = new PortScreen(question);
        await Watching.RunAsync(
            question, question.Get(Updates),
            token => client.WatchPorts(new WatchPortsRequest { Scope = question.Scope, ResumeToken = token }, question.Stream),
            async update =>
            {
                await screen.ShowAsync(update);
                return update.ResumeToken;
            });
    }

    private static async Task WatchFaultsAsync(Question question)
    {
        var client = new FaultService.FaultServiceClient(question.Channel);
        var screen = new FaultScreen(question);
        await Watching.RunAsync(
            question, question.Get(Updates),
            token => client.WatchFaults(new WatchFaultsRequest { Scope = question.Scope, ResumeToken = token }, question.Stream),
            async update =>
            {
                await screen.ShowAsync(update);
                return update.ResumeToken;
            });
    }

    private static async Task WatchTrucksAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var screen = new TruckScreen(question);
        await Watching.RunAsync(
            question, question.Get(Updates),
            token => client.WatchTrucks(new WatchTrucksRequest { Scope = question.Scope, ResumeToken = token }, question.Stream),
            async update =>
            {
                await screen.ShowAsync(update);
                return update.ResumeToken;
            });
    }

    private static async Task WatchObligationsAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        var screen = new ObligationScreen(question);
        await Watching.RunAsync(
            question, question.Get(Updates),
            token => client.WatchObligations(
                new WatchObligationsRequest { Scope = question.Scope, ResumeToken = token }, question.Stream),
            async update =>
            {
                await screen.ShowAsync(update);
                return update.ResumeToken;
            });
    }
}
