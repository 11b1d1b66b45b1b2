using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace SmartCity.Tests.EndToEnd;

/// <summary>A real PostgreSQL on a free port of 127.0.0.1, with its files in a temporary folder. Nothing is synced to disk.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The user that owns all, and what it logs in with.</summary>
    public const string User = "city", Password = "s3cret-of-the-test";

    // It refuses to run as root.
    private const string Unprivileged = "postgres";
    private static readonly string[] Places = ["/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt"];

    private readonly TempFolder folder = new();
    private readonly string programs;
    private Process? process;
    private int databases;

    private PostgresServer(string programs) => (this.programs, Port) = (programs, FreePorts.Take(1)[0]);

    public int Port { get; }

    private string Files => Path.Combine(folder.Path, "files");

    private static string? Programs => Places.Where(Directory.Exists).SelectMany(Directory.GetDirectories)
        .Select(version => Path.Combine(version, "bin")).Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Max();

    /// <summary>Starts one; skips the test where it is not installed, except in CI.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        if (Programs is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "PostgreSQL is not installed");
            Assert.Fail("CI must have PostgreSQL: apt-get install postgresql");
        }
        var server = new PostgresServer(Programs);
        var password = Path.Combine(server.folder.Path, "password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.IsPrivilegedProcess)
        {
            await EndAsync(Process.Start("chown", ["-R", Unprivileged, server.folder.Path]));
        }
        await EndAsync(server.Run(
            "initdb", "-D", server.Files, "-U", User, "-A", "scram-sha-256", $"--pwfile={password}", "-E", "UTF8", "--locale=C",
            "--no-sync", "--no-instructions"));
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>How a server of ours names a database of it.</summary>
    public string ConnectionString(string database, string password = Password) =>
        $"Host=127.0.0.1;Port={Port};Database={database};Username={User};Password={password};Timeout=30";

    /// <summary>Makes a database, empty or a copy of another one that nobody uses.</summary>
    /// <returns>How a server of ours names it.</returns>
    public async Task<string> CreateDatabaseAsync(string template = "template1")
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {template}");
        return ConnectionString(name);
    }

    /// <summary>Does something as the owner.</summary>
    public async Task<object?> ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false;Gss Encryption Mode=Disable");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Ends it, and all connections with it.</summary>
    public async Task StopAsync()
    {
        if (process is null)
        {
            return;
        }
        if (!process.HasExited)
        {
            await EndAsync(Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]));
            await process.WaitForExitAsync();
        }
        process.Dispose();
        process = null;
    }

    /// <summary>Starts it on the same port with what it had.</summary>
    public async Task StartAgainAsync()
    {
        process = Run(
            "postgres", "-D", Files, "-p", Port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c",
            "unix_socket_directories=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c",
            "max_connections=200", "-c", "shared_buffers=16MB");
        await TestServer.EventuallyAsync(
            async () =>
            {
                try
                {
                    await ExecuteAsync("postgres", "SELECT 1");
                    return true;
                }
                catch (NpgsqlException)
                {
                    return false;
                }
            },
            "PostgreSQL answers");
    }

    /// <summary>Makes it hang: whoever connects is heard by the machine and gets no answer.</summary>
    public Task HangAsync() => SignalAllAsync("-STOP");

    /// <summary>Ends that.</summary>
    public Task GoOnAsync() => SignalAllAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Dispose();
    }

    private async Task SignalAllAsync(string signal)
    {
        var children = await File.ReadAllTextAsync($"/proc/{process!.Id}/task/{process.Id}/children");
        string[] all = [$"{process.Id}", .. children.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        await EndAsync(Process.Start("kill", [signal, .. all]));
    }

    private static async Task EndAsync(Process run)
    {
        using (run)
        {
            await run.WaitForExitAsync();
            Assert.Equal(0, run.ExitCode);
        }
    }

    // setpriv turns into the program, so that the process is ours to end.
    private Process Run(string program, params string[] arguments)
    {
        var path = Path.Combine(programs, program);
        var start = Environment.IsPrivilegedProcess
            ? new ProcessStartInfo("setpriv", ["--reuid", Unprivileged, "--regid", Unprivileged, "--clear-groups", path, .. arguments])
            : new ProcessStartInfo(path, arguments);
        start.WorkingDirectory = folder.Path;
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        var run = Process.Start(start)!;
        run.BeginOutputReadLine();
        run.BeginErrorReadLine();
        return run;
    }
}
