using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;

namespace SmartCity.Tests.Charging;

public sealed class TimelineApiTests
{
    private const int Hour = 3600;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_period_is_told_port_by_port_page_by_page_with_causes_and_what_was_seen()
    {
        await using var world = await NightAsync();
        var request = new GetStatusTimelineRequest { PileId = "A", Period = Period(0, 3 * Hour), PageSize = 2 };

        var first = await world.Timeline.AnswerAsync(request, Cancellation);
        world.Now = 5 * Hour;
        request.PageToken = first.NextPageToken;
        var second = await world.Timeline.AnswerAsync(request, Cancellation);

        Assert.Equal(
            [
                "1 0-3600 Charging Reported", "1 3600-7380 Faulted Fault 201", "1 7380-10800 Offline Silence",
                "2 0-7380 Unspecified NoReport",
            ],
            first.Segments.Concat(second.Segments).Select(Told));
        Assert.Equal(3600, first.Segments[0].DurationSeconds);
        Assert.Equal((At(0), At(3 * Hour)), (first.Period.From, first.Period.Until));
        Assert.Equal((7380 / (2d * 3 * Hour), 1, 1), (first.Quality.Completeness, first.Quality.Devices, first.Quality.DevicesSilent));
        Assert.Equal(first.Quality.AsOf, second.Quality.AsOf);
    }

    [Fact]
    public async Task A_moment_has_one_segment_for_each_port_with_when_it_began_and_ended()
    {
        await using var world = await NightAsync();
        var request = new GetStatusTimelineRequest { PileId = "A", At = At(Hour + 780) };

        var answer = await world.Timeline.AnswerAsync(request, Cancellation);

        Assert.Equal(["1 3600-7380 Faulted Fault 201", "2 -82020-7380 Unspecified NoReport"], answer.Segments.Select(Told));
        Assert.Equal((At(Hour + 780 - 86_400), At(4 * Hour)), (answer.Period.From, answer.Period.Until));
        // As people knew it then, nothing had ended and nobody was silent.
        request.AsOf = request.At;
        answer = await world.Timeline.AnswerAsync(request, Cancellation);
        Assert.Equal(["1 3600-4380 Faulted Fault 201", "2 -82020-4380 Unspecified NoReport"], answer.Segments.Select(Told));
    }

    [Fact]
    public async Task A_pile_that_was_no_longer_in_service_then_has_no_segments()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", until: 600));
        world.Now = 30 * Hour;

        var answer = await world.Timeline.AnswerAsync(new GetStatusTimelineRequest { PileId = "A", At = At(600) }, Cancellation);
        Assert.Empty(answer.Segments);
        answer = await world.Timeline.AnswerAsync(
            new GetStatusTimelineRequest { PileId = "A", Period = Period(Hour, 2 * Hour) }, Cancellation);
        Assert.Equal((0, 0), (answer.Segments.Count, answer.Quality.Devices));
    }

    [Theory]
    [InlineData("", "pile_id", "is empty")]
    [InlineData("pile-1", "pile_id", "Near it: pile-01")]
    [InlineData("pile-01", "at", "stands beside a period")]
    public async Task A_question_that_cannot_be_answered_names_the_field(string pile, string field, string problem)
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("pile-01"));
        world.Now = Hour;
        var request = new GetStatusTimelineRequest { PileId = pile, At = At(0), Period = Period(0, Hour) };

        var refused = await Assert.ThrowsAsync<InvalidQueryException>(() => world.Timeline.AnswerAsync(request, Cancellation));

        Assert.Equal(field, refused.Field);
        Assert.Contains(problem, refused.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moment_of_the_future_is_refused_and_a_clock_a_little_ahead_is_not()
    {
        await using var world = await NightAsync();
        var request = new GetStatusTimelineRequest { PileId = "A", At = At((4 * Hour) + 10.001) };
        Assert.Equal(
            "at", (await Assert.ThrowsAsync<InvalidQueryException>(() => world.Timeline.AnswerAsync(request, Cancellation))).Field);

        request.At = At((4 * Hour) + 10);
        Assert.Equal(
            ["1 7380-14400 Offline Silence", "2 7380-14400 Offline Silence"],
            (await world.Timeline.AnswerAsync(request, Cancellation)).Segments.Select(Told));
    }

    /// <summary>Two ports; one charges and is then out of order, the other never says a word. Last heard after two hours.</summary>
    private static async Task<ChargingApiWorld> NightAsync()
    {
        var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"), ChargingApiWorld.Pile("B"));
        await world.StoreAsync(
            new PileStory(id: "A").Status(-60, 1, PortStatus.Charging).Fault(Hour, 1, 201, Domain.Telemetry.FaultEvent.Raised),
            -60, 2 * Hour);
        world.Now = 4 * Hour;
        return world;
    }

    private static string Told(TimelineSegment segment) =>
        $"{segment.Port} {SecondOf(segment.FromTime)}-{SecondOf(segment.UntilTime)} {segment.Status} {segment.Cause} "
            .TrimEnd() + string.Concat(segment.FaultCodes.Select(code => $" {code}"));

    private static double SecondOf(Timestamp time) => (Instant.From(time.ToDateTimeOffset()) - PileStory.Start).TotalSeconds;

    private static Timestamp At(double second) => PileStory.At(second).ToTimestamp();

    private static Period Period(double from, double until) => new() { From = At(from), Until = At(until) };
}
