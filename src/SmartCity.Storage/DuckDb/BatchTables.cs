using SmartCity.Storage.DuckDb.Native;

namespace SmartCity.Storage.DuckDb;

/// <summary>The tables that one batch appends to, opened when first needed.</summary>
internal sealed class BatchTables(DuckDbConnection connection, string path) : IDisposable
{
    private readonly Dictionary<string, RowAppender> _appenders = new(StringComparer.Ordinal);

    public RowAppender Of(string table)
    {
        if (!_appenders.TryGetValue(table, out var appender))
        {
            _appenders.Add(table, appender = new RowAppender(connection, table, path));
        }
        return appender;
    }

    /// <summary>Hands all rows to the transaction.</summary>
    public void Close()
    {
        foreach (var appender in _appenders.Values)
        {
            appender.Close();
        }
    }

    public void Dispose()
    {
        foreach (var appender in _appenders.Values)
        {
            appender.Dispose();
        }
    }
}
