using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>Messages a second, over the last ten seconds.</summary>
internal sealed class IngestRate(JournalLog journal, TimeProvider clock) : BackgroundService
{
    private const int Samples = 10;
    private readonly Queue<(long At, long Head)> samples = new();
    private readonly Lock sampling = new();

    /// <summary>Messages a second now.</summary>
    public double PerSecond
    {
        get
        {
            lock (sampling)
            {
                if (!samples.TryPeek(out var oldest))
                {
                    return 0;
                }
                var seconds = clock.GetElapsedTime(oldest.At).TotalSeconds;
                return seconds > 0 ? (journal.Head - oldest.Head) / seconds : 0;
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        do
        {
            lock (sampling)
            {
                samples.Enqueue((clock.GetTimestamp(), journal.Head));
                if (samples.Count > Samples)
                {
                    samples.Dequeue();
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
