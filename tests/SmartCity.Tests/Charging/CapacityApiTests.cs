using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using CapacityCaveat = SmartCity.Protocol.V1.CapacityCaveat;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;
using SessionEvent = SmartCity.Domain.Telemetry.SessionEvent;

namespace SmartCity.Tests.Charging;

public sealed class CapacityApiTests
{
    private const int Hour = 3600;
    private const int Day = 24 * Hour;
    private const int Days = 4;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_compound_that_is_full_every_evening_lacks_ports_and_shows_what_that_is_made_of()
    {
        await using var world = await EveningsAsync();

        var answer = await world.Capacity.AnswerAsync(new GetCapacityAdviceRequest { Period = Period() }, Cancellation);

        Assert.Equal(["C1", "C2"], answer.Advice.Select(a => a.CompoundId));
        var (tight, idle) = (answer.Advice[0], answer.Advice[1]);
        Assert.Equal(("江湾小区", PileKind.EbikeAc, 2), (tight.CompoundName, tight.Kind, tight.Ports));
        // One comes at 18:00, one at 19:00, both stay until 22:00.
        Assert.Equal((21d * Hour * Days, 3d * Hour * Days), (tight.UnsaturatedSeconds, tight.SaturatedSeconds));
        Assert.Equal((0d, 0d), (tight.UnknownSeconds, tight.BrokenPorts));
        Assert.Equal((2 * Days, 2 * Days, 3.5 * Hour), (tight.Arrivals, tight.Sessions, tight.HoldSeconds));
        Assert.Equal((24, Days), (tight.Hours.Count, tight.Hours[18].Arrivals));
        Assert.Equal(Hour * (double)Days, tight.Hours[20].SaturatedSeconds);
        Assert.True(tight.OfferedErlang > 2);
        Assert.Equal(ErlangB.Blocking(tight.OfferedErlang, 2), tight.Blocking);
        Assert.Equal(ErlangB.PortsFor(tight.OfferedErlang, 0.02) - 2, tight.PortsToAdd);
        Assert.True(tight.PortsToAddLow < tight.PortsToAdd && tight.PortsToAdd < tight.PortsToAddHigh);
        Assert.Equal([CapacityCaveat.FewSessions, CapacityCaveat.HoursBorrowed], tight.Caveats);
        Assert.Equal((0, 0d, 0d), (idle.PortsToAdd, idle.OfferedErlang, idle.Blocking));
        Assert.Equal((0.02, At(Days * Day)), (answer.Target, answer.Period.Until));
        Assert.Equal((2, 1d), (answer.Quality.Devices, answer.Quality.Completeness));
    }

    [Fact]
    public async Task A_looser_target_takes_fewer_ports_and_pages_scope_and_as_of_are_kept()
    {
        await using var world = await EveningsAsync();
        var request = new GetCapacityAdviceRequest { Period = Period(), PageSize = 1 };
        var strict = await world.Capacity.AnswerAsync(request, Cancellation);
        request.PageToken = strict.NextPageToken;
        var second = await world.Capacity.AnswerAsync(request, Cancellation);
        Assert.Equal(("C1", "C2", ""), (strict.Advice[0].CompoundId, Assert.Single(second.Advice).CompoundId, second.NextPageToken));

        request = new GetCapacityAdviceRequest { Period = Period(), Target = 0.5, Scope = new Scope { CompoundIds = { "C1" } } };
        var loose = Assert.Single((await world.Capacity.AnswerAsync(request, Cancellation)).Advice);
        Assert.True(loose.PortsToAdd < strict.Advice[0].PortsToAdd);
        Assert.Equal(strict.Advice[0].OfferedErlang, loose.OfferedErlang);

        request.AsOf = At(Day);
        var early = Assert.Single((await world.Capacity.AnswerAsync(request, Cancellation)).Advice);
        Assert.Equal((2, 21d * Hour), (early.Arrivals, early.UnsaturatedSeconds));
        Assert.Contains(CapacityCaveat.ShortTime, early.Caveats);
    }

    [Fact]
    public async Task Where_nothing_was_heard_there_is_no_advice()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        world.Now = Days * Day;

        var answer = await world.Capacity.AnswerAsync(new GetCapacityAdviceRequest { Period = Period() }, Cancellation);

        var row = Assert.Single(answer.Advice);
        Assert.False(row.HasOfferedErlang || row.HasBlocking || row.HasPortsToAdd || row.HasHoldSeconds || row.HasBrokenPorts);
        Assert.Equal((double)Days * Day, row.UnknownSeconds);
        Assert.Contains(CapacityCaveat.NotObserved, row.Caveats);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public async Task A_target_that_makes_no_sense_is_refused(double target)
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        var refused = await Assert.ThrowsAsync<InvalidQueryException>(
            () => world.Capacity.AnswerAsync(new GetCapacityAdviceRequest { Target = target }, Cancellation));
        Assert.Equal("target", refused.Field);
    }

    /// <summary>For four days both ports of A are taken in the evening; B is never used.</summary>
    private static async Task<ChargingApiWorld> EveningsAsync()
    {
        var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"), ChargingApiWorld.Pile("B", "C2", 1));
        var story = new PileStory(id: "A").Status(-60, 1, PortStatus.Available).Status(-60, 2, PortStatus.Available);
        for (var day = 0; day < Days; day++)
        {
            foreach (var port in (int[])[1, 2])
            {
                var came = (day * Day) + ((17 + port) * Hour);
                var left = (day * Day) + (22 * Hour);
                story.Status(came, port, PortStatus.Charging).Session(came, $"S{day}", SessionEvent.Started, port: port)
                    .Session(left, $"S{day}", SessionEvent.Ended, port: port).Status(left, port, PortStatus.Available);
            }
        }
        await world.StoreAsync(story, -60, Days * Day);
        await world.StoreAsync(new PileStory(id: "B", ports: 1).Status(-60, 1, PortStatus.Available), -60, Days * Day);
        world.Now = Days * Day;
        return world;
    }

    private static Timestamp At(double second) => PileStory.At(second).ToTimestamp();

    private static Period Period() => new() { From = At(0), Until = At(Days * Day) };
}
