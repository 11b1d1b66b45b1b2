using Grpc.Net.Client;
using SmartCity.Protocol.V1;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Disks;

/// <summary>Power cuts under load: only what reached the disk is there afterwards, and everything acknowledged must have.
/// SMARTCITY_POWER_CUTS=200 is the long form; SMARTCITY_SEED repeats its moments.</summary>
public sealed class PowerCutTests(ITestOutputHelper output)
{
    private const int Piles = 40;
    private const int Megabytes = 512;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_power_cut_costs_nothing_that_was_acknowledged()
    {
        using var disk = LoopDisk.TryMake(Megabytes);
        Assert.SkipWhen(disk is null, "no file system can be made in a file and mounted here (root, mkfs.ext4, /dev/loop)");
        var cuts = Account.Setting("SMARTCITY_POWER_CUTS", 1);
        var seed = Account.Setting("SMARTCITY_SEED", Environment.TickCount);
        var random = new Random(seed);
        var data = Path.Combine(disk.Path, "data");
        var ports = FreePorts.Take(3);
        await using var server = ChildProcess.Start(
            "src/SmartCity.Server", $"--DataDirectory={data}", $"--Mqtt:Listen=127.0.0.1:{ports[0]}",
            $"--Grpc:Listen=127.0.0.1:{ports[1]}", $"--Web:Listen=127.0.0.1:{ports[2]}", "--Ingest:CheckpointSeconds=1");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[1]}");
        await Account.ReadyAsync(new OperationsService.OperationsServiceClient(channel), server, Patience);
        await new RegistryService.RegistryServiceClient(channel).ImportAssetsAsync(
            new ImportAssetsRequest { Format = AssetFormat.Json, Content = DeviceLoad.AssetsOf(Piles) });
        await using var load = new DeviceLoad(ports[0], Piles);
        await TestServer.EventuallyAsync(() => Task.FromResult(load.Acknowledged.Count > Piles * 10), "acknowledged");
        for (var cut = 1; cut <= cuts; cut++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 1_500)), TimeProvider.System);
            await CutAsync(disk, server, load, $"seed {seed}, cut {cut}");
        }
    }

    private async Task CutAsync(LoopDisk disk, ChildProcess server, DeviceLoad load, string what)
    {
        Assert.True(SmallDisk.TryRun("kill", "-STOP", $"{server.Id}"));
        IReadOnlyCollection<string> acknowledged;
        LoopDisk after;
        try
        {
            acknowledged = load.Acknowledged; // A copy: what is on its way to the devices came before the cut as well.
            after = disk.CopyAsAfterPowerCut();
        }
        finally
        {
            Assert.True(SmallDisk.TryRun("kill", "-CONT", $"{server.Id}"));
        }
        using (after)
        {
            await using var recovered = await TestServer.StartAsync(Path.Combine(after.Path, "data"));
            await TestServer.EventuallyAsync(
                async () => (await recovered.StatusAsync()).StoreProblem.Length == 0, "the store open after the power cut");
            output.WriteLine(await DeviceLoad.AccountAsync(recovered.Operations, acknowledged, what));
        }
    }
}
