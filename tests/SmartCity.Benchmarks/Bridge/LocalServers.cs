using System.Diagnostics;

namespace SmartCity.Benchmarks.Bridge;

/// <summary>A mosquitto that queues without limit, on a free port of this machine.</summary>
internal sealed class LocalBroker : IAsyncDisposable
{
    private readonly Process process;

    private LocalBroker(Process process, int port) => (this.process, Port) = (process, port);

    public int Port { get; }

    /// <summary>Starts it with a configuration in this folder.</summary>
    public static async Task<LocalBroker> StartAsync(DirectoryInfo folder)
    {
        var port = Programs.FreePort();
        var file = Path.Combine(folder.FullName, "mosquitto.conf");
        await File.WriteAllLinesAsync(file,
        [
            "user root", $"listener {port} 127.0.0.1", "allow_anonymous true", "persistence false",
            "max_inflight_messages 1000", "max_queued_messages 0", "set_tcp_nodelay true", "log_type error",
        ]);
        var process = Programs.StartOther(["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"], ["-c", file], "mosquitto");
        await Programs.UntilAsync(() => Programs.ListensAsync(port), "mosquitto listens", TimeSpan.FromSeconds(10));
        return new LocalBroker(process, port);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Programs.StopAsync(process);
}

/// <summary>An influxd 1.x with data of its own, which stay while it is down.</summary>
internal sealed class LocalInflux(DirectoryInfo folder) : IAsyncDisposable
{
    private readonly HttpClient client = new();
    private readonly int port = Programs.FreePort(), backupPort = Programs.FreePort();
    private Process? process;

    public int Port => port;

    public string Url => $"http://127.0.0.1:{port}";

    /// <summary>Starts it; again after <see cref="StopAsync"/>, too.</summary>
    public async Task StartAsync()
    {
        folder.Create();
        var file = Path.Combine(folder.FullName, "influxdb.conf");
        await File.WriteAllLinesAsync(file,
        [
            "reporting-disabled = true", $"bind-address = \"127.0.0.1:{backupPort}\"",
            "[meta]", $"dir = \"{folder.FullName}/meta\"",
            "[data]", $"dir = \"{folder.FullName}/data\"", $"wal-dir = \"{folder.FullName}/wal\"",
            "[monitor]", "store-enabled = false",
            "[http]", $"bind-address = \"127.0.0.1:{port}\"", "log-enabled = false",
            "[logging]", "level = \"error\"",
        ]);
        process = Programs.StartOther(["/usr/bin/influxd", "/usr/local/bin/influxd"], ["-config", file], "influxdb");
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await Programs.UntilAsync(() => Programs.ListensAsync(port), "influxd listens", TimeSpan.FromSeconds(60));
    }

    /// <summary>Ends it as its supervisor would.</summary>
    public async Task StopAsync()
    {
        if (process is not null)
        {
            await Programs.StopAsync(process);
            process = null;
        }
    }

    /// <summary>Runs a statement; gives the answer as it is.</summary>
    public async Task<string> QueryAsync(string statement, string database = "")
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["q"] = statement, ["db"] = database, ["epoch"] = "ms" });
        using var answer = await client.PostAsync(new Uri($"{Url}/query"), form);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>How many values a field has; 0 while there is none.</summary>
    public async Task<long> CountAsync(string database, string measurement, string field)
    {
        var answer = await QueryAsync($"SELECT count({field}) FROM {measurement}", database);
        using var json = System.Text.Json.JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("results")[0].TryGetProperty("series", out var series)
            ? series[0].GetProperty("values")[0][1].GetInt64()
            : 0;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        client.Dispose();
    }
}
