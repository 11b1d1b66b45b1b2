using System.Diagnostics;
using Grpc.Net.Client;
using SmartCity.Protocol.V1;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Disks;

/// <summary>A full disk where none can be mounted: files may not grow, by a limit of the operating system.</summary>
internal static class FileLimit
{
    private const int Piles = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RecoveredWithin = TimeSpan.FromSeconds(5);

    /// <summary>Reaches the limit under load, lifts it, and counts.</summary>
    public static async Task ReachAsync(ITestOutputHelper output)
    {
        using var folder = new TempFolder();
        var ports = FreePorts.Take(3);
        await using var server = ChildProcess.StartDeafToFileLimit(
            "src/SmartCity.Server", $"--DataDirectory={folder.Path}", $"--Mqtt:Listen=127.0.0.1:{ports[0]}",
            $"--Grpc:Listen=127.0.0.1:{ports[1]}", $"--Web:Listen=127.0.0.1:{ports[2]}");
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[1]}");
        var operations = new OperationsService.OperationsServiceClient(channel);
        await Account.ReadyAsync(operations, server, Patience);
        await new RegistryService.RegistryServiceClient(channel).ImportAssetsAsync(
            new ImportAssetsRequest { Format = AssetFormat.Json, Content = DeviceLoad.AssetsOf(Piles) });
        await using var load = new DeviceLoad(ports[0], Piles);
        await AcknowledgedAsync(load, Piles * 10);
        Limit(server, "4096");
        await TestServer.EventuallyAsync(
            async () => (await operations.GetIngestStatusAsync(new GetIngestStatusRequest())).StoreProblem.Contains("disk",
                StringComparison.Ordinal), "told");
        var since = Stopwatch.StartNew();
        Limit(server, "unlimited");
        await AcknowledgedAsync(load, load.Acknowledged.Count + Piles);
        await TestServer.EventuallyAsync(
            async () => (await operations.GetIngestStatusAsync(new GetIngestStatusRequest())).StoreProblem.Length == 0, "over");
        Assert.InRange(since.Elapsed, TimeSpan.Zero, RecoveredWithin);
        await load.StopAsync();
        output.WriteLine(await DeviceLoad.AccountAsync(
            operations, load.Acknowledged, $"limit on files, recovered within {since.Elapsed.TotalSeconds:F1} s"));
    }

    private static Task AcknowledgedAsync(DeviceLoad load, int count) =>
        TestServer.EventuallyAsync(() => Task.FromResult(load.Acknowledged.Count >= count), "acknowledged");

    private static void Limit(ChildProcess server, string bytes) => Assert.True(
        SmallDisk.TryRun("prlimit", "--pid", $"{server.Id}", $"--fsize={bytes}:unlimited"), "prlimit (util-linux) does not work here");
}
