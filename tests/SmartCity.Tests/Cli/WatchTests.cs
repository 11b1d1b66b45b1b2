using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

public sealed class WatchTests
{
    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task A_watcher_sees_all_ports_then_changes_and_goes_on_where_a_broken_connection_stopped(string output)
    {
        await using var city = await CannedCity.StartAsync();
        var changed = new Port { PileId = "P-3", Port_ = 1, LastHeardTime = Canned.Noon };
        city.Answering<WatchPortsRequest>(request => request.ResumeToken.Length == 0
            ? new WatchPortsResponse { Snapshot = true, ResumeToken = "t-1", Ports = { Canned.Ports.Ports } }
            : new WatchPortsResponse { ResumeToken = "t-2", Ports = { changed } });

        var run = await WatchAsync(city, "watch", "ports", "--compound", "C-1", "--updates", "2", "--output", output);

        Assert.Equal((0, "smartcity: The connection broke; trying again."), (run.Code, run.Error.TrimEnd()));
        Assert.Equal(["", "t-1"], city.Asked.Cast<WatchPortsRequest>().Select(r => r.ResumeToken));
        Assert.All(city.Asked.Cast<WatchPortsRequest>(), r => Assert.Equal(["C-1"], r.Scope.CompoundIds));
        var lines = run.Out.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.Contains("P-1", run.Out, StringComparison.Ordinal);
        Assert.Contains(output == "table" ? "14:05:09  P-3/1  UNKNOWN 未知" : "P-3", lines[^1], StringComparison.Ordinal);
        Assert.Equal(output switch { "json" => 2, "csv" => 5, _ => 4 }, lines.Length); // One CSV row has a line end inside.
    }

