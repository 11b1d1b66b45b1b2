using System.CommandLine;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Faults;
using SmartCity.Cli.Sanitation;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Charging;

/// <summary><c>smartcity watch ports|faults|trucks|obligations</c></summary>
internal static class WatchCommand
{
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
            [.. ScopeOptions.OfPiles, Watching.Updates],
            WatchPortsAsync),
        Question.Command(
            terminal,
            "faults",
            "The open faults, then every change: what breaks, what is over, and who sees to it.",
            """
            smartcity watch faults --district 220204
            smartcity watch faults --output json | jq -r '.faults[].faultId'
            """,
            [.. ScopeOptions.OfPiles, Watching.Updates],
            WatchFaultsAsync),
        Question.Command(
            terminal,
            "trucks",
            "Every truck, then every change: where it is, where it stands, and when it is not heard any more.",
            """
            smartcity watch trucks --district 220204
            smartcity watch trucks --output json | jq -r '.trucks[].truckId'
            """,
            [.. ScopeOptions.OfTrucks, Watching.Updates],
            WatchTrucksAsync),
        Question.Command(
            terminal,
            "obligations",
            "What was to be collected in the last three days, then every change of a verdict and what made it.",
            """
            smartcity watch obligations --district 220204
            smartcity watch obligations --output json | jq -r '.changes[].change.reason'
            """,
            [.. ScopeOptions.OfPoints, Watching.Updates],
            WatchObligationsAsync),
    };

    private static Task WatchPortsAsync(Question question)
    {
        var client = new ChargingService.ChargingServiceClient(question.Channel);
        return Watching.RunAsync(
            question,
            token => client.WatchPorts(new WatchPortsRequest { Scope = question.Scope, ResumeToken = token }, question.Stream),
            new PortScreen(question).ShowAsync, update => update.ResumeToken);
    }

    private static Task WatchFaultsAsync(Question question)
    {
        var client = new FaultService.FaultServiceClient(question.Channel);
        return Watching.RunAsync(
            question,
            token => client.WatchFaults(new WatchFaultsRequest { Scope = question.Scope, ResumeToken = token }, question.Stream),
            new FaultScreen(question).ShowAsync, update => update.ResumeToken);
    }

    private static Task WatchTrucksAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        return Watching.RunAsync(
            question,
            token => client.WatchTrucks(new WatchTrucksRequest { Scope = question.Scope, ResumeToken = token }, question.Stream),
            new TruckScreen(question).ShowAsync, update => update.ResumeToken);
    }

    private static Task WatchObligationsAsync(Question question)
    {
        var client = new SanitationService.SanitationServiceClient(question.Channel);
        return Watching.RunAsync(
            question,
            token => client.WatchObligations(
                new WatchObligationsRequest { Scope = question.Scope, ResumeToken = token }, question.Stream),
            new ObligationScreen(question).ShowAsync, update => update.ResumeToken);
    }
}
