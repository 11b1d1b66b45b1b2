using Grpc.Net.Client;
using SmartCity.Simulator.Load;

namespace SmartCity.Tests.EndToEnd;

/// <summary>InfluxDB is away under load and comes back. The long form: SMARTCITY_OUTAGE_SECONDS=3600, SMARTCITY_OUTAGE_RATE=1000,
/// SMARTCITY_OUTAGE=killed or hung for one way only, SMARTCITY_TEST_BROKER=mosquitto for devices at a broker of their own.</summary>
[Trait("Deployment", "its own")]
public sealed class OutageTests(ITestOutputHelper output)
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly int Seconds = Account.Setting("SMARTCITY_OUTAGE_SECONDS", 1);
    private static readonly int Rate = Account.Setting("SMARTCITY_OUTAGE_RATE", 300);
    private static readonly string? Only = Environment.GetEnvironmentVariable("SMARTCITY_OUTAGE");
    private static readonly bool IsLong = Seconds >= 60;

    // How old the live state may be on a machine that has other work.
    private static readonly TimeSpan OldMax = TimeSpan.FromSeconds(10);

    private static readonly (string Name, Func<InfluxServer, Task> Leave, Func<InfluxServer, Task> ComeBack)[] Ways =
    [
        ("killed", influx => influx.KillAsync(), influx => influx.RestartAsync()),
        ("hung", influx => influx.HangAsync(), influx => influx.GoOnAsync()),
    ];

    [Fact]
    public async Task Nothing_is_lost_and_live_state_goes_on_while_InfluxDB_is_dead_and_while_it_hangs()
    {
        await using var influx = await InfluxServer.StartAsync();
        using var folder = new TempFolder();
        var ports = FreePorts.Take(3);
        var (mqttPort, broker) = await Deployment.OfAsync(folder.Path, ports[0]);
        await using var server = ChildProcess.Start(
            "src/SmartCity.Server",
            [
                $"--DataDirectory={folder.Path}/data", $"--Grpc:Listen=127.0.0.1:{ports[1]}", $"--Web:Listen=127.0.0.1:{ports[2]}",
                .. broker, "--Store:Kind=InfluxDb", $"--Store:InfluxDb:Url={influx.Url}",
            ]);
        try
        {
            using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[1]}");
            var ledger = Path.Combine(folder.Path, "acknowledged.csv");
            var load = new OutageLoad(channel, mqttPort, Rate, badEvery: IsLong ? 100 : 5, ledger);
            await Account.ReadyAsync(load.Operations, server, StartMax);
            await load.ImportAsync();
            var loads = new List<LoadResult> { await load.LoadAsync(IsLong ? 60 : 1) };
            var outages = new List<(Missed Missed, CaughtUp CaughtUp)>();
            foreach (var (name, leave, comeBack) in Ways.Where(way => Only is null || Only == way.Name))
            {
                var missed = await load.WhileAwayAsync(() => leave(influx), Seconds);
                var caughtUp = await load.WhileCatchingUpAsync(() => comeBack(influx));
                Tell(name, server, loads[0], missed, caughtUp);
                loads.AddRange([missed.Load, caughtUp.Load]);
                outages.Add((missed, caughtUp));
            }
            await CountAsync(load, ledger, influx, loads);
            outages.ForEach(outage => Check(loads[0], outage.Missed, outage.CaughtUp));
        }
        catch (Exception)
        {
            output.WriteLine(server.Output);
            throw;
        }
    }

    private void Tell(string name, ChildProcess server, LoadResult before, Missed missed, CaughtUp caughtUp)
    {
        output.WriteLine($"{name} for {Seconds} s: {missed.Status.MessagesBehind} behind, journal "
            + $"{missed.Status.JournalBytes >> 20} MiB, live state at most {missed.Oldest.TotalMilliseconds:F0} ms old, told: "
            + missed.Status.StoreProblem);
        output.WriteLine($"{name}: back, after {caughtUp.Waited.TotalSeconds:F1} s {caughtUp.PerSecond:F0} msg/s stored beside {Rate} "
            + $"sent ({caughtUp.PerSecond / Rate:F1} times), live state at most {caughtUp.Oldest.TotalMilliseconds:F0} ms old, the "
            + $"server never had more than {server.MemoryMiBMax} MiB");
        output.WriteLine($"{name}: PUBACK p99 {before.P99Ms:F1} ms before, {missed.Load.P99Ms:F1} ms while away, "
            + $"{caughtUp.Load.P99Ms:F1} ms while catching up");
    }

    private static void Check(LoadResult before, Missed missed, CaughtUp caughtUp)
    {
        Assert.InRange(missed.Oldest, TimeSpan.Zero, OldMax);
        Assert.InRange(caughtUp.Oldest, TimeSpan.Zero, OldMax);
        if (IsLong)
        {
            Assert.NotEmpty(missed.Status.StoreProblem);
            // The least that a disk's commit takes is no sign of trouble.
            Assert.InRange(missed.Load.P99Ms, 0, 2 * Math.Max(before.P99Ms, 10));
            Assert.InRange(caughtUp.PerSecond, 5 * Rate, double.MaxValue);
        }
    }

    private async Task CountAsync(OutageLoad load, string ledger, InfluxServer influx, List<LoadResult> loads)
    {
        var status = await Account.DrainedAsync(load.Operations, StartMax);
        var acknowledged = await Account.AcknowledgedAsync(ledger);
        var stored = await Account.StoredAsync(load.Operations);
        var dead = await Account.DeadAsync(load.Operations);
        var points = CountOf(await influx.QueryAsync("SELECT count(\"position\") FROM \"meter\"", "smartcity"));
        var lost = acknowledged.Count(id => !stored.Contains(id) && !dead.Contains(id));
        var invented = stored.Concat(dead).Count(id => !acknowledged.Contains(id));
        var twice = stored.Count(dead.Contains) + Math.Max(0, points - stored.Count);
        output.WriteLine($"sent {loads.Sum(l => l.Sent)}, acked {acknowledged.Count}, stored {stored.Count} (points in "
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
}
