namespace SmartCity.Storage.Journal;

/// <summary>Tells the waiters of a commit what became of it, some of them in one go: a thousand devices wait for the same
/// commit, and waking a thread for each costs more than what it then does.</summary>
internal sealed class CommittedAppends : IThreadPoolWorkItem
{
    // Few enough to keep all processors busy with the waiters of an ordinary commit.
    private const int WaitersMax = 16;

    private readonly PendingAppend[] _waiters;
    private readonly long _first;
    private readonly Exception? _failure;

    private CommittedAppends(PendingAppend[] waiters, long first, Exception? failure) =>
        (_waiters, _first, _failure) = (waiters, first, failure);

    /// <summary>Has them told on other threads.</summary>
    /// <param name="appends">In the order of their positions.</param>
    /// <param name="first">The first one's position.</param>
    /// <param name="failure">Why they were not written; null when they were.</param>
    public static void Tell(List<PendingAppend> appends, int from, int count, long first, Exception? failure)
    {
        for (var i = 0; i < count; i += WaitersMax)
        {
            var waiters = new PendingAppend[Math.Min(WaitersMax, count - i)];
            appends.CopyTo(from + i, waiters, 0, waiters.Length);
            ThreadPool.UnsafeQueueUserWorkItem(new CommittedAppends(waiters, first + i, failure), preferLocal: false);
        }
    }

    /// <inheritdoc/>
    public void Execute()
    {
        for (var i = 0; i < _waiters.Length; i++)
        {
            if (_failure is null)
            {
                _waiters[i].Complete(_first + i);
            }
            else
            {
                _waiters[i].Fail(_failure);
            }
        }
    }
}
