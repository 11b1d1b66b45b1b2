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

    /// <summary>Looks again and again how many are done; the time counts from the last look that saw none to the one that saw the
    /// last.</summary>
    /// <param name="mayMiss">This many need not come: it is not waited for them.</param>
    protected static async Task<TimeSpan> TimeAsync(Func<Task<long>> done, long messages, TimeSpan every, long mayMiss = 0)
    {
        var (start, seen, changed) = (Stopwatch.GetTimestamp(), 0L, Stopwatch.GetTimestamp());
        while (seen < messages)
        {
            var looked = Stopwatch.GetTimestamp();
            var now = await done();
            start = now == 0 ? looked : start;
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
        return Stopwatch.GetElapsedTime(start, changed);
    }
}

/// <summary>What a drain took.</summary>
/// <param name="Cpu">Processor time of the process that drained, without the database's; null where it was not measured.</param>
internal sealed record DrainFigures(long Messages, TimeSpan Time, TimeSpan? Cpu)
{
    public double PerSecond => Messages / Time.TotalSeconds;
}
