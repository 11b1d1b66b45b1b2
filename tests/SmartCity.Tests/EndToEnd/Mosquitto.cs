using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace SmartCity.Tests.EndToEnd;

/// <summary>A real mosquitto on a free port of 127.0.0.1, with a folder of its own.</summary>
public sealed class Mosquitto : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("smartcity-mosquitto-");
    private readonly string[] settings;
    private Process? process;

    private Mosquitto(string[] settings) => (this.settings, Port) = (settings, FreePort());

    public int Port { get; }

    public string Address => $"mqtt://127.0.0.1:{Port}";

    private static readonly string[] Places =
        ["/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"];

    private static string? Program => Array.Find(Places, File.Exists);

    /// <summary>Starts it; skips the test where it is not installed, except in CI.</summary>
    public static async Task<Mosquitto> StartAsync(params string[] settings)
    {
        if (Program is null)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "mosquitto is not installed");
            Assert.Fail("CI must have mosquitto: apt-get install mosquitto");
        }
        var broker = new Mosquitto(settings);
        await broker.StartProcessAsync();
        return broker;
    }

    /// <summary>Kills it and starts it again; it keeps what it saved.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartProcessAsync();
    }

    /// <summary>A file in its folder.</summary>
    public string PathOf(string name) => Path.Combine(folder.FullName, name);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task StopAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            process = null;
        }
    }

    private async Task StartProcessAsync()
    {
        var configuration = PathOf("mosquitto.conf");
        await File.WriteAllLinesAsync(configuration,
        [
            $"listener {Port} 127.0.0.1", "max_inflight_messages 1000", "max_queued_messages 0",
            .. settings.Length > 0 ? settings : ["allow_anonymous true"],
        ]);
        process = Process.Start(new ProcessStartInfo(Program!)
        {
            ArgumentList = { "-c", configuration }, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await TestServer.EventuallyAsync(
            async () =>
            {
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
