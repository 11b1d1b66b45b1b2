using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Registry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Storage.Telemetry;
using Channel = SmartCity.Domain.Telemetry.Channel;
using ConnRecord = SmartCity.Domain.Telemetry.ConnRecord;
using FaultEvent = SmartCity.Domain.Telemetry.FaultEvent;
using Instant = SmartCity.Domain.Telemetry.Instant;
using Stamp = SmartCity.Domain.Telemetry.Stamp;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;
using SessionEvent = SmartCity.Domain.Telemetry.SessionEvent;

namespace SmartCity.Tests.Charging;

public sealed class ChargingApiTests
{
    private const int Hour = 3600;
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Utilization_of_a_scope_is_summed_by_group_and_bucket_with_what_is_not_known()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"), ChargingApiWorld.Pile("B", "C2", 1));
        await world.StoreAsync(new PileStory(id: "A").Status(-60, 1, PortStatus.Available).Status(Hour, 1, PortStatus.Charging)
            .Session(Hour, "S", SessionEvent.Started).Sample(Hour + 600, "S", 50).Sample(Hour + 1200, "S", 90), -60, 2 * Hour);
        await world.StoreAsync(new PileStory(id: "B", ports: 1).Status(0, 1, PortStatus.Plugged), 0, 600);
        world.Now = 2 * Hour;

        var answer = await world.Utilization.AnswerAsync(
            new GetUtilizationRequest { Period = Period(0, 2 * Hour), GroupBy = GroupBy.Compound, Bucket = Bucket.Hour },
                Cancellation);

