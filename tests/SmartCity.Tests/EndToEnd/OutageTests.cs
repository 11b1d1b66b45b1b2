using System.Diagnostics;
using System.Globalization;
using System.Net;
using Grpc.Net.Client;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Load;

namespace SmartCity.Tests.EndToEnd;

/// <summary>InfluxDB is away under load and comes back. SMARTCITY_OUTAGE_SECONDS=3600 SMARTCITY_OUTAGE_RATE=1000 is the long form.</summary>
[Trait("Deployment", "its own")]
public sealed class OutageTests(ITestOutputHelper output)
{
    private const int Devices = 50, SmokeDetected = 101;
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly int Seconds = Account.Setting("SMARTCITY_OUTAGE_SECONDS", 2);
    private static readonly int Rate = Account.Setting("SMARTCITY_OUTAGE_RATE", 300);
    private static readonly bool IsLong = Seconds >= 60;

    // How long the server may take for what it missed, and the generator for its last answers.
    private static readonly TimeSpan CatchUpMax = TimeSpan.FromSeconds(60 + Seconds);

    [Fact]
    public async Task Nothing_is_lost_while_InfluxDB_is_dead() => await RunAsync("killed", null, i => i.KillAsync(), i => i.RestartAsync());

    [Fact]
    public async Task Nothing_is_lost_while_InfluxDB_hangs() => await RunAsync("hung", null, i => i.HangAsync(), i => i.GoOnAsync());

    [Fact]
    public async Task Nothing_is_lost_behind_a_broker_of_its_own_while_InfluxDB_is_dead()
    {
        await using var mosquitto = await Mosquitto.StartAsync();
        await RunAsync("killed, behind mosquitto", mosquitto, i => i.KillAsync(), i => i.RestartAsync());
    }

