using Grpc.Core;

namespace SmartCity.Cli.Asking;

/// <summary>Follows a stream of the server until Ctrl+C. When the connection breaks, it goes on where it stopped.</summary>
internal static class Watching
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(30);

    /// <param name="left">Stop after so many answers of the server.</param>
    /// <param name="open">Opens the stream after a token; an empty one is its beginning.</param>
    /// <param name="show">Shows an answer and gives its token.</param>
    public static async Task RunAsync<T>(
        Question question, int left, Func<string, AsyncServerStreamingCall<T>> open, Func<T, Task<string>> show)
    {
        try
        {
            await FollowAsync(question, left, open, show);
        }
        catch (Exception e) when (
            question.Cancellation.IsCancellationRequested && e is RpcException or OperationCanceledException)
        {
            // Ctrl+C is how one stops watching.
        }
    }

    private static async Task FollowAsync<T>(
        Question question, int left, Func<string, AsyncServerStreamingCall<T>> open, Func<T, Task<string>> show)
    {
        var (token, failures) = ("", 0);
        while (true)
        {
            try
            {
                using var stream = open(token);
                while (await stream.ResponseStream.MoveNext(question.Cancellation))
                {
                    token = await show(stream.ResponseStream.Current);
                    failures = 0;
                    if (--left == 0)
                    {
                        return;
                    }
                }
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && token.Length > 0)
            {
                await question.Terminal.Error.WriteLineAsync("smartcity: The connection broke; trying again.");
            }
            await Task.Delay(Pause(++failures), question.Terminal.Clock, question.Cancellation);
        }
    }

    private static TimeSpan Pause(int failures) =>
        TimeSpan.FromSeconds(Math.Min(PauseMax.TotalSeconds, Math.Pow(2, Math.Min(failures, 10) - 1)));
}
