using Polly;
using SmartCity.Server.Live;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Ingest;

/// <summary>Opens the store and brings everything that follows from its content up to date with it.</summary>
internal sealed class StoreOpening(
    ITelemetryStore store, JournalLog journal, MessageLedger ledger, DeadLetterStore deadLetters, Decoder decoder,
    RegistryStore registry, LiveCity live, IngestProgress progress, ProblemLog problems, TimeProvider clock)
{
    private const string RaisedFrom = "raised-from";
    private const string UnaskedFrom = "unasked-from";

    // Whoever runs the server wants to ask it what is wrong. A store that stays silent says so itself sooner (InfluxProbe).
    private static readonly TimeSpan PatienceAtStart = TimeSpan.FromSeconds(5);

    private readonly ResiliencePipeline retry = Retrying.ForEver(clock, failure =>
    {
        progress.Problem = failure.Message;
        problems.Report(Closed(journal), failure.Message);
    });

    private bool isPassed;

    /// <summary>Tries until it works; does nothing when it is open. Waits for the registry: without it every device would be
    /// unknown.</summary>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        if (!progress.Opened.IsCompleted)
        {
            await registry.Opened.WaitAsync(cancellation);
            await retry.ExecuteAsync(async stopping => await TryOpenAsync(stopping), cancellation);
        }
    }

    /// <summary>Tries until the store said where it stands; needs no registry.</summary>
    public async Task PassStoreAsync(CancellationToken cancellation) =>
        await retry.ExecuteAsync(async stopping => await PassAsync(await store.OpenAsync(stopping), stopping), cancellation);

    /// <summary>Sees to it, if the store can be asked now, that a journal older than the store gives out no position that the
    /// store has settled. A journal with messages nearly always knows, and takes more of them while the store is away.</summary>
    public async Task TryPassStoreAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(PatienceAtStart, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await PassAsync(await store.OpenAsync(either.Token), either.Token);
            if (journal.Head == 0 && registry.Opened.IsCompleted)
            {
                await TryOpenAsync(either.Token); // The first question should not come too early.
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            progress.Problem = "the store does not answer yet";
            problems.Report(Closed(journal), progress.Problem);
        }
        catch (Exception e) when (e is StoreUnavailableException or JournalUnavailableException)
        {
            progress.Problem = e.Message;
            problems.Report(Closed(journal), e.Message);
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

    // An empty journal does not know which positions the store has settled; one with messages goes on from them.
    private static string Closed(JournalLog journal) => journal.Head == 0
        ? "the store cannot be opened; a new journal takes nothing before the store has said where it stands: what is sent waits at "
            + "its sender"
        : "the store cannot be opened; what comes in waits in the journal";

    private async Task TryOpenAsync(CancellationToken cancellation)
    {
        var at = await TakeUpAsync(await store.OpenAsync(cancellation), cancellation);
        await live.RebuildAsync(store, cancellation);
        progress.Open(at);
    }

    /// <summary>Lets a journal with messages take more of them though the store could not be asked where it stands. Where it ended then is
    /// written down: at the next start it will have grown.</summary>
    public async Task PassUnaskedAsync(CancellationToken cancellation)
    {
        if (!isPassed && journal.ReadCursor(UnaskedFrom) == 0)
        {
            await journal.SaveCursorAsync(UnaskedFrom, journal.HeadWhenOpened + 1, cancellation);
        }
        progress.Pass();
    }

    private async Task PassAsync(long position, CancellationToken cancellation)
    {
        var unasked = journal.ReadCursor(UnaskedFrom);
        var ended = unasked > 0 ? unasked - 1 : journal.HeadWhenOpened;
        if (!isPassed && journal.ReadCursor(RaisedFrom) is > 0 and var begun)
        {
            await journal.EnsureHeadAsync(position, cancellation);
            await TakeAgainAsync(begun - 1, position, cancellation);
        }
        else if (!isPassed && position > ended)
        {
            await RaiseAsync(ended, position, cancellation);
        }
        if (unasked > 0)
        {
            await journal.SaveCursorAsync(UnaskedFrom, 0, cancellation);
        }
        isPassed = true; // From here on the store follows the journal.
        progress.Pass();
    }

    private async Task RaiseAsync(long ended, long position, CancellationToken cancellation)
    {
        problems.Report(
            "the journal is older than the store, so a backup was put back or its file was lost. What only the newer journal had "
                + "is not in the store: if you have that file, stop the server and put it back. New messages are stored as ever",
            $"the journal ended at position {ended}, the store goes on at {position}");
        // Where this began is written down first: after a crash in the middle it is done again.
        await journal.SaveCursorAsync(RaisedFrom, ended + 1, cancellation);
        await journal.EnsureHeadAsync(position, cancellation);
        await TakeAgainAsync(ended, position, cancellation);
    }

    /// <summary>What came in while the store was away stands below its position and would be taken for settled: it comes in once
    /// more. What came in twice is stored once.</summary>
    private async Task TakeAgainAsync(long from, long until, CancellationToken cancellation)
    {
        await foreach (var message in journal.ReadAsync(from, cancellation))
        {
            if (message.Position >= until)
            {
                break;
            }
            await journal.AppendAsync(message.Entry, cancellation);
        }
        await journal.SaveCursorAsync(RaisedFrom, 0, cancellation);
    }

    private async Task<StoreProgress> TakeUpAsync(long position, CancellationToken cancellation)
    {
        await PassAsync(position, cancellation);
        var settled = deadLetters.PositionsFrom(position);
        // Neither the store's positions nor those of the dead letters may be given to other messages.
        await journal.EnsureHeadAsync(settled.Select(s => s.Position + 1).Append(position).Max(), cancellation);
        await ledger.LoadAsync(cancellation);
        decoder.Settled = settled;
        return new StoreProgress(await store.ReadCountsAsync(cancellation), position);
    }
}
