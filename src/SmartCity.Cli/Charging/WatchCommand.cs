using System.CommandLine;
using Grpc.Core;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Charging;

/// <summary><c>smartcity watch ports</c></summary>
internal static class WatchCommand
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    private static readonly Option<int> Updates = CommonOptions.Bounded(
        "--updates", "Stop after this many answers of the server; the first has all ports.", int.MaxValue, int.MaxValue);

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
            AskAsync),
    };

    private static async Task AskAsync(Question question)
    {
        try
        {
            await WatchAsync(question);
        }
        catch (Exception e) when (
            question.Cancellation.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // Ctrl+C is how one stops watching.
        }
    }

    private static async Task WatchAsync(Question question)
    {
        var client = new ChargingService.ChargingServiceClient(question.Channel);
        var request = new WatchPortsRequest { Scope = question.Scope };
        var screen = new PortScreen(question);
        var (left, failures) = (question.Get(Updates), 0);
        while (true)
        {
            try
            {
                using var stream = client.WatchPorts(request, question.Stream);
                while (await stream.ResponseStream.MoveNext(question.Cancellation))
                {
                    await screen.ShowAsync(stream.ResponseStream.Current);
                    request.ResumeToken = stream.ResponseStream.Current.ResumeToken;
                    failures = 0;
                    if (--left == 0)
                    {
                        return;
                    }
                }
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && request.ResumeToken.Length > 0)
            {
                await question.Terminal.Error.WriteLineAsync("smartcity: The connection broke; trying again.");
            }
            await Task.Delay(Pause(++failures), question.Terminal.Clock, question.Cancellation);
        }
    }

    private static TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(PauseMax.TotalSeconds, Math.Pow(2, Math.Min(failures, 10) - 1)));
}
