using System.Diagnostics;
using Grpc.Core;
using SmartCity.Protocol.V1;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Disks;

/// <summary>Disks that are filled to the last byte under load, again and again: nothing acknowledged is lost, who runs the server is
/// told, and everything goes on by itself. SMARTCITY_DISK_FULL=50 is the long form.</summary>
public sealed class DiskFullTests(ITestOutputHelper output)
{
    private const int Piles = 40;
    private const int Megabytes = 256;
    private static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RecoveredWithin = TimeSpan.FromSeconds(5);

    // Checkpoints are part of what meets the full disk.
    private static readonly string[] Settings = ["--Ingest:CheckpointSeconds=1"];
    private static readonly string[] Others = [JournalLog.FileName, DeadLetterStore.FileName, "registry.db"];

    [Fact]
    public async Task A_full_disk_with_everything_costs_nothing_that_was_acknowledged() => await FillAsync("everything", 2);

    // The short form takes one of them.
    [Fact]
    public async Task A_full_disk_under_one_part_costs_nothing_that_was_acknowledged()
    {
        string[] parts = [JournalLog.FileName, "the store", DeadLetterStore.FileName];
        foreach (var part in IsLong ? parts : [parts[Environment.TickCount % parts.Length]])
        {
            await FillAsync(part, 1);
        }
    }

    private static bool IsLong => Account.Setting("SMARTCITY_DISK_FULL", 0) > 0;

    private async Task FillAsync(string full, int fills)
    {
        output.WriteLine($"full: {full}");
        using var disk = SmallDisk.TryMount(Megabytes);
        if (disk is null)
        {
            await FileLimit.ReachAsync(output);
            return;
        }
        using var folder = new TempFolder();
        var data = Place(full, disk, folder.Path);
        fills = Account.Setting("SMARTCITY_DISK_FULL", fills);
        var random = new Random(Account.Setting("SMARTCITY_SEED", 1));
        var slowest = (Told: TimeSpan.Zero, Recovered: TimeSpan.Zero);
        await using (var server = await TestServer.StartAsync(data, Settings))
        {
            // While only files are used up, there is room on the disk, but not for another file. A journal that is opened again
            // while this test asks for the state is opened once more.
            server.IsExpectedError = error => IsAboutSpace(error) || error.Contains("df -i", StringComparison.Ordinal)
                || error.Contains("kept the log from being emptied", StringComparison.Ordinal);
            await server.ImportAsync(DeviceLoad.AssetsOf(Piles));
            await using var load = new DeviceLoad(server.MqttPort, Piles);
            try
            {
                for (var fill = 0; fill < fills; fill++)
                {
                    await GoesOnAsync(server, load);
                    var (told, recovered) = await FillOnceAsync(disk, server, load, HeldFor(random));
                    output.WriteLine($"fill {fill}: told after {told.TotalSeconds:F1} s, recovered after {recovered.TotalSeconds:F1} s");
                    slowest = (Later(slowest.Told, told), Later(slowest.Recovered, recovered));
                }
                await load.StopAsync();
                await AccountAsync(server, load, $"{full}, {fills} fills, told within {slowest.Told.TotalSeconds:F1} s, recovered within "
                    + $"{slowest.Recovered.TotalSeconds:F1} s");
            }
            catch (Exception e)
            {
                output.WriteLine(e.ToString()); // What goes wrong while the server is disposed of would hide it.
                throw;
            }
        }
        await using var again = await TestServer.StartAsync(data, Settings);
        await TestServer.EventuallyAsync(
            async () => await again.StatusAsync() is { StoreProblem: "", MessagesBehind: 0 }, "everything there after a restart");
    }

