using System.Diagnostics;

namespace SmartCity.Simulator.Running;

/// <summary>Ends with the process that started us, so that no simulator is left behind by a server that was killed.</summary>
internal static class Lifetime
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <summary>Completes when the parent is gone.</summary>
    public static async Task ParentGoneAsync(int parentPid, TimeProvider clock, CancellationToken cancellation)
    {
        var started = StartOf(parentPid);
        using var timer = new PeriodicTimer(Every, clock);
        while (started is not null && StartOf(parentPid) == started)
        {
            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Completes when whoever holds the other end of our input closes it.</summary>
    public static async Task InputClosedAsync(Stream input, CancellationToken cancellation)
    {
        var ignored = new byte[256];
        while (await input.ReadAsync(ignored, cancellation) > 0)
        {
            // Nothing that is said matters; only the end does.
        }
    }

    // The start time tells a parent from a stranger that was given its id later.
    private static DateTime? StartOf(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return process.HasExited ? null : process.StartTime;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
