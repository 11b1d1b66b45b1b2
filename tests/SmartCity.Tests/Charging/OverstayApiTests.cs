using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;
using SessionEvent = SmartCity.Domain.Telemetry.SessionEvent;
using WireStatus = SmartCity.Protocol.V1.PortStatus;

namespace SmartCity.Tests.Charging;

public sealed class OverstayApiTests
{
    private const int Hour = 3600;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Past_and_open_overstays_come_newest_first_with_session_and_duration()
    {
        await using var world = await EveningAsync();

        var answer = await world.Overstays.AnswerAsync(new ListOverstaysRequest { Period = Period(0, 6 * Hour) }, Cancellation);

        Assert.Equal(["B/1", "A/1"], answer.Overstays.Select(o => $"{o.PileId}/{o.Port}"));
        var (open, past) = (answer.Overstays[0], answer.Overstays[1]);
        Assert.Equal(
            new Overstay
            {
                PileId = "A", Port = 1, CompoundId = "C1", SessionId = "S", Status = WireStatus.FinishedPlugged,
                SinceTime = At(2 * Hour), UntilTime = At(4 * Hour), DurationSeconds = 2 * Hour, PeriodSeconds = 2 * Hour,
            },
            past);
        Assert.Equal((At(5 * Hour), null, 3600d, "C2"), (open.SinceTime, open.UntilTime, open.DurationSeconds, open.CompoundId));
        Assert.Equal((1800, At(6 * Hour)), (answer.ThresholdS, answer.Period.Until));
        Assert.Equal((2, 1d), (answer.Quality.Devices, answer.Quality.Completeness));
    }

    [Fact]
    public async Task An_answer_that_needs_deleted_meter_values_says_so_and_one_that_does_not_says_nothing()
    {
        await using var world = await EveningAsync();
        var request = new ListOverstaysRequest { Period = Period(0, 6 * Hour) };
        await world.Store.DeleteAsync(Domain.Telemetry.Channel.Meter, PileStory.At(-9 * 24 * Hour), Cancellation);
        Assert.Null((await world.Overstays.AnswerAsync(request, Cancellation)).Quality.DeletedUntilTime);
        await world.Store.DeleteAsync(Domain.Telemetry.Channel.Meter, PileStory.At(Hour), Cancellation);
        Assert.Equal(At(Hour), (await world.Overstays.AnswerAsync(request, Cancellation)).Quality.DeletedUntilTime);
    }

    [Fact]
    public async Task The_threshold_the_scope_and_open_only_leave_some_out()
    {
        await using var world = await EveningAsync();
        var request = new ListOverstaysRequest { Period = Period(0, 6 * Hour), ThresholdS = Hour };
        Assert.Equal(["A"], await PilesAsync(world, request));
        request.ThresholdS = Hour - 1;
        Assert.Equal(["B", "A"], await PilesAsync(world, request));
        request.OpenOnly = true;
        Assert.Equal(["B"], await PilesAsync(world, request));
        request.Scope = new Scope { CompoundIds = { "C1" } };
        Assert.Empty(await PilesAsync(world, request));
        request.AsOf = At(3 * Hour); // Then it was still open.
        request.ThresholdS = 0;
        Assert.Equal(["A"], await PilesAsync(world, request));
    }

    [Fact]
    public async Task An_overstay_is_followed_beyond_the_period_and_with_no_threshold_all_add_up_to_idle_seconds()
    {
        await using var world = await EveningAsync();
        var request = new ListOverstaysRequest { Period = Period(3 * Hour, 3.25 * Hour), ThresholdS = 5400 };

        var answer = await world.Overstays.AnswerAsync(request, Cancellation);

        var row = Assert.Single(answer.Overstays);
        Assert.Equal((At(2 * Hour), At(4 * Hour), 7200d, 900d), (row.SinceTime, row.UntilTime, row.DurationSeconds, row.PeriodSeconds));
        request.Period = Period(600, 5.5 * Hour);
        request.ThresholdS = 0;
        var idle = await world.Utilization.AnswerAsync(new GetUtilizationRequest { Period = request.Period }, Cancellation);
        answer = await world.Overstays.AnswerAsync(request, Cancellation);
        Assert.Equal(idle.Total.IdleSeconds, answer.Overstays.Sum(o => o.PeriodSeconds));
        Assert.Equal(2 * Hour + 1800 + 300, idle.Total.IdleSeconds);
    }

    [Fact]
    public async Task Pages_follow_each_other()
    {
        await using var world = await EveningAsync();
        var request = new ListOverstaysRequest { Period = Period(0, 6 * Hour), PageSize = 1 };
        var first = await world.Overstays.AnswerAsync(request, Cancellation);
        request.PageToken = first.NextPageToken;
        var second = await world.Overstays.AnswerAsync(request, Cancellation);
        Assert.Equal(["B", "A"], first.Overstays.Concat(second.Overstays).Select(o => o.PileId));
        Assert.Equal("", second.NextPageToken);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData((7 * 86_400) + 1)]
    public async Task A_threshold_that_nothing_could_reach_is_refused(int threshold)
    {
        await using var world = await EveningAsync();
        var request = new ListOverstaysRequest { ThresholdS = threshold };
        var refused = await Assert.ThrowsAsync<InvalidQueryException>(() => world.Overstays.AnswerAsync(request, Cancellation));
        Assert.Equal("threshold_s", refused.Field);
    }

    /// <summary>A waits 5 minutes, charges, stays from 2 h to 4 h; B is plugged in at 5 h and never charges. It is 6 h.</summary>
    private static async Task<ChargingApiWorld> EveningAsync()
    {
        var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 1), ChargingApiWorld.Pile("B", "C2", 1));
        await world.StoreAsync(
            new PileStory(id: "A", ports: 1).Status(-60, 1, PortStatus.Available).Status(1200, 1, PortStatus.Plugged)
                .Status(1500, 1, PortStatus.Charging).Session(1500, "S", SessionEvent.Started)
                .Session(2 * Hour, "S", SessionEvent.Ended).Status(2 * Hour, 1, PortStatus.FinishedPlugged)
                .Status(4 * Hour, 1, PortStatus.Available),
            -60, 6 * Hour);
        await world.StoreAsync(
            new PileStory(id: "B", ports: 1).Status(-60, 1, PortStatus.Available).Status(5 * Hour, 1, PortStatus.Plugged),
            -60, 6 * Hour);
        world.Now = 6 * Hour;
        return world;
    }

    private static async Task<IEnumerable<string>> PilesAsync(ChargingApiWorld world, ListOverstaysRequest request) =>
        (await world.Overstays.AnswerAsync(request, Cancellation)).Overstays.Select(o => o.PileId);

    private static Timestamp At(double second) => PileStory.At(second).ToTimestamp();

    private static Period Period(double from, double until) => new() { From = At(from), Until = At(until) };
}
