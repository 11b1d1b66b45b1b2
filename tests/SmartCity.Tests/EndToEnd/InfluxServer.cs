using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace SmartCity.Tests.EndToEnd;

/// <summary>A real influxd 1.x on free ports of 127.0.0.1, with a folder of its own.</summary>
public sealed class InfluxServer : IAsyncDisposable
{
    /// <summary>The administrator of one that asks who we are, with <see cref="Password"/>.</summary>
    public const string Admin = "root";

    public const string Password = "root-password";

    private static readonly string[] Places = ["/usr/bin/influxd", "/usr/local/bin/influxd", "/opt/homebrew/bin/influxd"];

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("smartcity-influxd-");
    private readonly HttpClient client = new();
    private readonly int backupPort;
    private readonly bool hasUsers;
    private readonly string[] settings;
    private Process? process;

    private InfluxServer(bool hasUsers, string[] settings)
    {
        (this.hasUsers, this.settings) = (hasUsers, settings);
        var ports = FreePorts.Take(2);
        (Port, backupPort) = (ports[0], ports[1]);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Admin}:{Password}")));
    }

    public int Port { get; }

    public string Url => $"http://127.0.0.1:{Port}";

    /// <summary>Starts it; skips the test where it is not installed, except in CI.</summary>
    /// <param name="hasUsers">Whether it asks who we are; it knows <see cref="Admin"/> then.</param>
    /// <param name="settings">More lines of its [data] and [http] sections, e.g. "data: max-values-per-tag = 10".</param>
    public static async Task<InfluxServer> StartAsync(bool hasUsers = false, params string[] settings)
    {
        if (!Array.Exists(Places, File.Exists))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "influxd is not installed");
            Assert.Fail("CI must have influxd: apt-get install influxdb");
        }
        var server = new InfluxServer(hasUsers, settings);
        await server.StartProcessAsync();
        if (hasUsers)
        {
            await server.QueryAsync($"CREATE USER {Admin} WITH PASSWORD '{Password}' WITH ALL PRIVILEGES");
        }
        return server;
    }

    /// <summary>Runs a statement as administrator; gives the answer as it is.</summary>
    public async Task<string> QueryAsync(string statement, string database = "")
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["q"] = statement, ["db"] = database, ["epoch"] = "ns" });
        using var response = await client.PostAsync(new Uri($"{Url}/query"), form);
        var answer = await response.Content.ReadAsStringAsync();
        var isGood = response.IsSuccessStatusCode && !answer.Contains("\"error\"", StringComparison.Ordinal);
        Assert.True(isGood, $"{statement}: {answer}");
        return answer;
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
            process = null;
        }
    }

    /// <summary>Makes it hang: it goes on listening and answers nothing.</summary>
    public Task HangAsync() => SignalAsync("-STOP");

    /// <summary>Lets it go on after <see cref="HangAsync"/>.</summary>
    public Task GoOnAsync() => SignalAsync("-CONT");

    /// <summary>Starts it again after <see cref="KillAsync"/>, on the same port; it keeps what it saved.</summary>
    public async Task RestartAsync()
    {
        await KillAsync();
        await StartProcessAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        client.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, process!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }

    private string[] Of(string section) =>
        [.. settings.Where(s => s.StartsWith($"{section}: ", StringComparison.Ordinal)).Select(s => s[(section.Length + 2)..])];

    private async Task StartProcessAsync()
    {
        var configuration = Path.Combine(folder.FullName, "influxdb.conf");
        await File.WriteAllLinesAsync(configuration,
        [
            "reporting-disabled = true", $"bind-address = \"127.0.0.1:{backupPort}\"",
            "[meta]", $"dir = \"{folder.FullName}/meta\"",
            "[data]", $"dir = \"{folder.FullName}/data\"", $"wal-dir = \"{folder.FullName}/wal\"", "query-log-enabled = false",
            .. Of("data"),
            "[monitor]", "store-enabled = false",
            "[http]", $"bind-address = \"127.0.0.1:{Port}\"", "log-enabled = false",
            $"auth-enabled = {(hasUsers ? "true" : "false")}", .. Of("http"),
        ]);
        process = Process.Start(new ProcessStartInfo(Array.Find(Places, File.Exists)!)
        {
            ArgumentList = { "-config", configuration }, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await TestServer.EventuallyAsync(
            async () =>
            {
                Assert.False(process.HasExited, "influxd ended at once");
                try
                {
                    using var answer = await client.GetAsync(new Uri($"{Url}/ping"));
                    return answer.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "influxd answers");
    }
}
