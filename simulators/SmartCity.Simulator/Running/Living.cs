using System.CommandLine;
using Grpc.Core;

namespace SmartCity.Simulator.Running;

/// <summary>How long a command lives, and what a person is told when it fails.</summary>
internal static class Living
{
    public const int Failed = 1;

    /// <summary>Works until it is done, Ctrl-C is pressed or the input closes (so that no simulator is left behind by
    /// a server that was killed): all of these end well.</summary>
    public static async Task<int> RunAsync(
        ParseResult result, Func<CancellationToken, Task<int>> work, CancellationToken cancellation)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var code = 0;
        var working = GuardAsync(async () => code = await work(stopping.Token));
        var ends = new List<Task> { working };
        if (result.GetValue(SharedOptions.UntilInputCloses))
        {
            ends.Add(InputClosedAsync(Console.OpenStandardInput(), stopping.Token));
        }
        await Task.WhenAny(ends);
        await stopping.CancelAsync();
        var failed = await working;
        return failed == 0 ? code : failed;
    }

    /// <summary>The edge: what a person can mend is said in a sentence.</summary>
    public static async Task<int> GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Cancelled)
        {
            return 0;
        }
        catch (RpcException e)
        {
            await Console.Error.WriteLineAsync($"The server answered {e.StatusCode}: {e.Status.Detail}");
            return Failed;
        }
        catch (Exception e) when (e is SimulatorException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return Failed;
        }
    }

    /// <summary>Completes when whoever holds the other end of our input closes it.</summary>
    private static async Task InputClosedAsync(Stream input, CancellationToken cancellation)
    {
        var ignored = new byte[256];
        while (await input.ReadAsync(ignored, cancellation) > 0)
        {
            // Nothing that is said matters; only the end does.
        }
    }
}
