using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SmartCity.Storage.Registry.Rows;

namespace SmartCity.Storage.Registry;

/// <summary>Which database the registry is in: the only place that knows it is SQLite.</summary>
internal static class RegistryDatabase
{
    /// <summary>Why a connection string cannot be used; null when it can.</summary>
    public static string? ProblemOf(string connectionString)
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
        catch (ArgumentException e)
        {
            return $"Registry:ConnectionString is not one for SQLite ({e.Message}). The registry is kept in SQLite; give "
                + "'Data Source=<file>', or leave it out for registry.db in the data directory.";
        }
    }

    public static DbContextOptions<RegistryContext> Options(string? connectionString, string defaultFile)
    {
        var connection = string.IsNullOrWhiteSpace(connectionString)
            ? new SqliteConnectionStringBuilder { DataSource = defaultFile }.ToString()
            : connectionString;
        return ProblemOf(connection) is { } problem
            ? throw new ArgumentException(problem, nameof(connectionString))
            : new DbContextOptionsBuilder<RegistryContext>().UseSqlite(connection).Options;
    }

    public static void Migrate(DbContextOptions<RegistryContext> database)
    {
        using var context = new RegistryContext(database);
        var file = Path.GetFullPath(new SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        if (!context.Database.GetPendingMigrations().Any())
        {
            return;
        }
        // A process that died while it migrated leaves its lock behind, and EF would wait for it for ever. One server owns the
        // file, so whoever held it is gone.
        context.Database.ExecuteSqlRaw("DROP TABLE IF EXISTS __EFMigrationsLock");
        context.Database.Migrate();
    }

    public static void Close(DbContextOptions<RegistryContext> database)
    {
        using var context = new RegistryContext(database);
        SqliteConnection.ClearPool((SqliteConnection)context.Database.GetDbConnection());
    }
}
