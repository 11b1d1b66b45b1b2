using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace SmartCity.Storage.Journal;

/// <summary>The one thread that writes the journal: takes what waits, commits it as one group, tells the waiters.</summary>
internal sealed partial class JournalWriter : IAsyncDisposable
{
    private const int GroupBytesMax = 1 << 20;

    private readonly string _path;
    private readonly JournalOptions _options;
    private readonly ILogger _logger;
    private readonly object _gate = new(); // Monitor, not Lock: the writer waits on it.
    private readonly SemaphoreSlim _room;
    private readonly ConcurrentQueue<PendingAppend> _pool = new();
    private readonly ConcurrentDictionary<string, long> _cursors = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JournalBodyWriter _body = new();
    private readonly Queue<JournalChore> _chores = new();
    private readonly HashSet<long> _unreadable = [];
    private List<PendingAppend> _waiting = [];
    private JournalFile? _file;
    private bool _closing;
    private long _head;
    private long _tail;
    private long _bytes;
    private long _quarantined;
    private volatile string? _problem;

    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public JournalWriter(string path, JournalOptions options, ILogger logger)
    {
        _path = path;
        _options = options;
        _logger = logger;
        _room = new SemaphoreSlim(options.QueueCapacity);
        _file = JournalFile.Open(path);
        try
        {
            Take(_file);
        }
        catch
        {
            // Left to the garbage collector, it would be closed while a rebuilt file has its name, and remove that one's log.
            _file.Dispose();
            throw;
        }
        new Thread(Run) { IsBackground = true, Name = "journal" }.Start();
    }

    public long Head => Interlocked.Read(ref _head);

    public long Tail => Interlocked.Read(ref _tail);

    public long Bytes => Interlocked.Read(ref _bytes);

    public long Quarantined => Interlocked.Read(ref _quarantined);

    public string? Problem => _problem;

    public event Action<IReadOnlyList<JournalMessage>>? Committed;

    public ValueTask<long> AppendAsync(JournalEntry entry, CancellationToken cancellation) =>
        _room.Wait(0, CancellationToken.None) ? Enqueue(entry) : AppendWhenRoomAsync(entry, cancellation);

    public long ReadCursor(string name) => _cursors.GetValueOrDefault(name);

    public ValueTask SaveCursorAsync(string name, long position, CancellationToken cancellation) => DoAsync(
        file =>
        {
            file.SaveCursor(name, position);
            _cursors[name] = position;
            return true;
        },
        cancellation);

    public ValueTask TrimAsync(long before, CancellationToken cancellation) => DoAsync(
        file =>
        {
            var done = !file.TrimSome(before);
            Measure();
            return done;
        },
        cancellation);

    public ValueTask EnsureHeadAsync(long position, CancellationToken cancellation) => DoAsync(
        file =>
        {
            if (position > Head)
            {
                file.RaiseFloor(position);
                Interlocked.Exchange(ref _head, position);
            }
            return true;
        },
        cancellation);

