using SmartCity.Domain.Telemetry;
using SmartCity.Server.Live;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>Takes messages right after the journal's commit, decodes each once, and hands it to the live state and to the store
/// writer. Waits for nobody who watches, and for the store no longer than <see cref="DecodedBuffer"/> says.</summary>
internal sealed class HotPath(
    JournalLog journal, Decoder decoder, LiveCity live, DecodedBuffer buffer, IngestProgress progress, ProblemLog problems,
    TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(1);

    // What is imported from longer ago shows in the live state only where it may last for ever.
    private static readonly TimeSpan ShownBack = TimeSpan.FromDays(30);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Listens from the start, so that nothing falls between the first reading from disk and the first commit.
    private readonly JournalFollower follower = new(journal);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        follower.Dispose(); // Ends the loop once everything committed has gone through it.
        await Task.WhenAny(ExecuteTask ?? Task.CompletedTask, Task.Delay(DrainMax, clock, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            progress.LivePosition = await progress.Opened.WaitAsync(stoppingToken);
            while (!await TryFollowAsync(stoppingToken))
            {
                await Task.Delay(RetryAfter, clock, stoppingToken);
            }
        }
        finally
        {
            buffer.Complete();
        }
    }

    private async Task<bool> TryFollowAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var chunk in follower.FollowAsync(progress.LivePosition, stopping))
            {
                foreach (var message in chunk)
                {
                    await TakeAsync(message, stopping);
                }
                progress.LivePosition = chunk[^1].Position + 1;
            }
            return true;
        }
        catch (JournalUnavailableException e)
        {
            problems.Report("the journal cannot be read; trying again", e.Message);
            return false;
        }
    }

    private ValueTask TakeAsync(in JournalMessage message, CancellationToken stopping)
    {
        var decoded = decoder.Decode(message);
        foreach (var telemetry in decoded.Messages)
        {
            if (telemetry.Channel == Domain.Telemetry.Channel.Fault || telemetry.Received > Instant.From(clock.GetUtcNow()) - ShownBack)
            {
                Show(telemetry);
            }
        }
        return buffer.OfferAsync(decoded, stopping);
    }

    private void Show(TelemetryMessage telemetry)
    {
        try
        {
            live.Apply(telemetry);
        }
        catch (Exception e) // Ours to mend; until then it is stored all the same, and the live state misses one message.
        {
            problems.Report(
                "the live state failed on a message: please report this", $"{telemetry.Kind} {telemetry.Device}: {e}");
        }
    }
}
