using System.Diagnostics;
using Spectre.Console;

namespace SmartCity.Simulator.Running;

/// <summary>Tells how it goes: one line that renews itself on a terminal, a line every 10 s elsewhere.</summary>
internal static class ProgressLine
{
    private static readonly TimeSpan OnTerminal = TimeSpan.FromSeconds(1), Elsewhere = TimeSpan.FromSeconds(10);

    /// <summary>Does the work and shows <paramref name="line"/> meanwhile; it is given the seconds since the last line.</summary>
    public static async Task ShowAsync(
        Func<double, string> line, TimeProvider clock, Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var showing = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected
            ? AnsiConsole.Status().StartAsync("...", status => RepeatAsync(
                OnTerminal, line, text => status.Status = Markup.Escape(text), clock, done.Token))
            : RepeatAsync(Elsewhere, line, Console.WriteLine, clock, done.Token);
        try
        {
            await work(stopping);
        }
        finally
        {
            await done.CancelAsync();
            await showing;
        }
    }

    private static async Task RepeatAsync(
        TimeSpan every, Func<double, string> line, Action<string> show, TimeProvider clock, CancellationToken done)
    {
        using var timer = new PeriodicTimer(every, clock);
        var last = Stopwatch.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                show(line(Stopwatch.GetElapsedTime(last).TotalSeconds));
                last = Stopwatch.GetTimestamp();
            }
        }
        catch (OperationCanceledException)
        {
            // The work is done.
        }
    }
}
