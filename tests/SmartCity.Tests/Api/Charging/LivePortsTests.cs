using Grpc.Core;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Server.Api.Charging;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.Live;
using Told = SmartCity.Domain.Telemetry.PortStatus;

namespace SmartCity.Tests.Api.Charging;

public sealed class LivePortsTests
{
    private readonly Town town = new();
    private readonly LivePorts ports;

    public LivePortsTests() => ports = new LivePorts(town.City, new Qualities(() => 3));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_the_state_is_rebuilt_there_is_no_answer() => await Assert.ThrowsAsync<StoreUnavailableException>(
        async () => await ports.ListAsync(new ListPortsRequest(), Cancellation));

    [Fact]
    public async Task Ports_come_by_pile_and_port_with_all_that_is_known()
    {
        await RebuildAsync();
        town.Tell(Say.Status(-9, Told.Charging, session: "A"), Say.Meter(-5, 150, session: "A"));
        town.Tell(Say.Status(-4, Told.Plugged, pile: "p2"));

        var answer = await ports.ListAsync(new ListPortsRequest(), Cancellation);

        Assert.Equal([("p1", 1), ("p1", 2), ("p2", 1)], answer.Ports.Select(p => (p.PileId, p.Port_)));
        var port = answer.Ports[0];
        Assert.Equal(("c1", PortStatus.Charging, PortStatus.Charging, "A", 150d, false), (
            port.CompoundId, port.Status, port.LastKnownStatus, port.SessionId, port.LastMeter.PowerW, port.Stale));
        Assert.False(port.LastMeter.HasCurrentA);
        Assert.Equal((town.Now - TimeSpan.FromSeconds(9)).ToTimestamp(), port.StatusSince);
        Assert.Equal((town.Now - TimeSpan.FromSeconds(5)).ToTimestamp(), port.LastHeardTime);
        Assert.Equal((2, 0, 3L), (answer.Quality.Devices, answer.Quality.DevicesSilent, answer.Quality.BacklogMessages));
        Assert.Equal(2.0 / 3, answer.Quality.Completeness, 9);
    }

    [Theory]
    [InlineData("district", "220204", 3)]
    [InlineData("subdistrict", "s1", 3)]
    [InlineData("compound", "c1", 2)]
    [InlineData("grid", "g1", 2)]
    [InlineData("pile", "p2", 1)]
    [InlineData("truck", "t1", 0)]
    public async Task A_scope_names_areas_or_piles(string level, string id, int count)
    {
        await RebuildAsync();

        var answer = await ports.ListAsync(new ListPortsRequest { Scope = ScopeOf(level, id) }, Cancellation);

        Assert.Equal(count, answer.Ports.Count);
    }

    [Fact]
    public async Task Only_the_statuses_asked_for_come()
    {
        await RebuildAsync();
        town.Tell(Say.Status(-9, Told.Charging), Say.Status(-9, Told.Available, pile: "p2"));

        var answer = await ports.ListAsync(new ListPortsRequest { Statuses = { PortStatus.Available } }, Cancellation);

        Assert.Equal("p2", Assert.Single(answer.Ports).PileId);
        Assert.Equal(2, answer.Quality.Devices);
        await Assert.ThrowsAsync<InvalidQueryException>(
            async () => await ports.ListAsync(new ListPortsRequest { Statuses = { (PortStatus)99 } }, Cancellation));
    }

    [Fact]
    public async Task A_silent_pile_is_counted_as_silent()
    {
        await RebuildAsync();
        town.Tell(Say.Status(0, Told.Charging), Say.Status(0, Told.Available, pile: "p2"));
        town.Pass(170);
        town.Tell(Say.Meter(170, 1));
        town.Pass(20);

        var answer = await ports.ListAsync(new ListPortsRequest { Statuses = { PortStatus.Offline } }, Cancellation);

        Assert.Equal("p2", Assert.Single(answer.Ports).PileId);
        Assert.Equal((2, 1), (answer.Quality.Devices, answer.Quality.DevicesSilent));
    }