    [Fact]
    public async Task A_server_that_stops_and_starts_on_a_full_disk_says_so_and_loses_nothing()
    {
        using var disk = SmallDisk.TryMount(Megabytes);
        Assert.SkipWhen(disk is null, "no disk in memory can be mounted here (root)");
        using var freed = new CancellationTokenSource();
        Task filling;
        string[] acknowledged;
        await using (var server = await TestServer.StartAsync(disk.Path, Settings))
        {
            server.IsExpectedError = IsAboutSpace;
            await server.ImportAsync(DeviceLoad.AssetsOf(Piles));
            await using var load = new DeviceLoad(server.MqttPort, Piles);
            await GoesOnAsync(server, load);
            await load.StopAsync();
            acknowledged = [.. load.Acknowledged];
            filling = disk.KeepFullAsync(freed.Token);
            var refused = await Assert.ThrowsAsync<RpcException>(() => server.ImportAsync(DeviceLoad.AssetsOf(Piles + 100)));
            Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
            Assert.Contains(" disk", refused.Status.Detail, StringComparison.Ordinal);
        }
        var told = await Record.ExceptionAsync(
            async () => await (await TestServer.StartAsync(disk.Path, Settings)).DisposeAsync());
        if (told is not null)
        {
            Assert.IsType<JournalUnavailableException>(told);
            Assert.Contains("full: free space", told.Message, StringComparison.Ordinal);
        }
        await freed.CancelAsync();
        await filling;
        disk.Free();
        await using var again = await TestServer.StartAsync(disk.Path, Settings);
        var status = await Account.DrainedAsync(again.Operations, TimeSpan.FromSeconds(20));
        Assert.Equal(acknowledged.Length, status.MessagesStored + status.MessagesDead);
    }

    // Long enough for tries to become rare, in the long form.
    private static TimeSpan HeldFor(Random random) => TimeSpan.FromMilliseconds(random.Next(200, IsLong ? 12_000 : 400));

    // Links put files on a disk of their own, as an operator would.
    private static string Place(string full, SmallDisk disk, string folder)
    {
        if (full == "everything")
        {
            return disk.Path;
        }
        var (data, elsewhere, linked) = full == "the store" ? (disk.Path, folder, Others) : (folder, disk.Path, [full]);
        foreach (var name in linked)
        {
            File.CreateSymbolicLink(Path.Combine(data, name), Path.Combine(elsewhere, name));
        }
        return data;
    }

    private static async Task<(TimeSpan Told, TimeSpan Recovered)> FillOnceAsync(
        SmallDisk disk, TestServer server, DeviceLoad load, TimeSpan fullFor)
    {
        using var freed = new CancellationTokenSource();
        var filling = disk.KeepFullAsync(freed.Token);
        var since = Stopwatch.StartNew();
        using var web = new HttpClient { BaseAddress = new Uri(server.WebAddress) };
        await TestServer.EventuallyAsync(
            async () => IsAboutSpace((await server.StatusAsync()).StoreProblem)
                && IsAboutSpace(await web.GetStringAsync(new Uri("/healthz", UriKind.Relative))),
            "told that the disk is full");
        var told = since.Elapsed;
        while (since.Elapsed < told + fullFor)
        {
            await server.StatusAsync(); // Answers all the while.
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        await freed.CancelAsync();
        await filling;
        disk.Free();
        since.Restart();
        await GoesOnAsync(server, load);
        Assert.InRange(told, TimeSpan.Zero, ToldWithin);
        var recovered = since.Elapsed;
        Assert.True(recovered <= RecoveredWithin, $"recovered after {recovered}\n{string.Join('\n', server.Log.All.TakeLast(20))}");
        Assert.Equal("Healthy", await web.GetStringAsync(new Uri("/healthz", UriKind.Relative)));
        return (told, recovered);
    }

    // More is acknowledged, and the store takes what was acknowledged before.
    private static async Task GoesOnAsync(TestServer server, DeviceLoad load)
    {
        var before = load.Acknowledged.Count;
        var position = (await server.StatusAsync()).JournalPosition;
        GetIngestStatusResponse status = new();
        await TestServer.EventuallyAsync(
            async () =>
            {
                status = await server.StatusAsync();
                return status.StoreProblem.Length == 0 && status.StoredPosition > position && load.Acknowledged.Count > before + Piles;
            },
            () => $"goes on: {status}\n{string.Join('\n', server.Log.All.TakeLast(30))}");
    }

    private async Task AccountAsync(TestServer server, DeviceLoad load, string what)
    {
        output.WriteLine(await DeviceLoad.AccountAsync(
            server.Operations, load.Acknowledged, $"{what}, refused and sent again {load.Refused}"));
        Assert.DoesNotContain(server.Log.All, line => line.Contains("does not replay", StringComparison.Ordinal));
    }

    private static bool IsAboutSpace(string text) => text.Contains("disk is full", StringComparison.OrdinalIgnoreCase);

    private static TimeSpan Later(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
