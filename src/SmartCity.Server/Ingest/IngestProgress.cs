using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Ingest;

/// <summary>Where the store stands: one consistent picture.</summary>
/// <param name="Counts">What became of all messages before the position.</param>
/// <param name="Position">Everything before it is settled: in the store, known as a resend, or set aside.</param>
internal sealed record StoreProgress(IngestCounts Counts, long Position);

/// <summary>How far ingest has come, for operators and for answers that say how complete they are.</summary>
/// <param name="settled">What was settled for certain before the store says where it stands.</param>
internal sealed class IngestProgress(TimeProvider clock, long settled = 0)
{
    private readonly TaskCompletionSource<long> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile StoreProgress store = new(default, settled);
    private volatile string problem = "the store is not open yet";
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long livePosition;

    /// <summary>When the process started.</summary>
    public Instant Started { get; } = Instant.From(clock.GetUtcNow());

    /// <summary>Completes with the store's position when it is open and the live state is rebuilt from it.</summary>
    public Task<long> Opened => opened.Task;

    /// <summary>Completes when the journal may take messages: it must not give out positions that the store has settled.</summary>
    public Task Passed => passed.Task;

    /// <summary>Where the store stands.</summary>
    public StoreProgress Store => store;

    /// <summary>Everything before it is in the live state.</summary>
    public long LivePosition
    {
        get => Volatile.Read(ref livePosition);
        set => Volatile.Write(ref livePosition, value);
    }

    /// <summary>Empty when the store takes what it is given; else what is wrong.</summary>
    public string Problem
    {
        get => problem;
        set => problem = value;
    }

    /// <summary>The journal gives out no position that the store has settled.</summary>
    public void Pass() => passed.TrySetResult();

    /// <summary>The store is open.</summary>
    public void Open(StoreProgress at)
    {
        (store, problem) = (at, "");
        opened.TrySetResult(at.Position);
    }

    /// <summary>The store has settled a batch.</summary>
    public void Move(StoreProgress to)
    {
        (store, problem) = (to, "");
        Interlocked.Exchange(ref moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    /// <summary>Waits until everything before a position is settled.</summary>
    public async Task WaitUntilAsync(long position, CancellationToken cancellation)
    {
        while (true)
        {
            var next = Volatile.Read(ref moved).Task;
            if (store.Position >= position)
            {
                return;
            }
            await next.WaitAsync(cancellation);
        }
    }
}