    [Fact]
    public async Task Pages_together_are_the_whole_answer()
    {
        await RebuildAsync();
        var request = new ListPortsRequest { PageSize = 2 };
        var first = await ports.ListAsync(request, Cancellation);
        request.PageToken = first.NextPageToken;
        var second = await ports.ListAsync(request, Cancellation);

        Assert.Equal((2, 1, ""), (first.Ports.Count, second.Ports.Count, second.NextPageToken));
        Assert.Equal("p2", second.Ports[0].PileId);
    }

    [Fact]
    public async Task A_stream_begins_with_a_snapshot_and_goes_on_with_changes_only()
    {
        await RebuildAsync();
        using var watch = new Watch(ports, new WatchPortsRequest());
        var snapshot = await watch.NextAsync();
        town.Tell(Say.Status(0, Told.Charging, port: 2));
        town.City.Refresh();
        var change = await watch.NextAsync();

        Assert.True(snapshot.Snapshot);
        Assert.Equal(3, snapshot.Ports.Count);
        Assert.False(change.Snapshot);
        // The first word of a pile also tells that its other port is not stale.
        Assert.Equal(PortStatus.Charging, change.Ports.Single(p => p.Port_ == 2).Status);
        Assert.All(change.Ports, p => Assert.Equal("p1", p.PileId));
    }

    [Fact]
    public async Task Silence_is_told_without_any_message()
    {
        await RebuildAsync();
        town.Tell(Say.Status(0, Told.Charging, pile: "p2"));
        using var watch = new Watch(ports, new WatchPortsRequest { Scope = ScopeOf("pile", "p2") });
        await watch.NextAsync();
        town.Pass(91);
        var stale = await watch.NextAsync();
        town.Pass(100);
        var offline = await watch.NextAsync();

        Assert.Equal((true, PortStatus.Charging), (stale.Ports[0].Stale, stale.Ports[0].Status));
        Assert.Equal(PortStatus.Offline, offline.Ports[0].Status);
    }

    [Fact]
    public async Task A_slow_client_gets_the_newest_state_and_costs_one_message()
    {
        await RebuildAsync();
        using var watch = new Watch(ports, new WatchPortsRequest());
        await watch.NextAsync();
        watch.Block();
        for (var i = 0; i < 1_000; i++)
        {
            town.Tell(Say.Meter(i / 100.0, i, sequence: i));
            town.Clock.Advance(TimeSpan.FromMilliseconds(10));
            town.City.Refresh();
        }
        watch.Unblock();
        var messages = new List<WatchPortsResponse>();
        do
        {
            messages.Add(await watch.NextAsync());
        }
        while (messages[^1].Ports.All(p => p.LastMeter?.PowerW is not 999));

        Assert.InRange(messages.Count, 1, 2);
    }

    [Fact]
    public async Task A_client_that_comes_back_gets_every_port_that_changed_since()
    {
        await RebuildAsync();
        string token;
        using (var watch = new Watch(ports, new WatchPortsRequest()))
        {
            token = (await watch.NextAsync()).ResumeToken;
        }
        town.Tell(Say.Status(0, Told.Charging, pile: "p2"));
        town.City.Refresh();
        town.Tell(Say.Status(0, Told.Available, pile: "p2", sequence: 1));
        town.City.Refresh();
        using var resumed = new Watch(ports, new WatchPortsRequest { ResumeToken = token });
        var first = await resumed.NextAsync();

        Assert.False(first.Snapshot);
        Assert.Equal(("p2", PortStatus.Available), (Assert.Single(first.Ports).PileId, first.Ports[0].Status));
    }

