using Microsoft.Extensions.Options;
using Polly;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Mqtt;
using SmartCity.Server.Settings;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Ingest;

/// <summary>Moves messages from the journal into the store, in order, many at a time, for as long as it takes.</summary>
internal sealed partial class StoreWriter(
    JournalLog journal, ITelemetryStore store, MessageLedger ledger, DeadLetterStore deadLetters, Decoder decoder,
    DecodedBuffer buffer, IngestProgress progress, StoreOpening opening, GapFinder gaps, DeviceErrors errors,
    ImportTally imports, CheckpointPause pause, ProblemLog problems, IOptions<IngestOptions> options, TimeProvider clock,
    ILogger<StoreWriter> logger) : BackgroundService
{
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(2);

    // Of payloads in one transaction: it is decoded in memory.
    private const long BatchBytesMax = 32L * 1024 * 1024;

    private readonly ResiliencePipeline retry = Retrying.ForEver(clock, failure =>
    {
        progress.Problem = failure.Message;
        problems.Report("the store takes nothing; what comes in waits in the journal", failure.Message);
    });

    private readonly List<Decoded> batch = [];
    private long batchBytes;
    private long next;
    private long uncheckpointed;
    private long checkpointed;

    private bool IsFull => batch.Count >= options.Value.BatchMessages || batchBytes >= BatchBytesMax;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await opening.TryPassStoreAsync(cancellationToken);
        if (journal.Head > 0)
        {
            await opening.PassUnaskedAsync(cancellationToken);
        }
        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // The hot path has ended by now. What does not get into the store in time is in the journal at the next start.
        await Task.WhenAny(ExecuteTask ?? Task.CompletedTask, Task.Delay(DrainMax, clock, cancellationToken));
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await opening.PassStoreAsync(stoppingToken);
        await opening.OpenAsync(stoppingToken);
        next = progress.Store.Position;
        checkpointed = clock.GetTimestamp();
        try
        {
            while (await WaitAsync(stoppingToken))
            {
                await RetryAsync(GatherAsync, stoppingToken);
                if (next > progress.Store.Position)
                {
                    await RetryAsync(SettleAsync, stoppingToken);
                    uncheckpointed += batch.Count;
                    Clear();
                }
                await CheckpointWhenDueAsync(stoppingToken);
            }
        }
        finally
        {
            await LastCheckpointAsync();
        }
    }

    private async Task<bool> WaitAsync(CancellationToken stopping)
    {
        if (next <= buffer.Last)
        {
            return true;
        }
        if (uncheckpointed == 0)
        {
            return await buffer.WaitAsync(stopping);
        }
        using var due = new CancellationTokenSource(CheckpointIn(), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, stopping);
        try
        {
            return await buffer.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return true;
        }
    }

    private async ValueTask GatherAsync(CancellationToken stopping)
    {
        if (buffer.Count > 0 && buffer.Count < options.Value.BatchMessages)
        {
            // A transaction costs much the same for one message as for a thousand.
            await Task.Delay(TimeSpan.FromMilliseconds(options.Value.BatchDelayMs), clock, stopping);
        }
        while (!IsFull)
        {
            if (!buffer.TryPeek(out var decoded))
            {
                if (next > buffer.Last)
                {
                    return;
                }
                await GatherFromDiskAsync(buffer.Last + 1, stopping);
            }
            else if (decoded.Position > next)
            {
                await GatherFromDiskAsync(decoded.Position, stopping);
            }
            else
            {
                buffer.TryTake(out _);
                if (decoded.Position == next)
                {
                    Add(decoded);
                    next++;
                }
            }
        }
    }

    private async Task GatherFromDiskAsync(long until, CancellationToken stopping)
    {
        await foreach (var message in journal.ReadAsync(next, stopping))
        {
            if (message.Position >= until || IsFull)
            {
                break;
            }
            Add(decoder.Decode(message));
            next = message.Position + 1;
        }
        if (!IsFull)
        {
            next = Math.Max(next, until); // What was damaged on disk the journal set aside and told; here it is skipped.
        }
    }

    private void Add(in Decoded decoded)
    {
        batch.Add(decoded);
        batchBytes += decoded.Source.Entry.Payload.Length;
    }

    private void Clear()
    {
        batch.Clear();
        batchBytes = 0;
    }

    private async ValueTask SettleAsync(CancellationToken cancellation)
    {
        // A try before this one may have settled the first part of it.
        batch.RemoveAll(decoded => decoded.Position < progress.Store.Position);
        await SettleAsync(batch, next, cancellation);
    }

    // Every step can be done again as long as the store stands where it stood before the part.
    private async ValueTask SettleAsync(List<Decoded> part, long until, CancellationToken cancellation)
    {
        var messages = new List<TelemetryMessage>(part.Count);
        foreach (var decoded in part)
        {
            messages.AddRange(decoded.Messages);
        }
        var damaged = until - progress.Store.Position - part.Count;
        var settlement = new Settlement(part, await ledger.JudgeAsync(messages, cancellation), damaged);
        if (settlement.Dead.Count > 0)
        {
            deadLetters.Add(settlement.Dead);
        }
        try
        {
            await store.AppendAsync(new TelemetryBatch(settlement.Fresh, until, settlement.Counts), cancellation);
        }
        catch (StoreRefusedException e) when (settlement.Fresh.Count > 0)
        {
            await SettleRefusedAsync(part, until, e, cancellation);
            return;
        }
        ledger.Commit(settlement.Fresh);
        gaps.SetAside(settlement.Dead);
        if (settlement.Replayed.Count > 0)
        {
            deadLetters.MarkReplayed(settlement.Replayed, Instant.From(clock.GetUtcNow()));
        }
        imports.Count(settlement.Left);
        progress.Move(new StoreProgress(settlement.AddTo(progress.Store.Counts), until));
        foreach (var dead in settlement.Dead)
        {
            problems.Report("set aside (`smartcity dead-letters` lists them)", $"{dead.Topic}: {dead.Problem}");
            errors.Tell(dead);
        }
    }

    // The store does not say which message it refuses: halves find it, and the others are stored.
    private async ValueTask SettleRefusedAsync(
        List<Decoded> part, long until, StoreRefusedException refused, CancellationToken cancellation)
    {
        if (await IsElsewhereAsync(cancellation))
        {
            return;
        }
        if (part.Count == 1)
        {
            await SettleAsync([SetAside.Refused(part[0], refused.Message)], until, cancellation);
            return;
        }
        var (first, second) = (part[..(part.Count / 2)], part[(part.Count / 2)..]);
        var between = second[0].Position;
        await SettleAsync(first, between, cancellation);
        if (progress.Store.Position == between)
        {
            await SettleAsync(second, until, cancellation);
        }
    }

    private TimeSpan CheckpointIn()
    {
        var left = TimeSpan.FromSeconds(options.Value.CheckpointSeconds) - clock.GetElapsedTime(checkpointed);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task CheckpointWhenDueAsync(CancellationToken stopping)
    {
        if (uncheckpointed > 0 && (uncheckpointed >= options.Value.CheckpointMessages || CheckpointIn() == TimeSpan.Zero))
        {
            await RetryAsync(CheckpointAsync, stopping);
        }
    }

    private async ValueTask CheckpointAsync(CancellationToken cancellation)
    {
        using var turn = pause.TryEnter();
        checkpointed = clock.GetTimestamp();
        if (turn is null)
        {
            return; // Later: a backup needs what the journal would lose.
        }
        var durable = await store.CheckpointAsync(cancellation);
        await journal.TrimAsync(durable, cancellation);
        deadLetters.ForgetPositionsBefore(durable);
        uncheckpointed = 0;
    }

    private async Task LastCheckpointAsync()
    {
        using var patience = new CancellationTokenSource(DrainMax, clock);
        try
        {
            await CheckpointAsync(patience.Token);
        }
        catch (Exception e) when (e is StoreUnavailableException or JournalUnavailableException or OperationCanceledException)
        {
            Log.NoCheckpoint(logger, e.Message); // The journal still has what is not durable in the store.
        }
    }

    private async Task RetryAsync(Func<CancellationToken, ValueTask> work, CancellationToken stopping)
    {
        var failed = false;
        await retry.ExecuteAsync(
            async cancellation =>
            {
                if (failed && await IsElsewhereAsync(cancellation))
                {
                    return;
                }
                failed = true;
                await work(cancellation);
            },
            stopping);
    }

    private async ValueTask<bool> IsElsewhereAsync(CancellationToken cancellation)
    {
        if (!await opening.IsElsewhereAsync(cancellation))
        {
            return false;
        }
        next = progress.Store.Position; // What is still to be settled is gathered again from there.
        Clear();
        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No last checkpoint: {Problem}. The next start takes longer")]
        public static partial void NoCheckpoint(ILogger logger, string problem);
    }
}
