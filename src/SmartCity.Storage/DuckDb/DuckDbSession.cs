using System.Collections.Concurrent;
using DuckDB.NET.Native;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>The open database: one connection that writes, and some that read beside it.</summary>
internal sealed class DuckDbSession : IDisposable
{
    private readonly string _path;
    private readonly DuckDBDatabase _database;
    private readonly SemaphoreSlim _room;
    private readonly int _readersMax;
    private readonly ConcurrentBag<DuckDbConnection> _idle = [];
    private readonly ConcurrentDictionary<DuckDbConnection, bool> _busy = new();
    private volatile Task _checkpoint = Task.CompletedTask;
    private volatile bool _closing;

    public DuckDbSession(DuckDBDatabase database, string path, int readersMax, bool keepsRecords)
    {
        KeepsRecords = keepsRecords;
        _database = database;
        _path = path;
        _readersMax = readersMax;
        _room = new SemaphoreSlim(readersMax);
        Writer = new DuckDbConnection(database, path);
        foreach (var sql in (IEnumerable<string>)[.. StoreKeys.Definitions, .. keepsRecords ? StampColumns.Tables : [],
            .. BatchWriter.Definitions, .. DigestTables.Definitions, SessionDays.Definition(keepsRecords), DeletedSpans.Definition])
        {
            Writer.Execute(sql);
        }
        Keys = StoreKeys.Load(Writer);
        Watch = DigestWatch.Load(Writer);
        LastHeard = LastHeard.Load(Writer);
        LastStatuses = keepsRecords ? LastStatuses.Load(Writer, Keys) : new LastStatuses();
        Collections = ChangedDays.Load(Writer);
        Deleted = DeletedSpans.Load(Writer);
    }

    /// <summary>Whether records have tables here.</summary>
    public bool KeepsRecords { get; }

    public DuckDbConnection Writer { get; }

    public StoreKeys Keys { get; }

    public DigestWatch Watch { get; }

    public LastHeard LastHeard { get; }

    public LastStatuses LastStatuses { get; }

    public SessionDays SessionDays { get; } = new();

    /// <summary>What came in from trucks and points.</summary>
    public ChangedDays Collections { get; }

    /// <summary>What retention deleted.</summary>
    public DeletedSpans Deleted { get; }

    /// <summary>The transaction of a batch is over: what it brought may be told.</summary>
    public void Committed()
    {
        Watch.Committed();
        LastHeard.Committed();
        LastStatuses.Committed();
        Collections.Committed();
    }

    /// <summary>A connection to read with, to be given back.</summary>
    public async ValueTask<DuckDbConnection> RentAsync(CancellationToken cancellation)
    {
        await _room.WaitAsync(cancellation);
        try
        {
            await _checkpoint.WaitAsync(cancellation);
            if (_closing)
            {
                throw new StoreUnavailableException($"The store {_path} is being closed or reopened; try again.");
            }
            var connection = _idle.TryTake(out var idle) ? idle : new DuckDbConnection(_database, _path);
            _busy[connection] = true;
            return connection;
        }
        catch
        {
            _room.Release();
            throw;
        }
    }

    /// <summary>Makes everything durable in the file. Waits for the questions that are being answered: without FORCE it would
    /// fail when it meets one. New ones wait for it, or with enough of them its turn would never come.</summary>
    public void Checkpoint()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _checkpoint = done.Task;
        try
        {
            Writer.Execute("FORCE CHECKPOINT");
        }
        finally
        {
            _checkpoint = Task.CompletedTask;
            done.SetResult();
        }
    }

    public void GiveBack(DuckDbConnection connection)
    {
        _busy.TryRemove(connection, out _);
        _idle.Add(connection);
        _room.Release();
    }

    /// <summary>Stops the running queries and waits until no reader has a connection: two instances of DuckDB must never have
    /// one file open.</summary>
    public async ValueTask DrainAsync()
    {
        _closing = true;
        for (var i = 0; i < _readersMax; i++)
        {
            foreach (var connection in _busy.Keys)
            {
                connection.Interrupt();
            }
            await _room.WaitAsync(CancellationToken.None);
        }
        _room.Release(_readersMax); // Whoever comes now is told that the store is closing.
    }

    public void Dispose()
    {
        foreach (var connection in _idle)
        {
            connection.Dispose();
        }
        Writer.Dispose();
        _database.Dispose();
    }
}
