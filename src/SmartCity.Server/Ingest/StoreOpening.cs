using SmartCity.Server.Live;
using SmartCity.Server.Mqtt;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Ingest;

/// <summary>Opens the store and brings everything that follows from its content up to date with it.</summary>
internal sealed class StoreOpening(
    ITelemetryStore store, JournalLog journal, MessageLedger ledger, DeadLetterStore deadLetters, Decoder decoder,
    LiveCity live, IngestProgress progress, ProblemLog problems, TimeProvider clock, Random random)
{
    /// <summary>Tries until it works; does nothing when it is open.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        for (var failures = 1; !progress.Opened.IsCompleted; failures++)
        {
            try
            {
                await TryOpenAsync(cancellation);
            }
            catch (Exception e) when (e is StoreUnavailableException or JournalUnavailableException)
            {
                progress.Problem = e.Message;
                problems.Report("the store cannot be opened; what comes in waits in the journal", e.Message);
                await Task.Delay(Backoff.After(failures, random), clock, cancellation);
            }
        }
    }

    private async Task TryOpenAsync(CancellationToken cancellation)
    {
        var position = await store.OpenAsync(cancellation);
        await journal.EnsureHeadAsync(position, cancellation);
        await ledger.LoadAsync(cancellation);
        decoder.Settled = deadLetters.PositionsFrom(position);
        var counts = await store.ReadCountsAsync(cancellation);
        await live.RebuildAsync(store, cancellation);
        progress.Open(new StoreProgress(counts, position));
    }
}
