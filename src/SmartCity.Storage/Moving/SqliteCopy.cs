using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace SmartCity.Storage.Moving;

/// <summary>Copies SQLite databases as of one moment, while others write to them.</summary>
internal static class SqliteCopy
{
    public static async Task OfFileAsync(string path, string to)
    {
        await using var connection = Connect(path);
        await connection.OpenAsync();
        await RunAsync(connection, to);
    }

    /// <summary>Copies what an open connection sees.</summary>
    public static Task RunAsync(DbConnection connection, string to) => Task.Factory.StartNew(
        () =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "VACUUM INTO $to";
            command.CommandTimeout = 0;
            var name = command.CreateParameter();
            (name.ParameterName, name.Value) = ("$to", to);
            command.Parameters.Add(name);
            command.ExecuteNonQuery();
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public static async Task<long> NumberAsync(string path, string sql)
    {
        await using var connection = Connect(path);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static SqliteConnection Connect(string path) => new(
        new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadWrite }.ConnectionString);
}
