using DuckDB.NET.Native;

namespace SmartCity.Storage.DuckDb.Native;

/// <summary>One connection to the database: one thread at a time.</summary>
internal sealed class DuckDbConnection : IDisposable
{
    private readonly string _path;

    public DuckDbConnection(DuckDBDatabase database, string path)
    {
        _path = path;
        if (NativeMethods.Startup.DuckDBConnect(database, out var connection) != DuckDBState.Success)
        {
            throw DuckDbErrors.Of("Connection Error: no connection to the database", path);
        }
        Native = connection;
    }

    public DuckDBNativeConnection Native { get; }

    public void Execute(string sql)
    {
        var state = NativeMethods.Query.DuckDBQuery(Native, sql, out var result);
        try
        {
            if (state != DuckDBState.Success)
            {
                throw DuckDbErrors.Of(NativeMethods.Query.DuckDBResultError(ref result), _path);
            }
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    /// <summary>Runs a query to its end. Its rows are held in memory: a result that is fetched bit by bit would keep checkpoints,
    /// and so appends, waiting for whoever reads it.</summary>
    public RowReader Query(string sql)
    {
        if (NativeMethods.Query.DuckDBQuery(Native, sql, out var result) == DuckDBState.Success)
        {
            return new RowReader(result, _path);
        }
        try
        {
            throw DuckDbErrors.Of(NativeMethods.Query.DuckDBResultError(ref result), _path);
        }
        finally
        {
            NativeMethods.Query.DuckDBDestroyResult(ref result);
        }
    }

    /// <summary>Stops the running query, from any thread.</summary>
    public void Interrupt() => Native.Interrupt();

    public void Dispose() => Native.Dispose();
}
