using System.Diagnostics;

namespace SmartCity.Tests.EndToEnd;

/// <summary>A real victoria-metrics on a free port of 127.0.0.1: takes line protocol, answers no InfluxQL.</summary>
public sealed class VictoriaMetrics : IAsyncDisposable
{
    private const string Program = "/usr/bin/victoria-metrics";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("smartcity-victoria-");
    private readonly HttpClient client = new();
    private readonly Process process;

    private VictoriaMetrics(int port)
    {
        Url = $"http://127.0.0.1:{port}";
        process = Process.Start(new ProcessStartInfo(Program)
        {
            ArgumentList =
            {
                $"-httpListenAddr=127.0.0.1:{port}", $"-storageDataPath={folder.FullName}/data", "-retentionPeriod=100y",
            },
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public string Url { get; }

    /// <summary>Starts it; skips the test where it is not installed, except in CI.</summary>
    public static async Task<VictoriaMetrics> StartAsync()
    {
        if (!File.Exists(Program))
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", "victoria-metrics is not installed");
            Assert.Fail("CI must have victoria-metrics: apt-get install victoria-metrics");
        }
        var server = new VictoriaMetrics(FreePorts.Take(1)[0]);
        await TestServer.EventuallyAsync(server.AnswersAsync, "victoria-metrics answers");
        return server;
    }

    /// <summary>What it has, one JSON object a series, as its export gives it.</summary>
    public async Task<string> ExportAsync(string selector) =>
        await client.GetStringAsync(new Uri($"{Url}/api/v1/export?match[]={Uri.EscapeDataString(selector)}"));

    /// <summary>Makes what was written visible to <see cref="ExportAsync"/> at once.</summary>
    public async Task FlushAsync() => await client.GetStringAsync(new Uri($"{Url}/internal/force_flush"));

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
        client.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(process.HasExited, "victoria-metrics ended at once");
        try
        {
            using var answer = await client.GetAsync(new Uri($"{Url}/ping"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
