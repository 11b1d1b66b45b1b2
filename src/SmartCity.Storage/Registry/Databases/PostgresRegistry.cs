using System.Data.Common;
using System.Net.Sockets;
using System.Reflection;
using System.Security.Authentication;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using SmartCity.Storage.Registry.Rows;

namespace SmartCity.Storage.Registry.Databases;

/// <summary>The registry in a PostgreSQL that several servers share.</summary>
internal sealed class PostgresRegistry(NpgsqlConnectionStringBuilder connection)
    : RegistryDatabase(new DbContextOptionsBuilder<RegistryContext>().UseNpgsql(connection.ConnectionString).Options)
{
    // Every server of one database takes the same; the digits are the letters "smartcit". It goes with its transaction, however that
    // ends.
    private const string WriteLock = "SET LOCAL lock_timeout = '10s'; SELECT pg_advisory_xact_lock(x'736D617274636974'::bigint)";

    // A server that hangs in the middle of writing is cut off.
    private const string HangMax = "SET LOCAL idle_in_transaction_session_timeout = '30s'; ";

    private static readonly string[] OwnKeys = ["Host", "Server"];

    private readonly string where = $"PostgreSQL at {connection.Host}:{connection.Port}";

    public override bool IsShared => true;

    /// <summary>Whether a connection string names a server.</summary>
    public static bool Knows(DbConnectionStringBuilder parts) => OwnKeys.Any(parts.ContainsKey);

    public static string? ProblemOf(DbConnectionStringBuilder parts)
    {
        var (builder, problem) = Read(parts);
        return problem ?? (string.IsNullOrWhiteSpace(builder.Host) ? "Registry:ConnectionString names no server. Give Host=<name>."
            : string.IsNullOrWhiteSpace(builder.Database) ? "Registry:ConnectionString names no database. Add Database=<name>." : null);
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

    protected override string? ProblemOf(Exception error)
    {
        if (error is OperationCanceledException)
        {
            return null;
        }
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is PostgresException refused)
            {
                return ProblemOf(refused);
            }
            if (e is NpgsqlException or SocketException or TimeoutException)
            {
                return Unreachable(e);
            }
        }
        return null;
    }

    // Ours first, so that those of the connection string win.
    private static (NpgsqlConnectionStringBuilder Builder, string? Problem) Read(DbConnectionStringBuilder parts)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "smartcity",
            Timeout = 5,
            MaxPoolSize = 20,
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

    // What follows a semicolon may be a part of a password, so only what is nearly a name is repeated.
    private static string Unknown(string key) => "Registry:ConnectionString has a part that PostgreSQL does not know. "
        + (EditDistance.Nearest(key, typeof(NpgsqlConnectionStringBuilder).GetProperties(BindingFlags.DeclaredOnly | BindingFlags.Public
            | BindingFlags.Instance).Select(p => p.Name)) is { } meant
            ? $"Did you mean {meant}? " : "")
        + "A password with a semicolon needs quotes: Password='a;b'.";

    private string? ProblemOf(PostgresException e) => e.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword =>
            $"{where} refuses the user '{connection.Username}' with this password. Correct Username or Password in "
                + "Registry:ConnectionString.",
        PostgresErrorCodes.InvalidAuthorizationSpecification =>
            $"{where} does not let the user '{connection.Username}' in: {e.MessageText}. Correct Username or SSL Mode in "
                + "Registry:ConnectionString, or add a line to the server's pg_hba.conf.",
        PostgresErrorCodes.InvalidCatalogName =>
            $"{where} has no database '{connection.Database}'. Correct Database in Registry:ConnectionString, or make it: "
                + $"CREATE DATABASE \"{connection.Database}\" OWNER \"{connection.Username}\".",
        PostgresErrorCodes.InsufficientPrivilege =>
            $"{where}: the user '{connection.Username}' lacks a right in the database '{connection.Database}': {e.MessageText}. Make it the "
                + $"owner: ALTER DATABASE \"{connection.Database}\" OWNER TO \"{connection.Username}\".",
        PostgresErrorCodes.TooManyConnections =>
            $"{where} has no connection left. Raise its max_connections, or lower Maximum Pool Size in Registry:ConnectionString.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"{where} takes no changes: it is a standby or set to read only. Name the primary as Host.",
        PostgresErrorCodes.LockNotAvailable => $"{where}: another server has been writing for 10 s. Try again.",
        PostgresErrorCodes.UndefinedTable => $"{where}: a table is missing: {e.MessageText}. Start the server again to have it made.",
        ['0', '8', ..] or ['5', '3' or '7' or '8', ..] or ['4', '0', ..] or ['X', 'X', ..] => $"{where} does not work: {e.MessageText}.",
        _ => null,
    };

    private string Unreachable(Exception e)
    {
        var cause = e;
        while (cause is NpgsqlException { InnerException: { } inner })
        {
            cause = inner;
        }
        return cause switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } =>
                $"Nobody listens for {where}. Start it, or correct Host and Port in Registry:ConnectionString.",
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } =>
                $"The name {connection.Host} leads nowhere. Correct Host in Registry:ConnectionString.",
            TimeoutException or SocketException { SocketErrorCode: SocketError.TimedOut } =>
                $"{where} does not answer in time. Correct Host and Port in Registry:ConnectionString, or see to the network and its "
                    + "firewalls.",
            AuthenticationException => $"TLS with {where} fails: {cause.Message} Correct SSL Mode or Root Certificate in "
                + "Registry:ConnectionString, or the server's certificate.",
            _ when cause.Message.Contains("SSL", StringComparison.Ordinal) =>
                $"{where} offers no TLS, and SSL Mode in Registry:ConnectionString demands it: {cause.Message}",
            _ => $"{where} cannot be used: {cause.Message}",
        };
    }
}
