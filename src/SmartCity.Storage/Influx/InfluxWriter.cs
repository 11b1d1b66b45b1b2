using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Writes batches: several requests at one time, each tried for about ten seconds. Lines that were written before are
/// written again without harm. Safe for many threads; a batch must not change until its call has ended.</summary>
internal sealed class InfluxWriter : IDisposable
{
    private const int SmallestBytesMax = 16 << 10;

    private readonly InfluxHttp http;
    private readonly WriteAttempts attempts;
    private readonly SemaphoreSlim room;
    private readonly LastTakenLines taken = new();
    private int bytesMax;

    public InfluxWriter(IInfluxWire wire, InfluxHttp http)
    {
        this.http = http;
        attempts = new WriteAttempts(wire, http);
        room = new SemaphoreSlim(http.Options.WritesMax);
        bytesMax = http.Options.BatchBytesMax;
    }

    /// <summary>Writes all lines, or throws. After an exception any of them may be stored.</summary>
    /// <exception cref="StoreRefusedException">It never takes some of the lines; the others are stored, unless there are very
    /// many of those.</exception>
    /// <exception cref="StoreUnavailableException">Worth another try later; the message says what to do.</exception>
    public async ValueTask WriteAsync(string database, LineBatch lines, CancellationToken cancellation)
    {
        var runs = new List<Task<RefusedLine?>>();
        for (int first = 0, count; first < lines.Lines; first += count)
        {
            count = lines.Fitting(
                first, http.Options.BatchLinesMax, Math.Min(Volatile.Read(ref bytesMax), attempts.SlowBytesMax));
            var run = WriteAsync(database, lines, first, count, cancellation);
            runs.Add(run);
            if (!attempts.IsAnswered)
            {
                // More than one request would only be turned away while the first finds out whether the database is back.
                await Task.WhenAll(runs);
            }
        }
        // All, also when one fails: the batch's memory is in use until then.
        var refused = await Task.WhenAll(runs);
        if (Array.Find(refused, r => r is not null) is { } line)
        {
            throw new StoreRefusedException(
                $"InfluxDB at {http.Address.Url} refuses '{lines.Show(line.Line)}': {http.Address.Redact(line.Reason)}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => room.Dispose();

    private async Task<RefusedLine?> WriteAsync(
        string database, LineBatch lines, int first, int count, CancellationToken cancellation)
    {
        await room.WaitAsync(cancellation);
        try
        {
            var run = new WriteRun(attempts, taken, http, database, lines);
            await run.WriteAsync(first, count, cancellation);
            if (run.SmallestTooLarge is { } bytes)
            {
                Volatile.Write(ref bytesMax, Math.Max(SmallestBytesMax, Math.Min(bytesMax, bytes / 2)));
            }
            return run.Refused.Count == 0 ? null : run.Refused[0];
        }
        finally
        {
            room.Release();
        }
    }
}
