using System.Collections.Concurrent;

namespace SmartCity.Storage.Journal;

/// <summary>What waits for the journal's thread: appends in the order they came, and chores. Whoever appends waits for the disk,
/// and so bounds what is in here.</summary>
internal sealed class JournalQueue
{
    // A problem that nobody runs into any more is looked after so often.
    private static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(1);

    private readonly object _gate = new(); // Monitor, not Lock: the writer waits on it.
    private readonly ConcurrentQueue<PendingAppend> _pool = new();
    private readonly Queue<JournalChore> _chores = new();
    private List<PendingAppend> _waiting = [];
    private bool _closing;

    public ValueTask<long> Add(JournalEntry entry)
    {
        var pending = PendingAppend.Rent(_pool, entry);
        var task = pending.Task;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(JournalLog));
            _waiting.Add(pending);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }
        return task;
    }

    public async ValueTask DoAsync(Func<JournalFile, bool> step, CancellationToken cancellation)
    {
        var chore = new JournalChore(step, cancellation);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(JournalLog));
            _chores.Enqueue(chore);
            Monitor.Pulse(_gate);
        }
        await chore.Done.Task;
    }

    /// <summary>Puts a chore back that has more steps to do.</summary>
    public void Continue(JournalChore chore)
    {
        lock (_gate)
        {
            _chores.Enqueue(chore);
        }
    }

    /// <summary>What is waiting is still taken; what comes now is refused.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits for work; false when closing and nothing waits any more. Of the chores one step, so that appends never wait
    /// long.</summary>
    /// <param name="taken">An empty list in, what waited out.</param>
    /// <param name="probing">Comes back after a second even when nothing waits.</param>
    public bool Take(ref List<PendingAppend> taken, out JournalChore? chore, bool probing)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && _chores.Count == 0 && !_closing)
            {
                if (!probing)
                {
                    Monitor.Wait(_gate);
                }
                else if (!Monitor.Wait(_gate, ProbeInterval))
                {
                    break;
                }
            }
            (taken, _waiting) = (_waiting, taken);
            return _chores.TryDequeue(out chore) || taken.Count > 0 || !_closing;
        }
    }
}
