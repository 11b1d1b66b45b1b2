using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace SmartCity.Tests.EndToEnd;

/// <summary>A real mosquitto on a free port of 127.0.0.1, with a folder of its own.</summary>
public sealed class Mosquitto : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("smartcity-mosquitto-");
    private readonly Func<Mosquitto, IEnumerable<string>> configuration;
    private readonly ConcurrentQueue<string> said = new();
    private Process? process;

    private Mosquitto(Func<Mosquitto, IEnumerable<string>> configuration)
    {
        this.configuration = configuration;
        (Port, TlsPort) = FreePorts.Take(2) is [var plain, var tls] ? (plain, tls) : default;
    }

    public int Port { get; }

    /// <summary>A second port, for a configuration that wants one.</summary>
    public int TlsPort { get; }

    public string Address => $"mqtt://127.0.0.1:{Port}";

    private static readonly string[] Places =
        ["/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"];

    private static string? Program => Array.Find(Places, File.Exists);

    /// <summary>Starts it; skips the test where it is not installed, except in CI.</summary>
    public static Task<Mosquitto> StartAsync(params string[] settings) => StartAsync(broker =>
    [
        // As root it would become another user, who cannot read what the test made.
        "user root", "max_inflight_messages 1000", "max_queued_messages 0", $"listener {broker.Port} 127.0.0.1",
        .. settings.Length > 0 ? settings : ["allow_anonymous true"],
    ]);

    /// <summary>The same with a whole configuration of the test's own.</summary>
    public static async Task<Mosquitto> StartAsync(Func<Mosquitto, IEnumerable<string>> configuration)
    {
        if (Program is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "mosquitto is not installed");
            Assert.Fail("CI must have mosquitto: apt-get install mosquitto");
        }
        var broker = new Mosquitto(configuration);
        await broker.StartProcessAsync();
        return broker;
    }

    /// <summary>Kills it and starts it again; it keeps what it saved.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartProcessAsync();
    }

    /// <summary>Asks it to end, so that it saves what it keeps, and starts it again.</summary>
    public async Task StopAndStartAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }
        await process.WaitForExitAsync(CancellationToken.None);
        await RestartAsync();
    }

    /// <summary>A file in its folder.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }

    private async Task StopAsync()
    {
        if (process is not null)
        {
            if (!process.HasExited)
            {
                process.Kill();
                await process.WaitForExitAsync(CancellationToken.None);
            }
            process.Dispose();
            process = null;
        }
    }

    private async Task StartProcessAsync()
    {
        var file = PathOf("mosquitto.conf");
        await File.WriteAllLinesAsync(file, configuration(this));
        process = Process.Start(new ProcessStartInfo(Program!)
        {
            ArgumentList = { "-c", file }, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        process.ErrorDataReceived += (_, e) => said.Enqueue(e.Data ?? "");
        process.OutputDataReceived += (_, e) => said.Enqueue(e.Data ?? "");
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await TestServer.EventuallyAsync(
            async () =>
            {
                Assert.False(process.HasExited, $"mosquitto ended: {string.Join('\n', said)}");
                using var client = new TcpClient();
                try
                {
                    await client.ConnectAsync("127.0.0.1", Port);
                    return true;
                }
                catch (SocketException)
                {
                    return false;
                }
            },
            "mosquitto listens");
    }
}
