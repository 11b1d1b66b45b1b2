using System.Threading.Channels;
using Grpc.Core;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;

namespace SmartCity.Tests.Sanitation;

public sealed class ObligationWatchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static Town TwoPoints() => new Town().Window("MORNING", "04:30", "08:00").Truck("T1").Point("P", 300).Point("Q", -300);

    [Fact]
    public async Task Dates_that_are_over_are_judged_again_only_when_something_about_them_comes_late()
    {
        var town = TwoPoints();
        await using var world = await SanitationApiWorld.OpenAsync(town, "2026-11-24 12:00:00");
        var (yesterday, before) = (Town.Monday, Town.Monday.AddDays(-1));
        var all = Domain.Registry.AssetScope.City;
        var first = await world.Look.AtAsync(all, Town.At("2026-11-24 11:00:00"), null, Stop);
        Assert.Equal([before, yesterday], first.Over.Keys.Order());

        await world.StoreAsync(town.Log("T1").Silent().Fix("2026-11-24 10:50:00", -900));
        var second = await world.Look.AtAsync(all, Town.At("2026-11-24 11:10:00"), first, Stop);
        Assert.All(first.Over, over => Assert.Same(over.Value, second.Over[over.Key]));
        Assert.Equal(first.Outcomes.Keys.Order(), second.Outcomes.Keys.Order());

        await world.StoreAsync(
            town.Log("T1").Silent().Fix("08:05:00", 300).Fix("08:06:00", 300), TimeSpan.FromHours(27) + TimeSpan.FromMinutes(10));
        var late = await world.Look.AtAsync(all, Town.At("2026-11-24 11:20:00"), second, Stop);
        Assert.Equal(Domain.Sanitation.Verdict.OnTime, late.Outcomes["P/2026-11-23/MORNING"].Verdict);
        Assert.Same(first.Over[before], late.Over[before]);
        // As it was known before the late fixes came, nothing that they changed is kept.
        Assert.Empty((await world.Look.AtAsync(all, Town.At("2026-11-24 11:10:00"), null, Stop)).Over.Keys.Intersect([yesterday]));
    }

    [Fact]
    public async Task A_watcher_sees_every_change_with_its_cause_and_goes_on_where_it_stopped()
    {
        var town = TwoPoints();
        await using var world = await SanitationApiWorld.OpenAsync(town, "2026-11-23 08:14:00");
        string token;
        await using (var watcher = new Watcher(world, new Scope { PointIds = { "P" } }))
        {
            var first = await watcher.NextAsync();
            Assert.True(first.Snapshot);
            Assert.Equal(
                ["P/2026-11-21/MORNING Undetermined", "P/2026-11-22/MORNING Undetermined", "P/2026-11-23/MORNING Pending"],
                first.Changes.Select(c => $"{c.Obligation.ObligationId} {c.Obligation.Verdict}"));
            Assert.All(first.Changes, c => Assert.Null(c.Change));

            Assert.Equal("False P/2026-11-23/MORNING Pending->Overdue Time", Told(await watcher.NextAsync()));
            world.MoveTo("2026-11-23 08:30:00");
            await world.StoreAsync(town.Log("T1").Silent().Fix("08:20:00", 300).Fix("08:21:00", 300));
            var late = await watcher.NextAsync();
            Assert.Equal("False P/2026-11-23/MORNING Overdue->Late Telemetry", Told(late));
            Assert.Contains("Truck T1 served it at 08:20:00", late.Changes[0].Change.Reason, StringComparison.Ordinal);
            token = late.ResumeToken;
        }
        await world.StoreAsync(town.Log("T1").Silent().Fix("06:20:00", 300).Fix("06:21:00", 300), TimeSpan.FromHours(4));
        world.MoveTo("2026-11-23 10:30:00");
        await using var resumed = new Watcher(world, new Scope { PointIds = { "P" } }, token);
        Assert.Equal("False P/2026-11-23/MORNING Late->OnTime Telemetry", Told(await resumed.NextAsync()));
    }

    [Fact]
    public async Task What_people_decide_is_told_with_who_did()
    {
        await using var world = await SanitationApiWorld.OpenAsync(TwoPoints(), "2026-11-23 09:00:00");
        await using var watcher = new Watcher(world, new Scope { PointIds = { "P" } });
        await watcher.NextAsync();
        await world.Exceptions.AnswerAsync(
            new DeclareExceptionRequest
            {
                ExceptionId = "x1", Kind = ExceptionKind.Excuse, Reason = "SNOW", FirstDate = "2026-11-23", LastDate = "2026-11-23",
                Scope = new Scope { PointIds = { "P" } }, DeclaredBy = "Li",
            },
            Stop);
        await world.Exceptions.AnswerAsync(
            new DecideExceptionRequest { ExceptionId = "x1", Decision = Decision.Approve, DecidedBy = "Wang" }, Stop);
        var excused = await watcher.NextAsync();
        Assert.Equal("False P/2026-11-23/MORNING Overdue->Excused Exception", Told(excused));
        Assert.Equal("Wang approved exception x1 (SNOW).", excused.Changes[0].Change.Reason);
        await world.Confirmations.AnswerAsync(
            new ConfirmCollectionRequest
            {
                ConfirmationId = "c1", ObligationId = "P/2026-11-23/MORNING", ConfirmedBy = "Li",
                CollectedTime = Town.At("07:00:00").ToTimestamp(),
            },
            Stop);
        await world.Confirmations.AnswerAsync(
            new DecideConfirmationRequest
            {
                EvidenceId = "c1", Decision = Decision.Approve, DecidedBy = "Zhao", AsSupervisor = true
            }, Stop);
        var confirmed = await watcher.NextAsync();
        Assert.Equal("False P/2026-11-23/MORNING Excused->OnTime Confirmation", Told(confirmed));
        Assert.Contains("Zhao accepted confirmation c1 of Li", confirmed.Changes[0].Change.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_of_another_scope_or_of_long_ago_starts_with_a_snapshot_and_nonsense_is_refused()
    {
        await using var world = await SanitationApiWorld.OpenAsync(TwoPoints(), "2026-11-23 05:00:00");
        string token;
        await using (var watcher = new Watcher(world))
        {
            token = (await watcher.NextAsync()).ResumeToken;
        }
        await using (var same = new Watcher(world, null, token))
        {
            Assert.Equal("False ", Told(await same.NextAsync()));
        }
        await using (var other = new Watcher(world, new Scope { PointIds = { "P" } }, token))
        {
            Assert.True((await other.NextAsync()).Snapshot);
        }
        world.MoveTo("2026-11-24 05:00:01");
        await using (var old = new Watcher(world, null, token))
        {
            Assert.True((await old.NextAsync()).Snapshot);
        }
        foreach (var request in new[]
        {
            new WatchObligationsRequest { ResumeToken = "x" },
            new WatchObligationsRequest { Scope = new Scope { TruckIds = { "T1" } } },
        })
        {
            await Assert.ThrowsAsync<InvalidQueryException>(() => world.LiveObligations.WatchAsync(request, new Stream(), Stop));
        }
    }

    [Fact]
    public async Task Streams_have_a_limit_and_give_back_their_place()
    {
        await using var world = await SanitationApiWorld.OpenAsync(TwoPoints(), "2026-11-23 05:00:00");
        var watchers = new List<Watcher>();
        for (var i = 0; i < Server.Api.Sanitation.LiveObligations.WatchersMax; i++)
        {
            watchers.Add(new Watcher(world));
        }
        await Assert.ThrowsAsync<LimitReachedException>(
            () => world.LiveObligations.WatchAsync(new WatchObligationsRequest(), new Stream(), Stop));
        foreach (var watcher in watchers)
        {
            await watcher.DisposeAsync();
        }
        await using var next = new Watcher(world);
        Assert.True((await next.NextAsync()).Snapshot);
    }

    private static string Told(WatchObligationsResponse message)
    {
        var changes = message.Changes.Select(c =>
            $"{c.Obligation.ObligationId} {c.VerdictBefore}->{c.Obligation.Verdict} {c.Change?.Cause}");
        return $"{message.Snapshot} {string.Join("; ", changes.Concat(message.GoneObligationIds.Select(id => "gone " + id)))}";
    }

    /// <summary>Watches, and lets time go on while it waits.</summary>
    private sealed class Watcher : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly SanitationApiWorld world;
        private readonly Stream stream = new();
        private readonly Task watching;

        public Watcher(SanitationApiWorld world, Scope? scope = null, string token = "")
        {
            this.world = world;
            watching = world.LiveObligations.WatchAsync(
                new WatchObligationsRequest { ResumeToken = token, Scope = scope }, stream, stop.Token);
        }

        public async Task<WatchObligationsResponse> NextAsync()
        {
            var next = stream.Sent.Reader.ReadAsync(Stop).AsTask();
            for (var i = 0; i < 1500 && !next.IsCompleted && !watching.IsCompleted; i++)
            {
                await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop));
                world.Now += TimeSpan.FromSeconds(next.IsCompleted ? 0 : 1);
            }
            return watching.IsCompleted && !next.IsCompleted
                ? throw new InvalidOperationException("The stream ended.", watching.Exception)
                : await next.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System, Stop);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
            stop.Dispose();
        }
    }

    private sealed class Stream : IServerStreamWriter<WatchObligationsResponse>
    {
        public Channel<WatchObligationsResponse> Sent { get; } = Channel.CreateUnbounded<WatchObligationsResponse>();

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(WatchObligationsResponse message) => Sent.Writer.WriteAsync(message).AsTask();

        public Task WriteAsync(WatchObligationsResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