        Assert.Equal(["C1", "C1", "C2", "C2"], answer.Rows.Select(r => r.Key.GroupId));
        Assert.Equal("江湾小区", answer.Rows[0].Key.GroupName);
        Assert.Equal((7200d, 3600d, 0d, 3600d), (answer.Rows[0].CommissionedSeconds, answer.Rows[0].AvailableSeconds,
            answer.Rows[0].OccupiedSeconds, answer.Rows[0].UnknownSeconds));
        Assert.Equal((3600d, 90d, 1L), (answer.Rows[1].ChargingSeconds, answer.Rows[1].EnergyWh, answer.Rows[1].Sessions));
        Assert.Equal((780d, 2820d, 3600d), (answer.Rows[2].IdleSeconds, answer.Rows[2].OfflineSeconds,
            answer.Rows[2].CommissionedSeconds));
        Assert.False(answer.Rows[3].HasOccupancy);
        Assert.Equal(21_600, answer.Total.CommissionedSeconds);
        Assert.Equal((3, 7200d + 780), (answer.Total.Ports, answer.Total.SeenSeconds));
        Assert.Equal((2, 1, 7L), (answer.Quality.Devices, answer.Quality.DevicesSilent, answer.Quality.BacklogMessages));
        Assert.Equal((7200d + 780) / 21_600, answer.Quality.Completeness, 9);
    }

    [Fact(Timeout = 60_000)]
    public async Task Questions_at_one_time_are_answered_with_a_single_reader_of_the_store()
    {
        await using var world = await ChargingApiWorld.OpenAsync(
            readersMax: 1, ChargingApiWorld.Pile("A", ports: 1), ChargingApiWorld.Pile("B", ports: 1));
        foreach (var id in (string[])["A", "B"])
        {
            await world.StoreAsync(
                new PileStory(id: id, ports: 1).Status(-60, 1, PortStatus.Available).Status(600, 1, PortStatus.Charging), -60, Hour);
        }
        world.Now = 2 * Hour;
        var request = new GetUtilizationRequest { Period = Period(0, Hour) };

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ =>
            Task.Run(() => world.Utilization.AnswerAsync(request, TestContext.Current.CancellationToken))));

        Assert.All(answers, answer => Assert.Equal(6000, answer.Total.ChargingSeconds));
    }

    [Fact]
    public async Task A_will_of_a_connection_as_old_as_late_data_may_be_says_when_the_pile_was_lost()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 1));
        await world.StoreAsync(new PileStory(id: "A", ports: 1).Status(0, 1, PortStatus.Available), 0, 600);
        var stamp = new Stamp("A", PileStory.At(-150 * 86_400), PileStory.At(610), default, 77, 0, Domain.Telemetry.StampFlags.None);
        var will = new Domain.Telemetry.TelemetryMessage<ConnRecord>(
            Domain.Telemetry.DeviceKind.Pile, "A", Channel.Conn, "", null, 77, PileStory.At(610), 1_000, null,
            [new ConnRecord(stamp, false, true, null, null, null)]);
        await world.Store.AppendAsync(new TelemetryBatch([will], 1_001), Cancellation);
        world.Now = 2 * Hour;
        var request = new GetUtilizationRequest { Period = Period(0, Hour) };

        Assert.Equal(Hour - 610, (await world.Utilization.AnswerAsync(request, Cancellation)).Total.OfflineSeconds);
    }

    [Fact]
    public async Task An_answer_as_of_an_earlier_moment_knows_nothing_that_came_later()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 1));
        await world.StoreAsync(new PileStory(id: "A", ports: 1).Status(0, 1, PortStatus.Available), 0, Hour);
        await world.StoreAsync(new PileStory(id: "A", ports: 1).Status(600, 1, PortStatus.Charging), delay: 5000);
        world.Now = 2 * Hour;
        var request = new GetUtilizationRequest { Period = Period(0, Hour) };

        Assert.Equal(3000, (await world.Utilization.AnswerAsync(request, Cancellation)).Total.ChargingSeconds);
        request.AsOf = At(4000);
        Assert.Equal(0, (await world.Utilization.AnswerAsync(request, Cancellation)).Total.ChargingSeconds);
        request.AsOf = At(1800);
        Assert.Equal(1800, (await world.Utilization.AnswerAsync(request, Cancellation)).Total.CommissionedSeconds);
    }

    [Fact]
    public async Task As_of_before_anything_was_registered_is_refused_with_when_that_was()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 1));
        world.Now = Hour;
        var request = new GetUtilizationRequest { AsOf = At(-400 * 24 * 3600) };
        var refused = await Assert.ThrowsAsync<InvalidQueryException>(() => world.Utilization.AnswerAsync(request, Cancellation));
        Assert.Equal("as_of", refused.Field);
        Assert.Contains("the first was recorded at 20", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_of_rows_follow_each_other_and_are_about_one_instant()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 12));
        world.Now = Hour;
        var request = new GetUtilizationRequest { Period = Period(0, 2 * Hour), GroupBy = GroupBy.Port, PageSize = 5 };
        var first = await world.Utilization.AnswerAsync(request, Cancellation);
        world.Now = 2 * Hour;
        request.PageToken = first.NextPageToken;
        var second = await world.Utilization.AnswerAsync(request, Cancellation);
        Assert.Equal(["A/6", "A/7", "A/8", "A/9", "A/10"], second.Rows.Select(r => r.Key.GroupId));
        Assert.All(second.Rows, r => Assert.Equal(3600, r.CommissionedSeconds));
    }

    [Fact]
    public async Task A_will_in_a_silence_is_found_though_it_carries_the_time_of_connecting()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 1));
        await world.StoreAsync(new PileStory(id: "A", ports: 1).Status(0, 1, PortStatus.Available), 0, 600);
        var will = new ConnRecord(
            new Domain.Telemetry.Stamp("A", PileStory.At(-20 * 86_400), PileStory.At(610), default, 5, 0, 0), false, true, null,
                null, null);
        await world.Store.AppendAsync(
            new Storage.Telemetry.TelemetryBatch(
                [new Domain.Telemetry.TelemetryMessage<ConnRecord>(
                    Domain.Telemetry.DeviceKind.Pile, "A", Domain.Telemetry.Channel.Conn, "", null, 99, PileStory.At(610), 9999,
                        null, [will])],
                10_000),
            Cancellation);
        world.Now = Hour;
        var answer = await world.Utilization.AnswerAsync(new GetUtilizationRequest { Period = Period(0, Hour) }, Cancellation);
        Assert.Equal(Hour - 610, answer.Total.OfflineSeconds);
    }

    [Theory]
    [InlineData("group_by")]
    [InlineData("bucket")]
    [InlineData("period")]
    [InlineData("period.time_zone")]
    [InlineData("page_size")]
    public async Task A_request_that_cannot_be_answered_names_the_field(string field)
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 12));
        world.Now = Hour;
        var request = new GetUtilizationRequest { Period = Period(0, Hour), GroupBy = GroupBy.Port };
        switch (field)
        {
            case "group_by":
                request.GroupBy = GroupBy.Truck;
                break;
            case "bucket":
                (request.Period, request.Bucket) = (Period(-500 * 86_400, Hour), Bucket.Hour);
                break;
            case "period":
                request.Period = Period(Hour, Hour);
                break;
            case "period.time_zone":
                request.Period.TimeZone = "Mars/Olympus";
                break;
            default:
                request.PageSize = -1;
                break;
        }
        var refused = await Assert.ThrowsAsync<InvalidQueryException>(() => world.Utilization.AnswerAsync(request, Cancellation));
        Assert.Equal(field, refused.Field);
    }

    [Fact]
    public async Task Sessions_that_started_in_the_period_come_whole_and_oldest_first()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"), ChargingApiWorld.Pile("B"));
        await world.StoreAsync(new PileStory(id: "A").Session(100, "late", SessionEvent.Started).Sample(700, "late", 30)
            .Session(5 * Hour, "late", SessionEvent.Settled, 500).Session(-5, "early", SessionEvent.Started)
                .Session(50, "early", SessionEvent.Ended));
        await world.StoreAsync(new PileStory(id: "B").Session(40, "open", SessionEvent.Started));
        world.Now = 6 * Hour;
        var request = new ListSessionsRequest { Period = Period(0, Hour) };

        var answer = await world.Sessions.AnswerAsync(request, Cancellation);
        Assert.Equal(["open", "late"], answer.Sessions.Select(s => s.SessionId));
        Assert.Equal((500d, true, At(5 * Hour)), (answer.Sessions[1].EnergyWh, answer.Sessions[1].Settled,
            answer.Sessions[1].EndTime));

        request.OpenOnly = true;
        Assert.Equal("open", Assert.Single((await world.Sessions.AnswerAsync(request, Cancellation)).Sessions).SessionId);
    }

    [Fact]
    public async Task Faults_that_are_open_are_listed_newest_first_and_past_ones_with_a_period()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Fault(100, 1, 201, FaultEvent.Raised).Fault(200, 1, 201, FaultEvent.Cleared)
            .Fault(300, 2, 210, FaultEvent.Raised).Fault(400, 0, 4711, FaultEvent.Raised, 3.5, "X9")
                .Fault(500, 1, 210, FaultEvent.Raised)
            .Fault(510, 1, 210, FaultEvent.Cleared), 0, Hour);
        world.Now = Hour;

        var open = await world.Faults.AnswerAsync(new ListFaultsRequest(), Cancellation);
        Assert.Equal([999, 210], open.Faults.Select(f => f.Code));
        Assert.Equal(("X9", 3.5, "C1", FaultSeverity.Minor),
            (open.Faults[0].VendorCode, open.Faults[0].Value, open.Faults[0].CompoundId, open.Faults[0].Severity));

        var past = new ListFaultsRequest { Period = Period(0, 250), IncludeTransients = true };
        Assert.Equal([201], (await world.Faults.AnswerAsync(past, Cancellation)).Faults.Select(f => f.Code));
        past.Period = Period(0, Hour);
        Assert.Equal([510d - 500, 3200, 3300, 100],
            (await world.Faults.AnswerAsync(past, Cancellation)).Faults.Select(f => f.DurationSeconds));
        past.MinSeverity = FaultSeverity.Major;
        past.Codes.Add(201);
        Assert.Single((await world.Faults.AnswerAsync(past, Cancellation)).Faults);
    }

    [Fact]
    public async Task A_silent_pile_has_a_derived_offline_fault_that_statistics_count_only_when_asked()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 1));
        await world.StoreAsync(new PileStory(id: "A", ports: 1).Status(0, 1, PortStatus.Available)
            .Fault(60, 1, 201, FaultEvent.Raised)
            .Fault(360, 1, 201, FaultEvent.Cleared), 0, 600);
        world.Now = Hour;
        var faults = await world.Faults.AnswerAsync(new ListFaultsRequest(), Cancellation);
        Assert.Equal((701, true, At(780)), (faults.Faults[0].Code, faults.Faults[0].Derived, faults.Faults[0].RaisedTime));
        Assert.Empty((await world.Faults.AnswerAsync(new ListFaultsRequest { ExcludeDerived = true }, Cancellation)).Faults);

        var request = new GetFaultStatisticsRequest { Period = Period(0, Hour), GroupBy = FaultGroupBy.Code };
        var own = await world.Statistics.AnswerAsync(request, Cancellation);
        var row = Assert.Single(own.Rows);
        Assert.Equal(("201", "OVER_CURRENT", 1L, 300d), (row.Key.GroupId, row.Key.GroupName, row.Raised, row.MttrSeconds));
        Assert.Equal((780d, 300d, 480d), (row.SeenSeconds, row.FaultedSeconds, row.MtbfSeconds));
        Assert.Equal(480 / 780d, row.Availability);
        request.IncludeDerived = true;
        Assert.Equal(["201", "701"], (await world.Statistics.AnswerAsync(request, Cancellation)).Rows.Select(r => r.Key.GroupId));
    }

    [Fact]
    public async Task A_port_that_says_faulted_and_names_no_fault_is_not_hidden()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 3));
        await world.StoreAsync(new PileStory(id: "A", ports: 3).Status(0, 1, PortStatus.Faulted).Status(0, 2, PortStatus.Faulted)
            .Status(0, 3, PortStatus.Available).Fault(60, 2, 201, FaultEvent.Raised), 0, Hour);
        world.Now = Hour;

        var answer = await world.Faults.AnswerAsync(new ListFaultsRequest(), Cancellation);

        Assert.Equal(["A/1"], answer.FaultedWithoutFault);
        Assert.Equal(1, answer.Quality.Completeness); // All three are in sight.
        var codes = await world.Faults.AnswerAsync(new ListFaultsRequest { Codes = { 201 } }, Cancellation);
        Assert.Empty(codes.FaultedWithoutFault);
        var before = await world.Faults.AnswerAsync(new ListFaultsRequest { Period = Period(0, 30) }, Cancellation);
        Assert.Equal(["A/1", "A/2"], before.FaultedWithoutFault);
    }

    [Fact]
    public async Task An_answer_tells_the_period_that_it_took()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A", ports: 1));
        world.Now = Hour;

        var answer = await world.Utilization.AnswerAsync(new GetUtilizationRequest(), Cancellation);

        // The story begins at midnight of the city.
        Assert.Equal((At(-6 * 86_400), At(Hour), "Asia/Shanghai"), (answer.Period.From, answer.Period.Until, answer.Period.TimeZone));
    }

    private static Timestamp At(double second) => PileStory.At(second).ToTimestamp();

    private static Period Period(double from, double until) => new() { From = At(from), Until = At(until) };
}
