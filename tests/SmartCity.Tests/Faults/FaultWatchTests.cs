using System.Threading.Channels;
using Grpc.Core;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Tests.Charging;
using Channel = SmartCity.Domain.Telemetry.Channel;
using FaultEvent = SmartCity.Domain.Telemetry.FaultEvent;
using FaultRecord = SmartCity.Domain.Telemetry.FaultRecord;

namespace SmartCity.Tests.Faults;

public sealed class FaultWatchTests
{
    private const string Id = "A/1/201/";
    private long sequence = 900;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watcher_sees_what_breaks_what_late_data_moves_what_is_over_and_what_people_do()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Fault(300, 1, 201, FaultEvent.Raised), 0, 7_200);
        world.Now = 1_000;
        await using var watcher = new Watcher(world);

        var first = await watcher.NextAsync();
        Assert.Equal("True A/1/201/300 Open", Told(first));
        await SayAsync(world, 100, 1_002, 201, FaultEvent.Raised);
        Assert.Equal("False A/1/201/100 Open; gone A/1/201/300", Told(await watcher.NextAsync()));
        await world.Steps.AcknowledgeAsync(new AcknowledgeFaultRequest { FaultId = IdAt(100), By = "Li" }, Cancellation);
        Assert.Equal("False A/1/201/100 Acknowledged", Told(await watcher.NextAsync()));
        await SayAsync(world, 400, world.Now, 201, FaultEvent.Cleared); // Long before what a look at the present reads.
        Assert.Equal("False A/1/201/100 Acknowledged, over", Told(await watcher.NextAsync()));
        await SayAsync(world, world.Now, world.Now, 210, FaultEvent.Raised);
        var raised = world.Now;
        var fuse = await watcher.NextAsync();
        Assert.Equal($"False A/1/210/{raised} Open", Told(fuse));
        Assert.True(world.Now >= raised + 60); // Its debounce.
        await world.Steps.CloseAsync(new CloseFaultRequest { FaultId = IdAt(100), By = "Li" }, Cancellation);
        Assert.Equal("False A/1/201/100 Closed, over", Told(await watcher.NextAsync()));

        await using var resumed = new Watcher(world, first.ResumeToken);
        Assert.Equal($"False A/1/201/100 Closed, over; A/1/210/{raised} Open; gone A/1/201/300", Told(await resumed.NextAsync()));
        await using var late = new Watcher(world, fuse.ResumeToken);
        Assert.Contains("A/1/201/100 Closed, over", Told(await late.NextAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_closed_against_telemetry_is_told_once_and_is_in_no_snapshot()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Fault(300, 1, 201, FaultEvent.Raised), 0, 7_200);
        world.Now = 1_000;
        await using (var watcher = new Watcher(world))
        {
            await watcher.NextAsync();
            var id = IdAt(300);
            await world.Steps.AcknowledgeAsync(new AcknowledgeFaultRequest { FaultId = id, By = "Li" }, Cancellation);
            await world.Steps.AssignAsync(new AssignFaultRequest { FaultId = id, By = "Li", Assignee = "Wang" }, Cancellation);
            await world.Steps.ResolveAsync(new ResolveFaultRequest { FaultId = id, By = "Wang" }, Cancellation);
            await world.Steps.CloseAsync(
                new CloseFaultRequest { FaultId = id, By = "Li", OverrideReason = "the sensor is broken" }, Cancellation);
            // A slow watcher sees the last step alone, a fast one each of them.
            string told;
            do
            {
                told = Told(await watcher.NextAsync());
            }
            while (told is not "False A/1/201/300 Closed");
            await SayAsync(world, world.Now, world.Now, 202, FaultEvent.Raised);
            Assert.DoesNotContain("201", Told(await watcher.NextAsync()), StringComparison.Ordinal);
        }
        await using var next = new Watcher(world);
        Assert.DoesNotContain("201", Told(await next.NextAsync()), StringComparison.Ordinal);
        await SayAsync(world, world.Now, world.Now, 203, FaultEvent.Raised);
        Assert.DoesNotContain("201", Told(await next.NextAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_an_incident_keeps_its_name_when_somebody_acts_on_it_after_it_is_over()
    {
        string[] piles = ["A", "B", "C"];
        await using var world = await ChargingApiWorld.OpenAsync([.. piles.Select(id => ChargingApiWorld.Pile(id))]);
        foreach (var id in piles)
        {
            await world.StoreAsync(new PileStory(id: id), 0, 600);
            await world.StoreAsync(new PileStory(id: id).Status(3_600, 1, Domain.Telemetry.PortStatus.Available), 3_600, 14_400);
        }
        world.Now = 10_800;
        var period = new Period { From = PileStory.At(0).ToTimestamp(), Until = PileStory.At(7_200).ToTimestamp() };
        var over = (await world.Faults.AnswerAsync(new ListFaultsRequest { Period = period }, Cancellation)).Faults[0];
        Assert.NotEqual("", over.IncidentId);
        await using var watcher = new Watcher(world);
        await watcher.NextAsync();

        await world.Steps.AcknowledgeAsync(new AcknowledgeFaultRequest { FaultId = over.FaultId, By = "Li" }, Cancellation);
        Assert.Equal(over.IncidentId, Assert.Single((await watcher.NextAsync()).Faults).IncidentId);
    }

    [Fact]
    public async Task A_token_goes_on_with_what_is_stored_though_there_is_always_something_on_its_way()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Fault(300, 1, 201, FaultEvent.Raised), 0, 1_000);
        world.Now = 1_000;
        world.OldestBehind = PileStory.At(999);
        await using var watcher = new Watcher(world);
        var early = (await watcher.NextAsync()).ResumeToken;

        await SayAsync(world, 89_000, 89_001, 202, FaultEvent.Raised);
        world.OldestBehind = PileStory.At(90_000);
        world.Now = 90_001;
        var late = (await watcher.NextAsync()).ResumeToken;
        await using (var old = new Watcher(world, early))
        {
            Assert.True((await old.NextAsync()).Snapshot);
        }
        await using var resumed = new Watcher(world, late);
        Assert.False((await resumed.NextAsync()).Snapshot);
    }

    [Fact]
    public async Task A_token_of_another_scope_or_of_long_ago_starts_with_a_snapshot_and_nonsense_is_refused()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Fault(300, 1, 201, FaultEvent.Raised), 0, 3_600);
        world.Now = 1_000;
        string token;
        await using (var watcher = new Watcher(world))
        {
            token = (await watcher.NextAsync()).ResumeToken;
        }
        await using (var other = new Watcher(world, token, new Scope { PileIds = { "A" } }))
        {
            Assert.True((await other.NextAsync()).Snapshot);
        }
        await using (var same = new Watcher(world, token))
        {
            Assert.Equal("False ", Told(await same.NextAsync()));
        }
        world.Now += 86_401;
        await using (var old = new Watcher(world, token))
        {
            Assert.True((await old.NextAsync()).Snapshot);
        }
        foreach (var nonsense in new[] { "x", "1-2-3", "-", "ffffffffffffffff-0" })
        {
            await Assert.ThrowsAsync<InvalidQueryException>(() => world.LiveFaults.WatchAsync(
                new WatchFaultsRequest { ResumeToken = nonsense }, new Stream(), Cancellation));
        }
    }

    private async Task SayAsync(ChargingApiWorld world, double time, double received, int code, FaultEvent what)
    {
        var stamp = new Stamp("A", PileStory.At(time), PileStory.At(received), PileStory.Start, sequence++, 0, 0);
        await world.StoreAsync(ChargingApiWorld.MessageOf("A", Channel.Fault, new FaultRecord(stamp, 1, code, what, null, null, null)));
    }

    private static string IdAt(int second) => Id + PileStory.At(second).Milliseconds;

    private static string Told(WatchFaultsResponse message)
    {
        var faults = message.Faults.OrderBy(f => f.FaultId, StringComparer.Ordinal).Select(f =>
            $"{Short(f.FaultId)} {f.State}{(f.ClearedTime is null ? "" : ", over")}");
        return $"{message.Snapshot} {string.Join("; ", faults.Concat(message.GoneFaultIds.Select(id => "gone " + Short(id))))}";

        static string Short(string id) => id[..(id.LastIndexOf('/') + 1)]
            + ((long.Parse(id[(id.LastIndexOf('/') + 1)..], null) - PileStory.Start.Milliseconds) / 1000);
    }

    /// <summary>Watches, and lets time go on while it waits.</summary>
    private sealed class Watcher : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly ChargingApiWorld world;
        private readonly Stream stream = new();
        private readonly Task watching;

        public Watcher(ChargingApiWorld world, string token = "", Scope? scope = null)
        {
            this.world = world;
            watching = world.LiveFaults.WatchAsync(
                new WatchFaultsRequest { ResumeToken = token, Scope = scope }, stream, stop.Token);
        }

        public async Task<WatchFaultsResponse> NextAsync()
        {
            var next = stream.Sent.Reader.ReadAsync(Cancellation).AsTask();
            for (var i = 0; i < 1_500 && !next.IsCompleted && !watching.IsCompleted; i++)
            {
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation));
                world.Now += next.IsCompleted ? 0 : 1;
            }
            return watching.IsCompleted && !next.IsCompleted
                ? throw new InvalidOperationException("The stream ended.", watching.Exception)
                : await next.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, Cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
            stop.Dispose();
        }
    }

    private sealed class Stream : IServerStreamWriter<WatchFaultsResponse>
    {
        public System.Threading.Channels.Channel<WatchFaultsResponse> Sent { get; } =
            System.Threading.Channels.Channel.CreateUnbounded<WatchFaultsResponse>();

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(WatchFaultsResponse message) => Sent.Writer.WriteAsync(message).AsTask();

        public Task WriteAsync(WatchFaultsResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