    [Fact]
    public async Task A_token_of_another_run_or_scope_or_registry_gets_a_snapshot()
    {
        await RebuildAsync();
        string token;
        using (var watch = new Watch(ports, new WatchPortsRequest()))
        {
            token = (await watch.NextAsync()).ResumeToken;
        }
        using var otherRun = new Watch(ports, new WatchPortsRequest { ResumeToken = (token[0] == 'a' ? "b" : "a") + token[1..] });
        using var otherScope = new Watch(ports, new WatchPortsRequest { ResumeToken = token, Scope = ScopeOf("pile", "p1") });
        Assert.True((await otherRun.NextAsync()).Snapshot);
        Assert.True((await otherScope.NextAsync()).Snapshot);
        town.Registry = Town.Assets(piles: 3);
        using var otherRegistry = new Watch(ports, new WatchPortsRequest { ResumeToken = token });

        var snapshot = await otherRegistry.NextAsync();

        Assert.Equal((true, 4), (snapshot.Snapshot, snapshot.Ports.Count));
    }

    [Fact]
    public async Task A_new_pile_in_scope_is_told_by_a_new_snapshot()
    {
        await RebuildAsync();
        using var watch = new Watch(ports, new WatchPortsRequest());
        await watch.NextAsync();
        town.Registry = Town.Assets(piles: 3);
        town.City.Refresh();
        var snapshot = await watch.NextAsync();

        Assert.Equal((true, 4), (snapshot.Snapshot, snapshot.Ports.Count));
    }

    [Fact]
    public async Task What_is_no_token_is_refused()
    {
        await RebuildAsync();
        using var watch = new Watch(ports, new WatchPortsRequest { ResumeToken = "hello" });

        Assert.Equal("resume_token", (await Assert.ThrowsAsync<InvalidQueryException>(async () => await watch.Run)).Field);
    }

    [Fact]
    public async Task A_large_scope_comes_in_parts_of_which_only_the_last_has_a_token()
    {
        town.Registry = Town.Assets(piles: 3_000);
        await RebuildAsync();
        using var watch = new Watch(ports, new WatchPortsRequest());
        var (first, second) = (await watch.NextAsync(), await watch.NextAsync());

        Assert.Equal((true, false), (first.Snapshot, second.Snapshot));
        Assert.Equal(3_001, first.Ports.Count + second.Ports.Count);
        Assert.Equal("", first.ResumeToken);
        Assert.NotEqual("", second.ResumeToken);
    }

    private async Task RebuildAsync() => await town.City.RebuildAsync(new ListStore([]), Cancellation);

    private static Scope ScopeOf(string level, string id) => level switch
    {
        "district" => new Scope { DistrictIds = { id } },
        "subdistrict" => new Scope { SubdistrictIds = { id } },
        "compound" => new Scope { CompoundIds = { id } },
        "grid" => new Scope { GridIds = { id } },
        "truck" => new Scope { TruckIds = { id } },
        _ => new Scope { PileIds = { id } },
    };

    /// <summary>A client of a stream that takes one message at a time, as flow control makes it.</summary>
    private sealed class Watch : IServerStreamWriter<WatchPortsResponse>, IDisposable
    {
        private readonly CancellationTokenSource gone = new();
        private readonly System.Threading.Channels.Channel<WatchPortsResponse> messages =
            System.Threading.Channels.Channel.CreateUnbounded<WatchPortsResponse>();

        private TaskCompletionSource? blocked;

        public Watch(LivePorts ports, WatchPortsRequest request) => Run = ports.WatchAsync(request, this, gone.Token);

        public Task Run { get; }

        public WriteOptions? WriteOptions { get; set; }

        public void Block() => blocked = new TaskCompletionSource();

        public void Unblock() => blocked!.SetResult();

        public async Task WriteAsync(WatchPortsResponse message)
        {
            await messages.Writer.WriteAsync(message);
            if (blocked is { } wait)
            {
                await wait.Task;
            }
        }

        public Task WriteAsync(WatchPortsResponse message, CancellationToken cancellationToken) => WriteAsync(message);

        public async Task<WatchPortsResponse> NextAsync() =>
            await messages.Reader.ReadAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        public void Dispose()
        {
            gone.Cancel();
            gone.Dispose();
        }
    }
}
