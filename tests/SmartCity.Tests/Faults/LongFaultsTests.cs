using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Tests.Charging;
using MeterRecord = SmartCity.Domain.Telemetry.MeterRecord;

namespace SmartCity.Tests.Faults;

/// <summary>Faults derived from samples that last longer than a question reads back.</summary>
public sealed class LongFaultsTests
{
    private const int Hour = 3_600;
    private const int Day = 24 * Hour;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(102)]
    [InlineData(106)]
    [InlineData(107)]
    [InlineData(204)]
    public async Task What_was_done_about_a_fault_that_samples_tell_of_stays_with_it_for_days(int code)
    {
        await using var world = await OpenAsync();
        await MeasureAsync(world, 0, 4 * Day, code);
        var fault = await ActAsync(world);

        world.Now = 2 * Day;
        await world.Steps.AssignAsync(
            new AssignFaultRequest { FaultId = fault.FaultId, By = "Li", Assignee = "Wang" }, Cancellation);
        world.Now = 4 * Day;
        var open = Assert.Single((await ListAsync(world, new())).Faults, f => f.Code == code);
        Assert.Equal((fault.FaultId, FaultState.Assigned, "Wang", 2), (open.FaultId, open.State, open.Assignee, open.Actions.Count));
        var period = new Period { From = PileTime(3.5 * Day), Until = PileTime(4 * Day) };
        Assert.Equal(open, Assert.Single((await ListAsync(world, new() { Period = period })).Faults, f => f.Code == code));
        var closed = await world.Steps.ResolveAsync(new ResolveFaultRequest { FaultId = open.FaultId, By = "Wang" }, Cancellation);
        Assert.Equal((fault.FaultId, FaultState.Resolved), (closed.FaultId, closed.State));
    }

    [Fact]
    public async Task A_fault_of_days_that_somebody_acts_on_late_keeps_what_was_done_too()
    {
        await using var world = await OpenAsync();
        await MeasureAsync(world, 0, 9 * Day, 102);
        var fault = await ActAsync(world, at: 4 * Day);
        world.Now = 9 * Day;

        var open = Assert.Single((await ListAsync(world, new())).Faults);
        Assert.Equal(FaultState.Acknowledged, open.State);
        Assert.True(open.RaisedTime.ToDateTimeOffset() <= fault.RaisedTime.ToDateTimeOffset());
    }

    [Fact]
    public async Task Another_fault_of_the_same_port_has_nothing_of_the_one_before()
    {
        await using var world = await OpenAsync();
        await MeasureAsync(world, 0, 6 * Hour, 102);
        await world.StoreAsync(new PileStory(id: "A"), 0, 4 * Day); // It is heard, but not measured.
        // It goes on from where reading begins on the fourth day, but began only then.
        await MeasureAsync(world, (int)(1.3 * Day), 4 * Day, 102);
        var fault = await ActAsync(world);
        world.Now = 4 * Day;

        var open = Assert.Single((await ListAsync(world, new())).Faults);
        Assert.Equal((FaultState.Open, 0), (open.State, open.Actions.Count));
        Assert.NotEqual(fault.FaultId, open.FaultId);
    }

    [Fact]
    public async Task A_pile_that_fell_silent_days_ago_keeps_the_fault_that_somebody_acted_on()
    {
        await using var world = await OpenAsync();
        await MeasureAsync(world, 0, Hour, 102);
        var fault = await ActAsync(world);
        world.Now = 5 * Day;

        var open = (await ListAsync(world, new())).Faults;
        Assert.Equal(["102", "701"], open.Select(f => $"{f.Code}").Order());
        var hot = open.Single(f => f.Code == 102);
        Assert.Equal((fault.FaultId, FaultState.Acknowledged), (hot.FaultId, hot.State));
    }

    [Fact]
    public async Task A_silence_in_the_time_before_the_period_ends_no_fault()
    {
        await using var world = await OpenAsync();
        await MeasureAsync(world, 0, Hour, 102);
        await MeasureAsync(world, 3 * Hour, 20 * Hour, 102);
        world.Now = 20 * Hour;

        // Whatever was read, it has been hot since the beginning.
        var open = Assert.Single((await ListAsync(world, new())).Faults);
        Assert.Equal((PileTime(0), null), (open.RaisedTime, open.ClearedTime));
        var period = new Period { From = PileTime(0), Until = PileTime(20 * Hour) };
        var first = Assert.Single((await ListAsync(world, new() { Period = period })).Faults, f => f.Code == 102);
        Assert.Equal((PileTime(0), null), (first.RaisedTime, first.ClearedTime));
    }

    [Theory]
    [InlineData(102)]
    [InlineData(106)]
    [InlineData(107)]
    [InlineData(204)]
    public async Task What_outlasts_a_period_that_is_over_is_told_with_its_real_end(int code)
    {
        await using var world = await OpenAsync();
        await MeasureAsync(world, 0, 3 * Day, code);
        await world.StoreAsync(new PileStory(id: "A"), 0, 5 * Day);
        world.Now = 5 * Day;

        var whole = await OneAsync(world, 0, 5 * Day, code);
        Assert.True(whole.ClearedTime > PileTime(3 * Day));
        Assert.Equal(whole, await OneAsync(world, 0, 2 * Hour, code));
        world.Now += 1;
        var asOf = new ListFaultsRequest { Period = Period(0, 2 * Hour), AsOf = PileTime(2 * Day) };
        Assert.Null(Assert.Single((await ListAsync(world, asOf)).Faults, f => f.Code == code).ClearedTime);
    }

    [Fact]
    public async Task What_did_not_hold_after_the_end_of_a_period_that_is_over_was_no_fault_in_it()
    {
        await using var world = await OpenAsync();
        await MeasureAsync(world, 2 * Hour - 300, 2 * Hour - 60, 107);
        await MeasureAsync(world, 2 * Hour + 60, 3 * Hour, 204); // The air is at 0 C.
        await world.StoreAsync(new PileStory(id: "A"), 0, Day);
        world.Now = Day;

        Assert.DoesNotContain((await ListAsync(world, new() { Period = Period(0, 2 * Hour) })).Faults, f => f.Code == 107);
        var total = (await world.Statistics.AnswerAsync(
            new GetFaultStatisticsRequest { Period = Period(0, 2 * Hour), IncludeDerived = true }, Cancellation)).Total;
        Assert.Equal((0, 0), (total.Raised, total.OpenAtEnd));
        Assert.Equal(1, total.Transients);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(12, true)]
    public async Task Statistics_of_a_period_and_its_list_tell_the_same_beginning_and_end_of_a_fault(int days, bool isActedOn)
    {
        await using var world = await OpenAsync();
        await MeasureAsync(world, 0, days * Day, 102);
        await world.StoreAsync(new PileStory(id: "A"), 0, (days + 1) * Day);
        if (isActedOn)
        {
            await ActAsync(world);
        }
        world.Now = (days + 1) * Day;

        var (from, until) = ((days - 0.5) * Day, (days + 0.5) * Day);
        var fault = await OneAsync(world, from, until, 102);
        Assert.Equal(PileTime(0), fault.RaisedTime);
        var total = (await world.Statistics.AnswerAsync(
            new GetFaultStatisticsRequest { Period = Period(from, until), IncludeDerived = true }, Cancellation)).Total;
        Assert.Equal((1, fault.DurationSeconds), (total.Cleared, total.MttrSeconds));
    }

    private static async Task<Fault> OneAsync(ChargingApiWorld world, double from, double until, int code) =>
        Assert.Single((await ListAsync(world, new() { Period = Period(from, until) })).Faults, f => f.Code == code);

    private static Period Period(double from, double until) => new() { From = PileTime(from), Until = PileTime(until) };

    private static Task<ChargingApiWorld> OpenAsync() =>
        ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A") with { ReportInterval = TimeSpan.FromMinutes(10) });

    private static async Task<Fault> ActAsync(ChargingApiWorld world, int at = Hour)
    {
        world.Now = at;
        var fault = Assert.Single((await ListAsync(world, new())).Faults);
        return await world.Steps.AcknowledgeAsync(new AcknowledgeFaultRequest { FaultId = fault.FaultId, By = "Li" }, Cancellation);
    }

    private static Task<ListFaultsResponse> ListAsync(ChargingApiWorld world, ListFaultsRequest request) =>
        world.Faults.AnswerAsync(request, Cancellation);

    /// <summary>A port tells every nine minutes of what makes a fault of the code; the air is at 0 C, or at -20 C for 107.</summary>
    private static Task MeasureAsync(ChargingApiWorld world, int from, int until, int code)
    {
        var (watts, port, air) = code switch
        {
            102 => (500, 70, 0),
            106 => (500, 50, 0),
            107 => (500, 0, -20),
            _ => (1200, 20, 0),
        };
        var samples = Enumerable.Range(0, (until - from) / 540).Select(i => from + (i * 540)).Append(until).Select(second =>
            new MeterRecord(
                new Stamp("A", PileStory.At(second), PileStory.At(second), PileStory.Start, second, 0, 0), 1, null, null, null, watts,
                null, null, port, code == 102 ? null : air, null));
        return world.StoreAsync([.. samples.Select(sample => ChargingApiWorld.MessageOf("A", Channel.Meter, sample))]);
    }

    private static Google.Protobuf.WellKnownTypes.Timestamp PileTime(double second) => PileStory.At(second).ToTimestamp();
}
