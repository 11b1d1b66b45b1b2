using System.Net.Sockets;
using System.Security.Authentication;
using Npgsql;

namespace SmartCity.Storage.Registry.Databases;

/// <summary>Tells people why PostgreSQL cannot be used, without the password.</summary>
internal sealed class PostgresProblems(NpgsqlConnectionStringBuilder connection)
{
    private readonly string where = $"PostgreSQL at {connection.Host}:{connection.Port}";

    /// <summary>What the world did to it, and what to do; null for an error of ours.</summary>
    public string? Of(Exception error)
    {
        if (error is OperationCanceledException)
        {
            return null;
        }
        for (var e = error; e is not null; e = e.InnerException)
        {
            if (e is PostgresException refused)
            {
                return Refused(refused);
            }
            if (e is NpgsqlException or SocketException or TimeoutException)
            {
                return Unreachable(e);
            }
        }
        return null;
    }

    private string? Refused(PostgresException e) => e.SqlState switch
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
            $"{where}: the user '{connection.Username}' lacks a right in the database '{connection.Database}': {e.MessageText}. Make it "
                + $"the owner: ALTER DATABASE \"{connection.Database}\" OWNER TO \"{connection.Username}\".",
        PostgresErrorCodes.TooManyConnections =>
            $"{where} has no connection left. Raise its max_connections, or lower Maximum Pool Size in Registry:ConnectionString.",
        PostgresErrorCodes.ReadOnlySqlTransaction =>
            $"{where} takes no changes: it is a standby or set to read only. Name the primary as Host.",
        PostgresErrorCodes.LockNotAvailable => $"{where}: another server has been writing for 10 s. Try again.",
        PostgresErrorCodes.DuplicateTable =>
            $"{where}: the database '{connection.Database}' has tables of something else: {e.MessageText}. Give the registry a database "
                + "of its own.",
        PostgresErrorCodes.UndefinedTable =>
            $"{where}: a table is missing: {e.MessageText}. Start the server again to have it made.",
        // Of the connection, resources, an operator, the disk, two transactions at once, or damage.
        ['0', '8', ..] or ['5', '3' or '7' or '8', ..] or ['4', '0', ..] or ['X', 'X', ..] =>
            $"{where} does not work: {e.MessageText}.",
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
                $"{where} does not answer in time. Correct Host and Port in Registry:ConnectionString, or see to the network and "
                    + "its firewalls.",
            AuthenticationException => $"TLS with {where} fails: {cause.Message} Correct SSL Mode or Root Certificate in "
                + "Registry:ConnectionString, or the server's certificate.",
            _ when cause.Message.Contains("SSL", StringComparison.Ordinal) =>
                $"{where} offers no TLS, and SSL Mode in Registry:ConnectionString demands it: {cause.Message}",
            _ => $"{where} cannot be used: {cause.Message}",
        };
    }
}
