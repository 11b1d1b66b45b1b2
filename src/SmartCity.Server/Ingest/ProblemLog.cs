using System.Collections.Concurrent;

namespace SmartCity.Server.Ingest;

/// <summary>Logs problems that may come thousands a second: the first at once, the rest as one line a minute.</summary>
internal sealed partial class ProblemLog(TimeProvider clock, ILogger<ProblemLog> logger) : BackgroundService
{
    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Tally> tallies = new(StringComparer.Ordinal);

    /// <summary>Counts a problem of a kind. Kinds are few and fixed; the example may be anything.</summary>
    public void Report(string kind, string example)
    {
        var tally = tallies.GetOrAdd(kind, static _ => new Tally());
        tally.Last = example;
        if (Interlocked.Increment(ref tally.Count) == 1)
        {
            Log.First(logger, kind, example);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Span, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Summarize();
            }
        }
        catch (OperationCanceledException)
        {
            Summarize();
        }
    }

    private void Summarize()
    {
        foreach (var (kind, tally) in tallies)
        {
            var count = Interlocked.Exchange(ref tally.Count, 0);
            if (count > 1)
            {
                Log.Summary(logger, kind, count, tally.Last);
            }
        }
    }

    private sealed class Tally
    {
        public int Count;
        public volatile string Last = "";
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Kind}: {Example}")]
        public static partial void First(ILogger logger, string kind, string example);

        [LoggerMessage(LogLevel.Warning, "{Kind}: {Count} in the last minute; the last: {Example}")]
        public static partial void Summary(ILogger logger, string kind, int count, string example);
    }
}