    private async Task RunAsync(
        string name, Mosquitto? mosquitto, Func<InfluxServer, Task> away, Func<InfluxServer, Task> back)
    {
        await using var influx = await InfluxServer.StartAsync();
        using var folder = new TempFolder();
        var ports = FreePorts.Take(3);
        var mqttPort = mosquitto?.Port ?? ports[0];
        string[] broker = mosquitto is null
            ? [$"--Mqtt:Listen=127.0.0.1:{mqttPort}"]
            : ["--Mqtt:Listen=", $"--Mqtt:Broker={mosquitto.Address}"];
        await using var server = ChildProcess.Start(
            "src/SmartCity.Server",
            [
                $"--DataDirectory={folder.Path}/data", $"--Grpc:Listen=127.0.0.1:{ports[1]}", $"--Web:Listen=127.0.0.1:{ports[2]}",
                "--Store:Kind=InfluxDb", $"--Store:InfluxDb:Url={influx.Url}", .. broker,
            ]);
        try
        {
            using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[1]}");
            var run = new Run(channel, mqttPort, Path.Combine(folder.Path, "acknowledged.csv"));
            await Account.ReadyAsync(run.Operations, server, StartMax);
            await run.ImportAsync();
            var before = await run.LoadAsync(IsLong ? 60 : 1);
            var (behind, oldest, during) = await run.WhileAwayAsync(() => away(influx));
            output.WriteLine($"{name}: {behind.MessagesBehind} behind after {Seconds} s, journal {behind.JournalBytes >> 20} MiB, "
                + $"the server at most {server.MemoryMiBMax} MiB, live state at most {oldest.TotalMilliseconds:F0} ms old, "
                + $"told: {behind.StoreProblem}");
            var caughtUp = await run.WhileCatchingUpAsync(() => back(influx));
            output.WriteLine($"{name}: PUBACK p99 {before.P99Ms:F1} ms before, {during.P99Ms:F1} ms while away, "
                + $"{caughtUp.Load.P99Ms:F1} ms while catching up; first stored {caughtUp.Waited.TotalSeconds:F1} s after it was "
                + $"back, then {caughtUp.PerSecond:F0} msg/s beside {Rate} msg/s live ({caughtUp.PerSecond / Rate:F1} times), live "
                + $"state at most {caughtUp.Oldest.TotalMilliseconds:F0} ms old, the server at most {server.MemoryMiBMax} MiB");
            await CountAsync(name, run, influx, before, during, caughtUp.Load);
            Assert.True(behind.MessagesBehind > Rate * Seconds / 2, $"only {behind.MessagesBehind} waited");
            Assert.InRange(oldest > caughtUp.Oldest ? oldest : caughtUp.Oldest, TimeSpan.Zero, TimeSpan.FromSeconds(5));
            if (IsLong)
            {
                Assert.NotEmpty(behind.StoreProblem);
                // The least that a disk's commit takes is no sign of trouble.
                Assert.InRange(during.P99Ms, 0, 2 * Math.Max(before.P99Ms, 10));
                Assert.InRange(caughtUp.PerSecond, 5 * Rate, double.MaxValue);
            }
        }
        catch (Exception)
        {
            output.WriteLine(server.Output);
            throw;
        }
    }

    private async Task CountAsync(string name, Run run, InfluxServer influx, params LoadResult[] loads)
    {
        var status = await Account.DrainedAsync(run.Operations, CatchUpMax);
        var acknowledged = await Account.AcknowledgedAsync(run.Ledger);
        var stored = await Account.StoredAsync(run.Operations);
        var dead = await Account.DeadAsync(run.Operations);
        var points = CountOf(await influx.QueryAsync("SELECT count(\"position\") FROM \"meter\"", "smartcity"));
        var lost = acknowledged.Count(id => !stored.Contains(id) && !dead.Contains(id));
        var invented = stored.Concat(dead).Count(id => !acknowledged.Contains(id));
        var twice = stored.Count(dead.Contains) + Math.Max(0, points - stored.Count);
        output.WriteLine($"{name}: sent {loads.Sum(l => l.Sent)}, acked {acknowledged.Count}, stored {stored.Count} (points in "
            + $"InfluxDB {points}), dead {dead.Count}, duplicates {twice} (resends dropped {status.MessagesDuplicate}), lost {lost}, "
            + $"invented {invented}; received {status.MessagesReceived} = stored {status.MessagesStored} + resends "
            + $"{status.MessagesDuplicate} + dead {status.MessagesDead} + behind {status.MessagesBehind}");
        Assert.NotEmpty(dead);
        Assert.Equal((loads.Sum(l => l.Sent), 0, 0, 0L), (acknowledged.Count, lost, invented, twice));
        Assert.Equal(stored.Count, points);
        Assert.Equal(status.MessagesReceived, status.MessagesStored + status.MessagesDuplicate + status.MessagesDead);
    }

    private static long CountOf(string answer)
    {
        using var json = System.Text.Json.JsonDocument.Parse(answer);
        return json.RootElement.GetProperty("results")[0].GetProperty("series")[0].GetProperty("values")[0][1].GetInt64();
    }

    private sealed record CaughtUp(TimeSpan Waited, double PerSecond, TimeSpan Oldest, LoadResult Load);

    // The steps of one outage.
    private sealed class Run(GrpcChannel channel, int mqttPort, string ledger)
    {
        public string Ledger => ledger;

        public OperationsService.OperationsServiceClient Operations { get; } = new(channel);

        public async Task ImportAsync()
        {
            var piles = Enumerable.Range(1, Devices).Select(i => string.Create(CultureInfo.InvariantCulture,
                $$"""{"id":"load-{{i:0000}}","name":"Pile","compoundId":"c","kind":"EBIKE_AC","ports":10}"""));
            await new RegistryService.RegistryServiceClient(channel).ImportAssetsAsync(new ImportAssetsRequest
            {
                Format = AssetFormat.Json,
                Content = """
                    {"areas":[{"id":"220204","kind":"DISTRICT","name":"District"},
                              {"id":"s","kind":"SUBDISTRICT","name":"Subdistrict","parentId":"220204"},
                              {"id":"c","kind":"COMPOUND","name":"Compound","parentId":"s"}],
                    """ + $"\"piles\":[{string.Join(',', piles)}]}}",
            });
        }

        public Task<LoadResult> LoadAsync(double seconds) => LoadAsync(TimeSpan.FromSeconds(seconds), CancellationToken.None);

        /// <summary>The status, how old the live state was at worst, and what devices saw, while it is away.</summary>
        public async Task<(GetIngestStatusResponse Status, TimeSpan Oldest, LoadResult Load)> WhileAwayAsync(Func<Task> leave)
        {
            await Account.DrainedAsync(Operations, CatchUpMax);
            await leave();
            var load = LoadAsync(Seconds);
            await using var probe = await ProbeAsync();
            await using (var device = await TestDevice.ConnectAsync(mqttPort, "alarm"))
            {
                await device.PublishAsync("smartcity/v1/220204/pile/load-0001/fault",
                    $$"""{"records":[{"time":{{TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()}},"port":3,"code":101,"event":"RAISED"}]}""");
            }
            await TestServer.EventuallyAsync(() => probe.ShowsAsync(3, SmokeDetected), "the live state shows the alarm");
            await load;
            return (await Operations.GetIngestStatusAsync(new GetIngestStatusRequest()), probe.OldestAnswer, await load);
        }

        /// <summary>Goes on sending until the store is no further behind than a second.</summary>
        public async Task<CaughtUp> WhileCatchingUpAsync(Func<Task> comeBack)
        {
            using var enough = new CancellationTokenSource();
            var load = LoadAsync(Timeout.InfiniteTimeSpan, enough.Token);
            await using var probe = await ProbeAsync();
            var from = (await Operations.GetIngestStatusAsync(new GetIngestStatusRequest())).StoredPosition;
            await comeBack();
            var since = Stopwatch.GetTimestamp();
            await UntilAsync(status => status.StoredPosition > from);
            var (waited, began) = (Stopwatch.GetElapsedTime(since), Stopwatch.GetTimestamp());
            var first = (await Operations.GetIngestStatusAsync(new GetIngestStatusRequest())).StoredPosition;
            var end = await UntilAsync(status => status.MessagesBehind < Rate);
            var perSecond = (end.StoredPosition - (IsLong ? first : from)) / Stopwatch.GetElapsedTime(began).TotalSeconds;
            await enough.CancelAsync();
            return new CaughtUp(waited, perSecond, probe.OldestAnswer, await load);
        }

        private async Task<GetIngestStatusResponse> UntilAsync(Func<GetIngestStatusResponse, bool> holds)
        {
            using var deadline = new CancellationTokenSource(CatchUpMax);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            while (await timer.WaitForNextTickAsync(deadline.Token))
            {
                var status = await Operations.GetIngestStatusAsync(new GetIngestStatusRequest(), cancellationToken: deadline.Token);
                if (holds(status))
                {
                    return status;
                }
            }
            throw new UnreachableException();
        }

        // The probe watches from when the devices are connected and seen.
        private async Task<LiveProbe> ProbeAsync()
        {
            var began = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var charging = new ChargingService.ChargingServiceClient(channel);
            await TestServer.EventuallyAsync(
                async () => (await charging.ListPortsAsync(new ListPortsRequest())).Ports.Any(p => p.LastMeter?.Time >= began),
                "devices report");
            return new LiveProbe(channel, "load-0001");
        }

        // One message in so many names port 99, so that dead letters are part of the account.
        private Task<LoadResult> LoadAsync(TimeSpan duration, CancellationToken stopping) => new LoadRun(
            new LoadOptions(new DnsEndPoint("127.0.0.1", mqttPort))
            {
                Connections = Devices, Window = 20, Rate = Rate, LedgerPath = ledger, BadEvery = IsLong ? 100 : 5,
                UntilStopped = duration < TimeSpan.Zero, Duration = duration,
            },
            TimeProvider.System).RunAsync(stopping);
    }
}
