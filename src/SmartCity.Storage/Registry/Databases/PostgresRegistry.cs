using System.Data.Common;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmartCity.Storage.Registry.Rows;

namespace SmartCity.Storage.Registry.Databases;

/// <summary>The registry in a PostgreSQL that several servers share.</summary>
internal sealed class PostgresRegistry(NpgsqlConnectionStringBuilder connection)
    : RegistryDatabase(new DbContextOptionsBuilder<RegistryContext>().UseNpgsql(connection.ConnectionString).Options)
{
    // Every server of one database takes the same; the digits are the letters "smartcit". It goes with its transaction, however
    // that ends.
    private const string WriteLock = "SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock(x'736D617274636974'::bigint)";

    // A server that hangs in the middle of writing is cut off.
    private const string HangMax = "SET LOCAL idle_in_transaction_session_timeout = '30s'; ";

    private static readonly string[] OwnKeys = ["Host", "Server"];

    private readonly PostgresProblems problems = new(connection);

    public override bool IsShared => true;

    /// <summary>Whether a connection string names a server.</summary>
    public static bool Knows(DbConnectionStringBuilder parts) => OwnKeys.Any(parts.ContainsKey);

    public static string? ProblemOf(DbConnectionStringBuilder parts)
    {
        var (builder, problem) = Read(parts);
        return problem ?? (string.IsNullOrWhiteSpace(builder.Database)
            ? "Registry:ConnectionString names no database. Add Database=<name>."
            : null);
    }

    public static PostgresRegistry Of(DbConnectionStringBuilder parts) => new(Read(parts).Builder);

    public override void Close()
    {
        using var any = new NpgsqlConnection(connection.ConnectionString);
        NpgsqlConnection.ClearPool(any);
    }

    // EF would make a database that is missing, also one whose name is only mistyped.
    protected override void Prepare(RegistryContext context) => context.Database.OpenConnection();

    // EF's own lock lets go after each migration, and then two servers that start at once make the same table.
    protected override void MigrateAlone(RegistryContext context)
    {
        using var guard = NewContext();
        using var alone = guard.Database.BeginTransaction();
        guard.Database.ExecuteSqlRaw(WriteLock);
        context.Database.Migrate();
    }

    protected override Task LockAsync(RegistryContext context, CancellationToken cancellation) =>
        context.Database.ExecuteSqlRawAsync(HangMax + WriteLock, cancellation);

    protected override string? ProblemOf(Exception error) => problems.Of(error);

    // Ours first, so that those of the connection string win.
    private static (NpgsqlConnectionStringBuilder Builder, string? Problem) Read(DbConnectionStringBuilder parts)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "smartcity",
            Timeout = 5,
            MaxPoolSize = 20,
            // Finds out, in seconds, that the machine at the other end is gone.
            TcpKeepAlive = true,
            TcpKeepAliveTime = 5,
            TcpKeepAliveInterval = 1,
            // Kerberos is looked for only where somebody says so: a library that is missing would complain.
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        foreach (string key in parts.Keys)
        {
            if (!builder.ContainsKey(key))
            {
                return (builder, Unknown(key));
            }
            try
            {
                builder[key] = parts[key];
            }
            catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
            {
                return (builder, $"Registry:ConnectionString: the value of {key} is none that it can have.");
            }
        }
        return (builder, null);
    }

    // What follows a semicolon may be a part of a password, so it is not repeated.
    private static string Unknown(string key)
    {
        var known = typeof(NpgsqlConnectionStringBuilder)
            .GetProperties(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance).Select(p => p.Name);
        return "Registry:ConnectionString has a part that PostgreSQL does not know. "
            + (EditDistance.Nearest(key, known) is { } meant ? $"Did you mean {meant}? " : "")
            + "A password with a semicolon needs quotes: Password='a;b'.";
    }
}
