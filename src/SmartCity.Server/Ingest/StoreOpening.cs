using Polly;
using SmartCity.Server.Live;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Ingest;

/// <summary>Opens the store and brings everything that follows from its content up to date with it.</summary>
internal sealed class StoreOpening(
    ITelemetryStore store, JournalLog journal, MessageLedger ledger, DeadLetterStore deadLetters, Decoder decoder,
    LiveCity live, IngestProgress progress, ProblemLog problems, TimeProvider clock)
{
    private readonly ResiliencePipeline retry = Retrying.ForEver(clock, failure =>
    {
        progress.Problem = failure.Message;
        problems.Report("the store cannot be opened; what comes in waits in the journal", failure.Message);
    });

    /// <summary>Tries until it works; does nothing when it is open.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        if (!progress.Opened.IsCompleted)
        {
            await retry.ExecuteAsync(async stopping => await TryOpenAsync(stopping), cancellation);
        }
    }

    /// <summary>Asks a store that failed where it stands: a commit that was reported as failed may have taken place, and one
    /// whose log was lost may have gone back. Then everything goes on from there.</summary>
    /// <returns>Whether the store stands elsewhere than it was thought to.</returns>
    public async Task<bool> IsElsewhereAsync(CancellationToken cancellation)
    {
        var position = await store.OpenAsync(cancellation);
        if (position == progress.Store.Position)
        {
            return false;
        }
        problems.Report(
            "the store stands elsewhere after a failure; what is missing is read from the journal again",
            $"position {position} instead of {progress.Store.Position}");
        progress.Move(await TakeUpAsync(position, cancellation));
        return true;
    }

    private async Task TryOpenAsync(CancellationToken cancellation)
    {
        var at = await TakeUpAsync(await store.OpenAsync(cancellation), cancellation);
        await live.RebuildAsync(store, cancellation);
        progress.Open(at);
    }

    private async Task<StoreProgress> TakeUpAsync(long position, CancellationToken cancellation)
    {
        var settled = deadLetters.PositionsFrom(position);
        // Neither the store's positions nor those of the dead letters may be given to other messages.
        await journal.EnsureHeadAsync(settled.Select(s => s.Position + 1).Append(position).Max(), cancellation);
        await ledger.LoadAsync(cancellation);
        decoder.Settled = settled;
        return new StoreProgress(await store.ReadCountsAsync(cancellation), position);
    }
}
