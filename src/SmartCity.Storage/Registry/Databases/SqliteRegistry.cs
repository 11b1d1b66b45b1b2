using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SmartCity.Storage.Registry.Rows;
using SQLitePCL;

namespace SmartCity.Storage.Registry.Databases;

/// <summary>The registry in a file of one server.</summary>
internal sealed class SqliteRegistry(string connectionString)
    : RegistryDatabase(new DbContextOptionsBuilder<RegistryContext>().UseSqlite(connectionString).Options)
{
    private static readonly string[] OwnKeys = ["Data Source", "DataSource", "Filename"];

    public override bool IsShared => false;

    public static SqliteRegistry OfFile(string path) => new(new SqliteConnectionStringBuilder { DataSource = path }.ToString());

    /// <summary>Whether a connection string names a file.</summary>
    public static bool Knows(DbConnectionStringBuilder parts) => OwnKeys.Any(parts.ContainsKey);

    public static new string? ProblemOf(string connectionString)
    {
        try
        {
            var parts = new SqliteConnectionStringBuilder(connectionString);
            return parts.Mode == SqliteOpenMode.Memory || parts.DataSource is "" or ":memory:"
                ? "Registry:ConnectionString names no file. Give 'Data Source=<file>', or leave it out for registry.db in the "
                    + "data directory."
                : parts.Mode == SqliteOpenMode.ReadOnly
                    ? "Registry:ConnectionString opens the file for reading only, but the server writes to it. Leave Mode out."
                    : null;
        }
        catch (ArgumentException)
        {
            return "Registry:ConnectionString has a part that SQLite does not know. 'Data Source=<file>' is enough; leave it out "
                + "for registry.db in the data directory.";
        }
    }

    public override void Close()
    {
        using var connection = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(connection);
    }

    protected override void Prepare(RegistryContext context)
    {
        var file = Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    }

    // A process that died while it migrated leaves its lock behind, and EF would wait for it for ever. One server owns the
    // file, so whoever held it is gone.
    protected override void MigrateAlone(RegistryContext context)
    {
        context.Database.ExecuteSqlRaw("DROP TABLE IF EXISTS __EFMigrationsLock");
        context.Database.Migrate();
    }

    // A transaction of SQLite that may write is the only one from its beginning.
    protected override Task LockAsync(RegistryContext context, CancellationToken cancellation) => Task.CompletedTask;

    protected override string? ProblemOf(Exception error) =>
        (error as SqliteException ?? error.InnerException as SqliteException) is { } e
            && e.SqliteErrorCode is not (raw.SQLITE_ERROR or raw.SQLITE_MISUSE or raw.SQLITE_CONSTRAINT)
            ? $"The registry in {new SqliteConnectionStringBuilder(connectionString).DataSource} cannot be used: {e.Message} "
                + (e.SqliteErrorCode == raw.SQLITE_FULL || DiskSpace.IsOut(new SqliteConnectionStringBuilder(connectionString).DataSource)
                    ? "The disk is full: free space, and try again."
                    : "See to it that the file is whole, may be written and has room on its disk.")
            : null;
}
