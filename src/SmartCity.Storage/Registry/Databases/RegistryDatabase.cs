using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using SmartCity.Storage.Registry.Rows;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Registry.Databases;

/// <summary>The database that the registry is in. What SQLite and PostgreSQL do in different ways is in the two kinds of it and,
/// for the tables, in the migrations; nowhere else. Thread-safe.</summary>
internal abstract class RegistryDatabase(DbContextOptions<RegistryContext> options)
{
    private const string Wanted = "Give 'Data Source=<file>' for SQLite, 'Host=<name>;Database=<name>;Username=<name>;"
        + "Password=<password>' for PostgreSQL, or leave it out for registry.db in the data directory.";

    /// <summary>Whether other servers may change it as well.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Why a connection string cannot be used; null when it can. It may hold a password, so nothing of it is
    /// repeated.</summary>
    public static string? ProblemOf(string connectionString)
    {
        var parts = new DbConnectionStringBuilder();
        try
        {
            parts.ConnectionString = connectionString;
        }
        catch (ArgumentException)
        {
            return $"Registry:ConnectionString is not a list of 'name=value;'. {Wanted} A value with a semicolon needs quotes.";
        }
        return PostgresRegistry.Knows(parts) ? PostgresRegistry.ProblemOf(parts)
            : SqliteRegistry.Knows(parts) ? SqliteRegistry.ProblemOf(connectionString)
            : $"Registry:ConnectionString names no file (Data Source) and no server (Host). {Wanted}";
    }

    /// <summary>The database that a connection string names; without one a file.</summary>
    /// <exception cref="ArgumentException">It cannot be used; the message says what to give.</exception>
    public static RegistryDatabase Of(string? connectionString, string defaultFile)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            return SqliteRegistry.OfFile(defaultFile);
        }
        if (ProblemOf(connectionString) is { } problem)
        {
            throw new ArgumentException(problem, nameof(connectionString));
        }
        var parts = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return PostgresRegistry.Knows(parts) ? PostgresRegistry.Of(parts) : new SqliteRegistry(connectionString);
    }

    /// <summary>For one piece of work; whatever goes wrong shows as the database has it.</summary>
    public RegistryContext NewContext() => new(options);

    /// <summary>Asks whether it can be reached at all, and gives up when told to.</summary>
    /// <exception cref="StoreUnavailableException">It cannot; the message says why and what to do.</exception>
    public Task ProbeAsync(CancellationToken cancellation) => ReadAsync(
        async context =>
        {
            await context.Database.OpenConnectionAsync(cancellation);
            return true;
        });

    /// <summary>Makes or updates the tables.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be used; the message says why and what to do.</exception>
    public void Migrate() => Guarded(() =>
    {
        using var context = NewContext();
        Prepare(context);
        if (context.Database.GetPendingMigrations().Any())
        {
            MigrateAlone(context);
        }
        return true;
    });

    /// <summary>Reads; what others commit meanwhile may show in a part of it.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be used; the message says why and what to do.</exception>
    public async Task<T> ReadAsync<T>(Func<RegistryContext, Task<T>> read)
    {
        try
        {
            await using var context = NewContext();
            return await read(context);
        }
        catch (Exception e) when (ProblemOf(e) is { } problem)
        {
            throw Unavailable(problem, e);
        }
    }

    /// <summary>Reads the state of one moment.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be used; the message says why and what to do.</exception>
    public T ReadWhole<T>(Func<RegistryContext, T> read) => Guarded(() =>
    {
        using var context = NewContext();
        using var transaction = context.Database.BeginTransaction(IsolationLevel.RepeatableRead);
        return read(context);
    });

    /// <summary>Reads and writes while nobody else writes, in this process or another: what is read stays true, and row numbers
    /// and moments of recording rise in the order in which others come to see them. Saves and commits.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be used; the message says why and what to do. When it broke off at
    /// the very end, what was written may be there.</exception>
    public async Task<T> WriteAsync<T>(Func<RegistryContext, Task<T>> write, CancellationToken cancellation)
    {
        try
        {
            await using var context = NewContext();
            await using var transaction = await context.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
            await LockAsync(context, cancellation);
            var written = await write(context);
            await context.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return written;
        }
        catch (Exception e) when (ProblemOf(e) is { } problem)
        {
            throw Unavailable(problem, e);
        }
    }

    /// <summary>Lets go of all connections that nobody uses.</summary>
    public abstract void Close();

    /// <summary>Before anything is asked.</summary>
    protected abstract void Prepare(RegistryContext context);

    /// <summary>Makes or changes the tables while no other server does.</summary>
    protected abstract void MigrateAlone(RegistryContext context);

    /// <summary>Keeps all other writers out until the transaction ends.</summary>
    protected abstract Task LockAsync(RegistryContext context, CancellationToken cancellation);

    /// <summary>What the world did to the database and what to do about it; null for an error of ours.</summary>
    protected abstract string? ProblemOf(Exception error);

    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (ProblemOf(e) is { } problem)
        {
            throw Unavailable(problem, e);
        }
    }

    private StoreUnavailableException Unavailable(string problem, Exception e)
    {
        Close(); // What else is in the pool is most likely broken as well.
        return new StoreUnavailableException(problem, e);
    }
}
