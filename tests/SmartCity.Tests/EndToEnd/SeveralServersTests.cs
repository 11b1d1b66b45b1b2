using System.Globalization;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Load;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Telemetry;
using MeterRecord = SmartCity.Domain.Telemetry.MeterRecord;

namespace SmartCity.Tests.EndToEnd;

/// <summary>Two servers on one real mosquitto, killed in turn under load. SMARTCITY_BROKER_KILLS=100 is the long form;
/// SMARTCITY_SEED repeats a run.</summary>
[Trait("Deployment", "its own")]
public sealed class SeveralServersTests(ITestOutputHelper output)
{
    private const int Devices = 10;
    private static readonly string[] Areas = ["220204", "220203"];
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(120);

    [Fact]
    public Task With_districts_of_their_own_nothing_is_lost_and_each_device_stays_in_order() =>
        RunAsync("shards", Account.Setting("SMARTCITY_BROKER_KILLS", 3), i => $"--Mqtt:Areas={Areas[i]}", keepsOrder: true);

    [Fact]
    public Task With_a_shared_group_nothing_is_lost() =>
        RunAsync("$share", Account.Setting("SMARTCITY_BROKER_KILLS", 1), _ => "--Mqtt:SharedGroup=city", keepsOrder: false);

    private async Task RunAsync(string name, int kills, Func<int, string> setting, bool keepsOrder)
    {
        var seed = Account.Setting("SMARTCITY_SEED", Environment.TickCount);
        output.WriteLine($"{name}: seed {seed}");
        var random = new Random(seed);
        await using var mosquitto = await Mosquitto.StartAsync();
        using var folder = new TempFolder();
        await using var a = new Instance(mosquitto.Port, "a", folder.Path, setting(0));
        await using var b = new Instance(mosquitto.Port, "b", folder.Path, setting(1));
        Instance[] instances = [a, b];
        await Task.WhenAll(instances.Select(async instance =>
        {
            await instance.StartAsync();
            await instance.ImportAsync();
        }));
        using var enough = new CancellationTokenSource();
        var loads = Areas.Select(area => LoadAsync(mosquitto.Port, area, folder.Path, enough.Token)).ToArray();
        for (var kill = 0; kill < kills; kill++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(50, 800)), TimeProvider.System);
            var victim = instances[random.Next(2)];
            await victim.KillAsync();
            await victim.StartAsync();
        }
        await enough.CancelAsync();
        var results = await Task.WhenAll(loads);
        await AccountAsync(name, kills, folder.Path, results, instances, keepsOrder);
    }

    private static Task<LoadResult> LoadAsync(int port, string area, string folder, CancellationToken enough) => new LoadRun(
        new LoadOptions(new DnsEndPoint("127.0.0.1", port))
        {
            Area = area, Connections = Devices, Rate = 300, UntilStopped = true, BadEvery = 50,
            LedgerPath = LedgerOf(folder, area),
        },
        TimeProvider.System).RunAsync(enough);

    private static string LedgerOf(string folder, string area) => Path.Combine(folder, $"acknowledged-{area}.csv");

    private async Task AccountAsync(
        string name, int kills, string folder, LoadResult[] results, Instance[] instances, bool keepsOrder)
    {
        var (sent, acked) = (results.Sum(r => r.Sent), results.Sum(r => r.Acked));
        HashSet<string> acknowledged = [];
        foreach (var area in Areas)
        {
            acknowledged.UnionWith(await Account.AcknowledgedAsync(LedgerOf(folder, area)));
        }
        await TestServer.EventuallyAsync(
            async () => (await Task.WhenAll(instances.Select(i => i.DistinctAsync()))).Sum() >= acknowledged.Count,
            "as many messages settled as were acknowledged");
        var dead = await Task.WhenAll(instances.Select(i => Account.DeadAsync(i.Operations)));
        var status = await Task.WhenAll(instances.Select(i => Account.DrainedAsync(i.Operations, DrainMax)));
        var gaps = await Task.WhenAll(instances.Select(i => i.AskGapsAsync()));
        List<HashSet<string>> stored = [];
        List<Stamp> stamps = [];
        await Task.WhenAll(instances.Select(i => i.StopAsync()));
        foreach (var instance in instances)
        {
            await ReadAsync(instance.Folder, stored, stamps);
        }
        var disordered = Disordered(stamps);
        string[] all = [.. stored.Concat(dead).SelectMany(ids => ids)];
        var lost = acknowledged.Except(all).Count();
        var invented = all.Except(acknowledged).Count();
        output.WriteLine($"{name}: kills {kills}, sent {sent}, acked {acked}, stored {stored.Sum(s => s.Count)} "
            + $"({string.Join(" and ", stored.Select(s => s.Count))}), dead {dead.Sum(d => d.Count)}, "
            + $"duplicates dropped {status.Sum(s => s.MessagesDuplicate)}, in both {all.Length - all.Distinct().Count()}, "
            + $"lost {lost}, invented {invented}, out of order {disordered}");
        Assert.True(acked > 100 && acked == sent && acked == acknowledged.Count);
        Assert.All(stored, ids => Assert.NotEmpty(ids));
        Assert.All(status, s => Assert.Equal(0, s.MessagesMissing));
        // Who has a part of a device's numbers cannot tell which are missing.
        Assert.All(gaps, code => Assert.Equal(keepsOrder ? StatusCode.OK : StatusCode.FailedPrecondition, code));
        Assert.Equal((0, 0, all.Length), (lost, invented, all.Distinct().Count()));
        Assert.All(status, s => Assert.Equal(s.MessagesReceived, s.MessagesStored + s.MessagesDuplicate + s.MessagesDead));
        if (keepsOrder)
        {
            Assert.Equal(0, disordered);
        }
    }

    // From the store itself: who has every other message of a device has more ranges than GetReceipts tells.
    private static async Task ReadAsync(string folder, List<HashSet<string>> stored, List<Stamp> stamps)
    {
        await using var store = new DuckDbTelemetryStore(
            Path.Combine(folder, DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
        await store.OpenAsync(CancellationToken.None);
        HashSet<string> ids = [];
        await foreach (var receipt in store.ReadReceiptsAsync(null, CancellationToken.None))
        {
            foreach (var (first, last) in receipt.Seqs)
            {
                for (var seq = first; seq <= last; seq++)
                {
                    ids.Add($"{receipt.Device},{receipt.Boot},{seq}");
                }
            }
        }
        stored.Add(ids);
        var end = new Instant(long.MaxValue);
        var everything = new RecordQuery(DeviceKind.Pile, null, default, end, end);
        var before = stamps.Count;
        await foreach (var device in store.ReadDevicesAsync<MeterRecord>(everything, CancellationToken.None))
        {
            stamps.AddRange(device.Select(record => record.Stamp));
        }
        Assert.Equal(ids.Count, stamps.Count - before); // One record a message, and none twice.
    }

    // Messages that were received before one that their device had sent before them.
    private static int Disordered(List<Stamp> stamps) => stamps.GroupBy(stamp => stamp.Device).Sum(device =>
    {
        var inOrder = device.OrderBy(stamp => stamp.Sequence).ToList();
        return inOrder.Zip(inOrder.Skip(1)).Count(pair => pair.First.Received > pair.Second.Received);
    });

    // A server that can be killed and started again.
    private sealed class Instance(int broker, string id, string folder, string setting) : IAsyncDisposable
    {
        private readonly int[] ports = FreePorts.Take(2);
        private ChildProcess? server;
        private GrpcChannel? channel;

        public string Folder { get; } = Path.Combine(folder, id);

        public OperationsService.OperationsServiceClient Operations =>
            new(channel ??= GrpcChannel.ForAddress($"http://127.0.0.1:{ports[0]}"));

        public async Task StartAsync()
        {
            server = ChildProcess.Start(
                "src/SmartCity.Server", $"--DataDirectory={Folder}", "--Mqtt:Listen=", $"--Mqtt:Broker=mqtt://127.0.0.1:{broker}",
                $"--Mqtt:ClientId={id}", setting, $"--Grpc:Listen=127.0.0.1:{ports[0]}", $"--Web:Listen=127.0.0.1:{ports[1]}");
            await Account.ReadyAsync(Operations, server, StartMax);
            await TestServer.EventuallyAsync(
                async () => (await Operations.GetIngestStatusAsync(new())).Brokers[0].Connected, "connected to the broker");
        }

        public async Task ImportAsync()
        {
            var piles =
                from prefix in (string[])["load-", $"load-{Areas[1]}-"]
                from i in Enumerable.Range(1, Devices)
                let id = prefix + i.ToString("0000", CultureInfo.InvariantCulture)
                select $$"""{"id":"{{id}}","name":"Pile","compoundId":"c","kind":"EBIKE_AC","ports":10}""";
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

        public async Task<StatusCode> AskGapsAsync()
        {
            try
            {
                await Operations.ListGapsAsync(new ListGapsRequest());
                return StatusCode.OK;
            }
            catch (RpcException e)
            {
                return e.StatusCode;
            }
        }

        public Task KillAsync() => server!.KillAsync();

        public async Task StopAsync() => Assert.Equal(0, await server!.TerminateAsync(StartMax));

        /// <summary>Messages in the store or the dead letters.</summary>
        public async Task<long> DistinctAsync()
        {
            var status = await Operations.GetIngestStatusAsync(new GetIngestStatusRequest());
            return status.MessagesStored + status.DeadLettersWaiting;
        }

        public async ValueTask DisposeAsync()
        {
            channel?.Dispose();
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }
}