    [Theory]
    [InlineData("table", 5)]
    [InlineData("json", 2)]
    [InlineData("csv", 3)]
    public async Task A_watcher_of_faults_sees_the_open_ones_then_changes(string output, int linesMax)
    {
        await using var city = await CannedCity.StartAsync();
        var fault = new Fault
        {
            FaultId = "P-1/3/210/5", PileId = "P-1", Port = 3, Code = 210, CodeName = "FUSE_BLOWN", State = FaultState.Open,
            RaisedTime = Canned.Noon,
        };
        var over = fault.Clone();
        (over.ClearedTime, over.Assignee, over.State) = (Canned.Noon, "Wang", FaultState.Assigned);
        city.Answering<WatchFaultsRequest>(request => request.ResumeToken.Length == 0
            ? new WatchFaultsResponse { Snapshot = true, ResumeToken = "t-1", Faults = { fault } }
            : new WatchFaultsResponse { ResumeToken = "t-2", Faults = { over }, GoneFaultIds = { "P-2/0/701/5d" } });

        var run = await WatchAsync(city, "watch", "faults", "--compound", "C-1", "--updates", "2", "--output", output);

        Assert.Equal(["", "t-1"], city.Asked.Cast<WatchFaultsRequest>().Select(r => r.ResumeToken));
        Assert.All(city.Asked.Cast<WatchFaultsRequest>(), r => Assert.Equal(["C-1"], r.Scope.CompoundIds));
        Assert.Contains("P-1/3/210/5", run.Out, StringComparison.Ordinal);
        Assert.True(run.Out.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n').Length <= linesMax, run.Out);
        if (output == "table")
        {
            Assert.Contains("ASSIGNED 已派单  Wang  over since", run.Out, StringComparison.Ordinal);
            Assert.Contains("P-2/0/701/5d  is not there any more", run.Out, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("table")]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task A_watcher_of_obligations_sees_them_then_changes_with_their_cause(string output)
    {
        await using var city = await CannedCity.StartAsync();
        var due = new Obligation { ObligationId = "G-1/2026-11-22/NOON", Verdict = Verdict.Pending };
        var change = new ObligationChange
        {
            Obligation = new Obligation { ObligationId = "G-1/2026-11-22/NOON", Verdict = Verdict.Overdue },
            Change = new VerdictChange { Time = Canned.Noon, Cause = ChangeCause.Time, Reason = "Time passed." },
            VerdictBefore = Verdict.Pending,
        };
        city.Answering<WatchObligationsRequest>(request => request.ResumeToken.Length == 0
            ? new WatchObligationsResponse
            {
                Snapshot = true, ResumeToken = "t-1", Changes = { new ObligationChange { Obligation = due } },
            }
            : new WatchObligationsResponse { ResumeToken = "t-2", Changes = { change }, GoneObligationIds = { "G-2/2026-11-22/NOON" } });

        var run = await WatchAsync(city, "watch", "obligations", "--point", "G-1", "--updates", "2", "--output", output);

        Assert.Equal(["", "t-1"], city.Asked.Cast<WatchObligationsRequest>().Select(r => r.ResumeToken));
        Assert.All(city.Asked.Cast<WatchObligationsRequest>(), r => Assert.Equal(["G-1"], r.Scope.PointIds));
        Assert.Contains("Time passed.", run.Out, StringComparison.Ordinal);
        if (output == "table")
        {
            Assert.Contains("G-1/2026-11-22/NOON  PENDING 待收 -> OVERDUE 超时未收  Time passed.", run.Out, StringComparison.Ordinal);
            Assert.Contains("G-2/2026-11-22/NOON  is not due any more", run.Out, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("table", "14:05:09  T-7  43.84000,126.55000  12 km/h  at G-1  late")]
    [InlineData("json", "\"truckId\": \"T-7\"")]
    [InlineData("csv", "truck_id,plate")]
    public async Task A_watcher_of_trucks_sees_them_all_then_changes(string output, string expected)
    {
        await using var city = await CannedCity.StartAsync();
        var truck = new Truck
        {
            TruckId = "T-7", Position = new GeoPoint { Lat = 43.84, Lon = 126.55 }, SpeedKmh = 12, PointId = "G-1", Stale = true,
            PositionTime = Canned.Noon,
        };
        city.Answering<WatchTrucksRequest>(request => request.ResumeToken.Length == 0
            ? new WatchTrucksResponse { Snapshot = true, ResumeToken = "t-1", Trucks = { new Truck { TruckId = "T-8" } } }
            : new WatchTrucksResponse { ResumeToken = "t-2", Trucks = { truck } });

        var run = await WatchAsync(city, "watch", "trucks", "--truck", "T-7", "--updates", "2", "--output", output);

        Assert.Equal(["", "t-1"], city.Asked.Cast<WatchTrucksRequest>().Select(r => r.ResumeToken));
        Assert.All(city.Asked.Cast<WatchTrucksRequest>(), r => Assert.Equal(["T-7"], r.Scope.TruckIds));
        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
        Assert.Contains("T-8", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_breaks_within_an_answer_of_several_parts_goes_on_where_the_last_whole_one_ended()
    {
        await using var city = await CannedCity.StartAsync();
        string[] tokens = ["", "t-1", "", "t-2"];
        var part = 0;
        city.Answering<WatchPortsRequest>(_ => new WatchPortsResponse
        {
            Snapshot = true, ResumeToken = tokens[part++], Ports = { Canned.Ports.Ports[0] },
        });

        var run = await WatchAsync(city, "watch", "ports", "--updates", "2");

        Assert.Equal(0, run.Code);
        Assert.Equal(["", "", "t-1", "t-1"], city.Asked.Cast<WatchPortsRequest>().Select(r => r.ResumeToken));
    }

    [Fact]
    public async Task A_server_that_cannot_be_watched_from_the_start_is_a_failure()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<WatchPortsRequest>(_ => throw CannedCity.Failure(Grpc.Core.StatusCode.Unavailable, "Busy."));

        var run = await city.RunAsync("watch", "ports");

        Assert.Equal((1, "smartcity: The server cannot answer now: Busy. Try again later."), (run.Code, run.Error.TrimEnd()));
    }

    // The pauses between two tries pass.
    private static async Task<Run> WatchAsync(CannedCity city, params string[] args)
    {
        var running = city.RunAsync(args);
        while (!running.IsCompleted)
        {
            city.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(
                running, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken));
        }
        return await running;
    }
}
