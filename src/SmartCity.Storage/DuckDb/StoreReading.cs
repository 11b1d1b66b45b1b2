using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>A running query on a rented connection.</summary>
internal sealed class StoreReading : IDisposable
{
    private readonly DuckDbSession _session;
    private readonly DuckDbConnection _connection;
    private readonly CancellationTokenRegistration _interrupt;
    private readonly CancellationToken _cancellation;
    private readonly string _path;

    private StoreReading(DuckDbSession session, DuckDbConnection connection, string sql, string path,
        CancellationToken cancellation)
    {
        (_session, _connection, _path, _cancellation) = (session, connection, path, cancellation);
        Keys = session.Keys;
        _interrupt = cancellation.UnsafeRegister(static c => ((DuckDbConnection)c!).Interrupt(), connection);
        try
        {
            Rows = Guarded(() => connection.Query(sql));
        }
        catch
        {
            _interrupt.Dispose();
            throw;
        }
    }

    public RowReader Rows { get; }

    public StoreKeys Keys { get; }

    public static async ValueTask<StoreReading> StartAsync(
        DuckDbSession session, Func<DuckDbSession, string> sql, string path, CancellationToken cancellation)
    {
        var connection = await session.RentAsync(cancellation);
        try
        {
            return new StoreReading(session, connection, sql(session), path, cancellation);
        }
        catch
        {
            session.GiveBack(connection);
            throw;
        }
    }

    /// <summary>Moves to the next row; false after the last.</summary>
    public bool Next()
    {
        try
        {
            return Rows.Next();
        }
        catch (OperationCanceledException e)
        {
            throw Interrupted(e);
        }
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        Rows.Dispose();
        _session.GiveBack(_connection);
    }

    private T Guarded<T>(Func<T> query)
    {
        try
        {
            return query();
        }
        catch (OperationCanceledException e)
        {
            throw Interrupted(e);
        }
    }

    // The asker gave up, or the store is being closed under the query.
    private Exception Interrupted(OperationCanceledException e) => _cancellation.IsCancellationRequested
        ? new OperationCanceledException(e.Message, e, _cancellation)
        : new StoreUnavailableException($"The store {_path} is being closed or reopened; try again.", e);
}
