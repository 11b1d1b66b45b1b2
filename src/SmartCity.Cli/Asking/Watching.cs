using System.CommandLine;
using Grpc.Core;

namespace SmartCity.Cli.Asking;

/// <summary>Follows a stream of the server until Ctrl+C. When the connection breaks, it goes on where it stopped.</summary>
internal static class Watching
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    public static readonly Option<int> Updates = Numbers.Count(
        "--updates", "Stop after this many answers of the server; the first has all that is there.", int.MaxValue, int.MaxValue);

    /// <param name="open">Opens the stream after a token; an empty one is its beginning.</param>
    /// <param name="show">Shows an answer.</param>
    /// <param name="tokenOf">Where a stream goes on after an answer.</param>
    public static async Task RunAsync<T>(
        Question question, Func<string, AsyncServerStreamingCall<T>> open, Func<T, Task> show, Func<T, string> tokenOf)
    {
        try
        {
            await FollowAsync(question, open, show, tokenOf);
        }
        catch (Exception e) when (
            question.Cancellation.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // Ctrl+C is how one stops watching.
        }
    }

    private static async Task FollowAsync<T>(
        Question question, Func<string, AsyncServerStreamingCall<T>> open, Func<T, Task> show, Func<T, string> tokenOf)
    {
        var (token, failures, left, isBegun) = ("", 0, question.Get(Updates), false);
        while (true)
        {
            try
            {
                using var stream = open(token);
                while (await stream.ResponseStream.MoveNext(question.Cancellation))
                {
                    await show(stream.ResponseStream.Current);
                    (failures, isBegun) = (0, true);
                    // Only the last part of an answer says where to go on.
                    if (tokenOf(stream.ResponseStream.Current) is not { Length: > 0 } next)
                    {
                        continue;
                    }
                    token = next;
                    if (--left == 0)
                    {
                        return;
                    }
                }
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && isBegun)
            {
                await question.Terminal.Error.WriteLineAsync("smartcity: The connection broke; trying again.");
            }
            await Task.Delay(Pause(++failures), question.Terminal.Clock, question.Cancellation);
        }
    }

    private static TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(PauseMax.TotalSeconds, Math.Pow(2, Math.Min(failures, 10) - 1)));
}
