using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

namespace SmartCity.Storage.Journal;

/// <summary>The one thread that writes the journal: takes what waits, commits it as one group, tells the waiters.</summary>
internal sealed partial class JournalWriter : IAsyncDisposable
{
    private const int GroupBytesMax = 1 << 20;
    private const int MessageBytesMax = 64 << 10;

    private readonly string _path;
    private readonly JournalOptions _options;
    private readonly ILogger _logger;
    private readonly JournalQueue _queue = new();
    private readonly ConcurrentDictionary<string, long> _cursors = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly JournalBodyWriter _body = new();
    private readonly HashSet<long> _unreadable = [];
    private JournalFile? _file;
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
        cancellation.IsCancellationRequested ? ValueTask.FromCanceled<long>(cancellation) : _queue.Add(entry);

    public long ReadCursor(string name) => _cursors.GetValueOrDefault(name);

    public ValueTask SaveCursorAsync(string name, long position, CancellationToken cancellation) => _queue.DoAsync(
        file =>
        {
            file.SaveCursor(name, position);
            _cursors[name] = position;
            return true;
        },
        cancellation);

    public ValueTask TrimAsync(long before, CancellationToken cancellation) => _queue.DoAsync(
        file =>
        {
            var done = !file.TrimSome(before);
            Measure();
            return done;
        },
        cancellation);

    public ValueTask EnsureHeadAsync(long position, CancellationToken cancellation) => _queue.DoAsync(
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

    public ValueTask QuarantineAsync(long position, CancellationToken cancellation) => _queue.DoAsync(
        file =>
        {
            SetAside(file, position);
            return true;
        },
        cancellation);

    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _ended.Task;
    }

    private void Run()
    {
        var taken = new List<PendingAppend>();
        while (_queue.Take(ref taken, out var chore, probing: _problem is not null))
        {
            for (var from = 0; from < taken.Count;)
            {
                from += WriteGroup(taken, from);
            }
            if (chore is not null)
            {
                DoStep(chore);
            }
            else if (taken.Count == 0)
            {
                Probe();
            }
            taken.Clear();
        }
        _file?.Dispose();
        _ended.SetResult();
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
            RefuseOverLimit(_body.Length);
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
        // Before anybody is told: a failure here would tell them twice.
        Interlocked.Exchange(ref _bytes, file.Bytes);
        Interlocked.Exchange(ref _head, first + count);
        Recovered();
        Committed?.Invoke(group);
        CommittedAppends.Tell(taken, from, count, first, failure: null);
    }

    // While nobody sends anything, nothing else would notice that the disk takes writes again.
    private void Probe()
    {
        try
        {
            Ready().RaiseFloor(Head);
            RefuseOverLimit(MessageBytesMax);
            Recovered();
        }
        catch (SqliteException e)
        {
            Broken(e);
        }
        catch (JournalUnavailableException e)
        {
            Report(e);
        }
    }

    private void Recovered()
    {
        if (_problem is not null)
        {
            _problem = null;
            Log.Recovered(_logger, _path);
        }
    }

    private void RefuseOverLimit(int bytes)
    {
        if (Bytes + bytes > _options.BytesMax)
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
                _queue.Continue(chore);
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
