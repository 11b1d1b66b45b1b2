using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;
using MQTTnet;
using SmartCity.Protocol.V1;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Structure;

namespace SmartCity.Tests.Compose;

/// <summary>
/// The command lines of docker-compose.yml, run by hand with its environment, its secrets and its health checks; only paths and
/// ports are others.
/// InfluxDB 2 is not in Debian: influxd 1.6.7 stands in for it, with the databases and the account that influxdb2.sh makes there.
/// </summary>
[Trait("Deployment", "its own")]
[UnsupportedOSPlatform("windows")]
public sealed class ComposeRunTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ComposeFile compose = ComposeFile.Read();
    private readonly TempFolder folder = new();
    private readonly int[] ports = FreePorts.Take(4);
    private InfluxServer influx = null!;

    private int Mqtt => ports[0];

    private int MqttTls => ports[1];

    private int Grpc => ports[2];

    private int Web => ports[3];

    private string Secrets => Path.Combine(folder.Path, "secrets");

    public async ValueTask InitializeAsync()
    {
        var copy = Directory.CreateDirectory(Path.Combine(folder.Path, "docs/examples/compose"));
        File.Copy(Path.Combine(Repository.Root, "docs/examples/compose/make-secrets.sh"), Path.Combine(copy.FullName, "make-secrets.sh"));
        await MakeSecretsAsync("demo", "grafana");
        influx = await InfluxServer.StartAsync(hasUsers: true);
        await influx.QueryAsync($"CREATE USER smartcity WITH PASSWORD '{Secret("influx_smartcity")}'");
        foreach (var database in new[] { "smartcity", "smartcity_rollup" })
        {
            await influx.QueryAsync($"CREATE DATABASE {database}");
            await influx.QueryAsync($"GRANT ALL ON {database} TO smartcity");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await influx.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Broker_server_and_simulator_start_as_compose_starts_them_and_turn_healthy()
    {
        Assert.NotEqual(0, await HealthAsync("smartcity"));
        await using var mosquitto = await StartMosquittoAsync();
        await HealthyAsync("mosquitto", mosquitto);
        await using var server = await StartServerAsync();
        await HealthyAsync("smartcity", server);
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{Grpc}");
        var operations = new OperationsService.OperationsServiceClient(channel);
        await using var simulator = StartSimulator();
        // More devices than the shipped mosquitto.conf lets in by its second door.
        await TestServer.EventuallyAsync(
            () => Task.FromResult(mosquitto.Output.Split("u'demo'").Length > 110),
            () => $"the demo's devices connect: {simulator.Output}\n{mosquitto.Output}");
        Assert.Contains("Registered the demo district", simulator.Output, StringComparison.Ordinal);
        await simulator.KillAsync();
        await PublishAsync("pile-0001", options => options.WithCredentials("demo", Secret("mqtt_demo")), Mqtt);
        var status = await operations.GetIngestStatusAsync(new GetIngestStatusRequest());
        Assert.Equal(("", ""), (status.StoreProblem, status.Brokers.Single().Problem));

        await AddDeviceAsync(mosquitto, "P-1");
        await new RegistryService.RegistryServiceClient(channel).ImportAssetsAsync(new ImportAssetsRequest
        {
            Format = AssetFormat.Json,
            Content = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/examples/first-pile.json")),
        });
        using var trusted = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Secrets, "ca.pem"));
        await PublishAsync("P-1", options => options.WithCredentials("P-1", "secret-of-device").WithTlsOptions(tls => tls
            .WithTrustChain([trusted]).WithRevocationMode(X509RevocationMode.NoCheck)), MqttTls);
        await TestServer.EventuallyAsync(
            async () => await influx.QueryAsync("SELECT last(power_w) FROM meter WHERE time > 0 GROUP BY device", "smartcity")
                is var answer && answer.Contains("P-1", StringComparison.Ordinal) && answer.Contains("pile-0001", StringComparison.Ordinal),
            "the readings of a device that was added and of one of the demo are in InfluxDB");
        Assert.Equal(0, await server.TerminateAsync(TimeSpan.FromSeconds(20))); // stop_grace_period
        Assert.NotEqual(0, await HealthAsync("smartcity"));
    }

    [Fact]
    public async Task Secrets_are_made_once_and_nobody_else_of_the_machine_can_read_them()
    {
        Assert.Equal((UnixFileMode)0x1C0, File.GetUnixFileMode(Secrets));
        Assert.All(compose.Secrets, name => Assert.True(new FileInfo(Path.Combine(Secrets, name)).Length > 32, name));
        Assert.Equal(["SMARTCITY_SECRETS=./secrets", "COMPOSE_PROFILES=influx2,demo,grafana"], Variables());
        var before = compose.Secrets.ToDictionary(name => name, Secret);
        await MakeSecretsAsync("influx3");
        Assert.Equal(["SMARTCITY_SECRETS=./secrets", "COMPOSE_PROFILES=influx3"], Variables());
        var changed = before.Where(pair => Secret(pair.Key) != pair.Value).Select(pair => pair.Key);
        // InfluxDB 3 Core has one token for all; and without the demo nobody may speak for all devices.
        Assert.Equal(["influx_grafana", "mqtt_demo"], changed.Order(StringComparer.Ordinal));
        Assert.Equal(Secret("influx_smartcity"), Secret("influx_grafana"));
        Assert.Equal("", Secret("mqtt_demo"));
        Assert.Contains($"\"{Secret("influx_smartcity")}\"", Secret("influx3_admin"), StringComparison.Ordinal);
    }

    private string[] Variables() => [.. File.ReadAllLines(Path.Combine(folder.Path, ".env")).Where(line => !line.StartsWith('#'))];

    private string Secret(string name) => File.ReadAllText(Path.Combine(Secrets, name));

    private async Task MakeSecretsAsync(params string[] words)
    {
        await using var run = ChildProcess.Start(
            new ProcessStartInfo("sh", [Path.Combine(folder.Path, "docs/examples/compose/make-secrets.sh"), .. words]));
        Assert.True(await run.EndAsync(Patience) == 0, run.Output);
    }

    private async Task<ChildProcess> StartMosquittoAsync()
    {
        Assert.Equal(["sh /smartcity/mosquitto.sh"], compose.Words("mosquitto", "command"));
        var (home, shipped) = (Path.Combine(folder.Path, "mosquitto"), Path.Combine(folder.Path, "shipped"));
        Directory.CreateDirectory(home);
        Directory.CreateDirectory(shipped);
        File.Copy(Path.Combine(Repository.Root, "docs/examples/mosquitto/acl"), Path.Combine(shipped, "acl"));
        // As root, which it is not in its container, it would become another user, who cannot read the test's files.
        await File.WriteAllTextAsync(Path.Combine(shipped, "mosquitto.conf"), "user root\n" + (await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "docs/examples/mosquitto/mosquitto.conf")))
            .Replace("listener 8883", $"listener {MqttTls} 127.0.0.1", StringComparison.Ordinal));
        var script = (await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/examples/compose/mosquitto.sh")))
            .Replace("/mosquitto/data", home, StringComparison.Ordinal)
            .Replace("/smartcity/mosquitto/", shipped + "/", StringComparison.Ordinal)
            .Replace("/run/secrets", Secrets, StringComparison.Ordinal)
            .Replace("|listener 1883|", $"|listener {Mqtt} 127.0.0.1|", StringComparison.Ordinal);
        var start = new ProcessStartInfo("sh", ["-c", script]);
        start.Environment["PATH"] += ":/usr/sbin";
        return ChildProcess.Start(start);
    }

    private async Task<ChildProcess> StartServerAsync()
    {
        var files = Directory.CreateDirectory(Path.Combine(folder.Path, "run-secrets")).FullName;
        foreach (var (target, source) in compose.SecretFilesOf("smartcity"))
        {
            await File.WriteAllTextAsync(Path.Combine(files, target), Secret(source) + "\n");
        }
        var start = ChildProcess.Of("src/SmartCity.Server");
        foreach (var (key, value) in compose.EnvironmentOf("smartcity"))
        {
            start.Environment[key] = value;
        }
        start.Environment["SecretsDirectory"] = files;
        start.Environment["DataDirectory"] = Path.Combine(folder.Path, "data");
        start.Environment["Mqtt__Broker"] = At("Mqtt__Broker", "mosquitto:1883", $"127.0.0.1:{Mqtt}");
        start.Environment["Store__InfluxDb__Url"] = At("Store__InfluxDb__Url", "influxdb:8086", $"127.0.0.1:{influx.Port}");
        start.Environment["Grpc__Listen"] = At("Grpc__Listen", "0.0.0.0:5081", $"127.0.0.1:{Grpc}");
        start.Environment["Web__Listen"] = At("Web__Listen", "0.0.0.0:5080", $"127.0.0.1:{Web}");
        return ChildProcess.Start(start);

        string At(string key, string there, string here)
        {
            Assert.EndsWith(there, start.Environment[key], StringComparison.Ordinal);
            return start.Environment[key]!.Replace(there, here, StringComparison.Ordinal);
        }
    }

    // The demo's week takes a minute; the devices of now are enough.
    private ChildProcess StartSimulator() => ChildProcess.Start("simulators/SmartCity.Simulator",
    [
        .. compose.Words("simulator", "command").Select(word => word
            .Replace("mosquitto:1883", $"127.0.0.1:{Mqtt}", StringComparison.Ordinal)
            .Replace("smartcity:5081", $"127.0.0.1:{Grpc}", StringComparison.Ordinal)
            .Replace("/run/secrets", Secrets, StringComparison.Ordinal)),
        "--backfill=0d",
    ]);

    private async Task HealthyAsync(string service, ChildProcess process) => await TestServer.EventuallyAsync(
        async () => !process.Ended && await HealthAsync(service) == 0, () => $"{service} is healthy: {process.Output}");

    private async Task<int> HealthAsync(string service)
    {
        string[] test =
        [
            .. compose.Words(service, "healthcheck", "test").Select(word => word
                .Replace("/run/secrets", Secrets, StringComparison.Ordinal)
                .Replace("127.0.0.1/5080", $"127.0.0.1/{Web}", StringComparison.Ordinal)
                .Replace("-h 127.0.0.1", $"-h 127.0.0.1 -p {Mqtt}", StringComparison.Ordinal)),
        ];
        await using var check = ChildProcess.Start(
            test[0] == "CMD-SHELL" ? new ProcessStartInfo("sh", ["-c", test[1]]) : new ProcessStartInfo(test[1], test[2..]));
        return await check.EndAsync(Patience);
    }

    // docker compose exec mosquitto mosquitto_passwd ...; docker compose kill -s HUP mosquitto
    private async Task AddDeviceAsync(ChildProcess mosquitto, string device)
    {
        await MosquittoPasswords.AddAsync(Path.Combine(folder.Path, "mosquitto/passwords"), device, "secret-of-device");
        await mosquitto.HangUpAsync();
    }

    private static async Task PublishAsync(string device, Action<MqttClientOptionsBuilder> login, int port)
    {
        TestDevice? connected = null;
        await TestServer.EventuallyAsync(
            async () =>
            {
                try
                {
                    connected = await TestDevice.ConnectAsync(port, device, configure: login);
                    return true;
                }
                catch (Xunit.Sdk.EqualException) // mosquitto has not read its files again yet.
                {
                    return false;
                }
            },
            $"mosquitto knows {device}");
        await using var pile = connected!;
        Assert.Equal(
            MqttClientPublishReasonCode.Success,
            await pile.PublishAsync($"smartcity/v1/220204/pile/{device}/meter", string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"records":[{"time":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"port":1,"powerW":181}]}""")));
    }
}