    public ValueTask QuarantineAsync(long position, CancellationToken cancellation) => DoAsync(
        file =>
        {
            SetAside(file, position);
            return true;
        },
        cancellation);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
        await _ended.Task;
    }

    private async ValueTask<long> AppendWhenRoomAsync(JournalEntry entry, CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        return await Enqueue(entry);
    }

    private ValueTask<long> Enqueue(JournalEntry entry)
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

    private async ValueTask DoAsync(Func<JournalFile, bool> step, CancellationToken cancellation)
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

    private void Run()
    {
        var taken = new List<PendingAppend>();
        while (Take(ref taken, out var chore))
        {
            for (var from = 0; from < taken.Count;)
            {
                from += WriteGroup(taken, from);
            }
            if (taken.Count > 0)
            {
                _room.Release(taken.Count);
                taken.Clear();
            }
            if (chore is not null)
            {
                DoStep(chore);
            }
        }
        _file?.Dispose();
        _ended.SetResult();
    }

    // Waits for work; false when closing and nothing waits any more. Of the chores one step, so that appends never wait long.
    private bool Take(ref List<PendingAppend> taken, out JournalChore? chore)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && _chores.Count == 0 && !_closing)
            {
                Monitor.Wait(_gate);
            }
            (taken, _waiting) = (_waiting, taken);
            return _chores.TryDequeue(out chore) || taken.Count > 0;
        }
    }

    // Writes what fits in one group, from `from` on; gives how many that were, written or refused.
    private int WriteGroup(List<PendingAppend> taken, int from)
    {
        _body.Clear();
        var count = 0;
        while (from + count < taken.Count && count < JournalFile.GroupMessagesMax && _body.Length < GroupBytesMax)
        {
            _body.Add(taken[from + count++].Entry);
        }
        try
        {
            var file = Ready();
            RefuseOverLimit();
            file.Append(Head, count, _body.Body.Span);
            Settle(file, taken, from, count);
        }
        catch (SqliteException e)
        {
            CommittedAppends.Tell(taken, from, count, first: 0, Broken(e));
        }
        catch (JournalUnavailableException e)
        {
            Report(e);
            CommittedAppends.Tell(taken, from, count, first: 0, e);
        }
        return count;
    }

    private void Settle(JournalFile file, List<PendingAppend> taken, int from, int count)
    {
        var first = Head;
        var group = new JournalMessage[count];
        for (var i = 0; i < count; i++)
        {
            group[i] = new JournalMessage(first + i, taken[from + i].Entry);
        }
        Interlocked.Exchange(ref _head, first + count);
        if (_problem is not null)
        {
            _problem = null;
            Log.Recovered(_logger, _path);
        }
        Committed?.Invoke(group);
        CommittedAppends.Tell(taken, from, count, first, failure: null);
        Interlocked.Exchange(ref _bytes, file.Bytes);
    }

    private void RefuseOverLimit()
    {
        if (Bytes + _body.Length > _options.BytesMax)
        {
            throw new JournalUnavailableException(
                $"The journal has reached its limit of {_options.BytesMax:N0} bytes because the store does not keep up. "
                + "See why the store is behind; or raise Journal:BytesMax. Devices keep what is not acknowledged.");
        }
    }

    private void DoStep(JournalChore chore)
    {
        try
        {
            if (chore.Cancellation.IsCancellationRequested)
            {
                chore.Done.SetCanceled(chore.Cancellation);
            }
            else if (chore.Step(Ready()))
            {
                chore.Done.SetResult();
            }
            else
            {
                lock (_gate)
                {
                    _chores.Enqueue(chore);
                }
            }
        }
        catch (SqliteException e)
        {
            chore.Done.SetException(Broken(e));
        }
    }

    // A handle that failed is never used again: what it believes about the file may be wrong.
    private JournalUnavailableException Broken(SqliteException e)
    {
        if (e.SqliteErrorCode == raw.SQLITE_CORRUPT)
        {
            JournalSalvage.Mark(_path, _logger);
        }
        _file?.Dispose();
        _file = null;
        var told = JournalErrors.Of(e, _path);
        Report(told);
        return told;
    }

    private void Report(JournalUnavailableException e)
    {
        if (_problem != e.Message)
        {
            _problem = e.Message;
            Log.Refuses(_logger, e.Message, e);
        }
    }

    private void Take(JournalFile file)
    {
        _head = file.Head();
        QuarantineEnd();
        foreach (var (name, position) in file.Cursors())
        {
            _cursors[name] = position;
        }
        Measure();
    }

    private JournalFile Ready()
    {
        if (_file is not null)
        {
            return _file;
        }
        var file = JournalFile.Open(_path);
        try
        {
            CatchUp(file.Head());
        }
        catch
        {
            file.Dispose();
            throw;
        }
        return _file = file;
    }

    // A commit that was reported as failed may have reached the file after all: then it counts.
    private void CatchUp(long head)
    {
        using var reader = new JournalReader(_path);
        while (Head < head && reader.Next(Head) is { IsSound: true } group)
        {
            Interlocked.Exchange(ref _head, group.Position + group.Count);
            Committed?.Invoke(group.Messages());
        }
        Interlocked.Exchange(ref _head, Math.Max(Head, head));
    }

    private void QuarantineEnd()
    {
        using var reader = new JournalReader(_path);
        while (reader.Last() is { IsSound: false } group && !_unreadable.Contains(group.Position))
        {
            SetAside(_file!, group.Position);
        }
    }

    private void SetAside(JournalFile file, long position)
    {
        try
        {
            file.Quarantine(position, Head);
            Log.SetAside(_logger, position, _path);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_CORRUPT)
        {
            JournalSalvage.Mark(_path, _logger);
            if (_unreadable.Add(position))
            {
                Log.Unreadable(_logger, position, _path, e);
            }
        }
        Measure();
    }

    private void Measure()
    {
        Interlocked.Exchange(ref _bytes, _file!.Bytes);
        Interlocked.Exchange(ref _tail, _file.Tail);
        Interlocked.Exchange(ref _quarantined, _file.Quarantined + _unreadable.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Problem}")]
        public static partial void Refuses(ILogger logger, string problem, Exception e);

        [LoggerMessage(LogLevel.Information, "The journal {Path} takes messages again")]
        public static partial void Recovered(ILogger logger, string path);

        [LoggerMessage(LogLevel.Error,
            "The group at position {Position} of the journal {Path} is damaged: moved to the table quarantine, reading goes "
                + "on after it")]
        public static partial void SetAside(ILogger logger, long position, string path);

        [LoggerMessage(LogLevel.Error,
            "The group at position {Position} of the journal {Path} cannot be read: reading goes on after it. Restart the "
                + "server to rebuild the file")]
        public static partial void Unreadable(ILogger logger, long position, string path, Exception e);
    }
}
