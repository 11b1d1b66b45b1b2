using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmartCity.Benchmarks.Bridge;

/// <summary>Node-RED as many cities use it: mqtt in, a function that makes points, batches of 1,000 into InfluxDB. Of two readings of a
/// port in one millisecond one remains, as in any schema with time alone. Installed from npm into the user's cache when it is
/// asked for.</summary>
internal sealed class NodeRed(DirectoryInfo folder, LocalBroker broker, LocalInflux influx) : Drain("Node-RED")
{
    private const string Packages = "node-red@4.1.15 node-red-contrib-influxdb@0.7.0";
    private const string Database = "nodered";

    private const string Points = """
        const m = JSON.parse(msg.payload), device = msg.topic.split('/')[4], waiting = context.get('waiting');
        for (const r of m.records) waiting.push({ measurement: 'meter', tags: { device, port: String(r.port) },
          fields: { boot: m.boot, seq: m.seq, voltage: r.voltageV, power: r.powerW, current: r.currentA,
                    portTemp: r.portTempC, ambientTemp: r.ambientTempC }, timestamp: new Date(r.time) });
        if (waiting.length >= 1000) { const all = waiting.splice(0); return { payload: all }; }
        return null;
        """;

    private const string Rest = """
        context.set('waiting', []);
        const rest = setInterval(() => { const w = context.get('waiting');
          if (w.length) { const all = w.splice(0); node.send({ payload: all }); } }, 1000);
        context.set('rest', rest);
        """;

    private readonly DirectoryInfo home = Directory.CreateDirectory(Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "smartcity-benchmarks"));

    private string Program => Path.Combine(home.FullName, "node_modules", "node-red", "red.js");

    /// <summary>Why it cannot be measured here; null when it can.</summary>
    public async Task<string?> InstallAsync()
    {
        if (File.Exists(Program))
        {
            return null;
        }
        try
        {
            using var npm = Process.Start(new ProcessStartInfo(
                "npm", $"install --silent --no-audit --no-fund --prefix {home.FullName} {Packages}"))!;
            await npm.WaitForExitAsync();
            return npm.ExitCode == 0 ? null : $"npm could not install it (exit code {npm.ExitCode})";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "npm is not installed";
        }
    }

    public override async Task SubscribeAsync()
    {
        await influx.StartAsync();
        await influx.QueryAsync($"CREATE DATABASE {Database}");
        await WriteFlowAsync();
        var isThere = false;
        using (var node = Start(line => isThere |= line.Contains("Connected to broker", StringComparison.Ordinal)))
        {
            await Programs.UntilAsync(() => Task.FromResult(isThere), "Node-RED is at the broker", TimeSpan.FromSeconds(60));
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System); // It subscribes after that, and says nothing about it.
            await Programs.StopAsync(node);
        }
        await influx.StopAsync();
    }

    public override async Task<DrainFigures> RunAsync(long messages)
    {
        await influx.StartAsync();
        DrainFigures figures;
        using (var node = Start(_ => { }))
        {
            figures = await TimeAsync(
                () => influx.CountAsync(Database, "meter", "power"), () => CpuOf(node), messages, TimeSpan.FromMilliseconds(500),
                messages / 100);
            Console.WriteLine(FormattableString.Invariant(
                $"  Node-RED: {await influx.CountAsync(Database, "meter", "power"):N0} points in InfluxDB"));
            await Programs.StopAsync(node);
        }
        await influx.StopAsync();
        return figures;
    }

    private static TimeSpan CpuOf(Process node)
    {
        node.Refresh();
        return node.TotalProcessorTime;
    }

    private Process Start(Action<string> said)
    {
        var start = new ProcessStartInfo(
            "node",
            [
                "--max-old-space-size=8192", Program, "--userDir", folder.FullName, "--settings", PathOf("settings.js"),
                PathOf("flow.json"),
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var node = Process.Start(start)!;
        node.OutputDataReceived += (_, e) => said(e.Data ?? "");
        node.BeginOutputReadLine();
        node.BeginErrorReadLine();
        return node;
    }

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private async Task WriteFlowAsync()
    {
        folder.Create();
        await File.WriteAllTextAsync(PathOf("settings.js"), $$"""
            module.exports = { uiHost: '127.0.0.1', uiPort: {{Programs.FreePort()}}, flowFile: 'flow.json', httpAdminRoot: false,
              credentialSecret: false, telemetry: { enabled: false },
              logging: { console: { level: 'info', metrics: false, audit: false } } };
            """);
        var flow = new JsonArray(
            new JsonObject { ["id"] = "tab", ["type"] = "tab", ["label"] = "bridge" },
            new JsonObject
            {
                ["id"] = "broker", ["type"] = "mqtt-broker", ["broker"] = "127.0.0.1", ["port"] = $"{broker.Port}",
                ["clientid"] = "node-red", ["autoConnect"] = true, ["usetls"] = false, ["protocolVersion"] = "4",
                ["keepalive"] = "60", ["cleansession"] = false, ["autoUnsubscribe"] = false,
            },
            new JsonObject
            {
                ["id"] = "in", ["type"] = "mqtt in", ["z"] = "tab", ["topic"] = "smartcity/v1/#", ["qos"] = "1",
                ["datatype"] = "utf8", ["broker"] = "broker", ["inputs"] = 0, ["wires"] = new JsonArray(new JsonArray("points")),
            },
            new JsonObject
            {
                ["id"] = "points", ["type"] = "function", ["z"] = "tab", ["func"] = Points, ["outputs"] = 1, ["initialize"] = Rest,
                ["finalize"] = "clearInterval(context.get('rest'));", ["libs"] = new JsonArray(),
                ["wires"] = new JsonArray(new JsonArray("out")),
            },
            new JsonObject
            {
                ["id"] = "influx", ["type"] = "influxdb", ["hostname"] = "127.0.0.1", ["port"] = $"{influx.Port}",
                ["protocol"] = "http", ["database"] = Database, ["influxdbVersion"] = "1.x", ["usetls"] = false,
            },
            new JsonObject
            {
                ["id"] = "out", ["type"] = "influxdb batch", ["z"] = "tab", ["influxdb"] = "influx", ["precision"] = "ms",
                ["wires"] = new JsonArray(),
            });
        await File.WriteAllTextAsync(PathOf("flow.json"), flow.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
    }
}
