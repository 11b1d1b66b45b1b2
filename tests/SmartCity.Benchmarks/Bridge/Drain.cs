using System.Diagnostics;

namespace SmartCity.Benchmarks.Bridge;

/// <summary>Something that takes messages that a broker kept for it. It subscribes first, is away while they are sent, and comes
/// back.</summary>
internal abstract class Drain(string name)
{
    /// <summary>What the table calls it.</summary>
    public string Name => name;

    /// <summary>Makes the session that the broker keeps, and goes away.</summary>
    public abstract Task SubscribeAsync();

    /// <summary>Comes back and takes all; gives the time from the first to the last.</summary>
    public abstract Task<DrainFigures> RunAsync(long messages);

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(2);

    /// <summary>Looks again and again how many are done. What counts is what comes between the last look that saw none, or the first
    /// look of all, and the one that saw the last.</summary>
    /// <param name="cpu">Processor time that was used so far.</param>
    /// <param name="mayMiss">This many need not come: it is not waited for them.</param>
    protected static async Task<DrainFigures> TimeAsync(
        Func<Task<long>> done, Func<TimeSpan> cpu, long messages, TimeSpan every, long mayMiss = 0)
    {
        var (start, first, spent) = (0L, -1L, TimeSpan.Zero);
        var (seen, changed) = (0L, Stopwatch.GetTimestamp());
        while (seen < messages)
        {
            var (looked, used) = (Stopwatch.GetTimestamp(), cpu());
            var now = await done();
            (start, first, spent) = now == 0 || first < 0 ? (looked, now, used) : (start, first, spent);
            changed = now > seen ? Stopwatch.GetTimestamp() : changed;
            seen = now;
            if (seen >= messages - mayMiss && Stopwatch.GetElapsedTime(changed) > TimeSpan.FromSeconds(5))
            {
                break;
            }
            if (Stopwatch.GetElapsedTime(changed) > Silence)
            {
                throw new InvalidOperationException($"{seen:N0} of {messages:N0} came, and then nothing for two minutes.");
            }
            await Task.Delay(every, TimeProvider.System);
        }
        return new DrainFigures(seen - first, Stopwatch.GetElapsedTime(start, changed), cpu() - spent);
    }
}

/// <summary>What a drain took.</summary>
/// <param name="Messages">Of all, those that the time is of.</param>
/// <param name="Cpu">Processor time of the process that drained, without the database's.</param>
internal sealed record DrainFigures(long Messages, TimeSpan Time, TimeSpan Cpu)
{
    public double PerSecond => Messages / Time.TotalSeconds;
}
