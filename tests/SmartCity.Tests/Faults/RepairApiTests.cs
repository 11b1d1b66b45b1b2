using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Tests.Charging;
using FaultEvent = SmartCity.Domain.Telemetry.FaultEvent;
using FaultRecord = SmartCity.Domain.Telemetry.FaultRecord;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;

namespace SmartCity.Tests.Faults;

/// <summary>The repair loop over a real store and a real registry.</summary>
public sealed class RepairApiTests
{
    private const int Hour = 3_600;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_earlier_beginning_that_comes_late_takes_the_actions_along_and_the_old_id_still_finds_the_fault()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Fault(300, 1, 201, FaultEvent.Raised), 0, Hour);
        world.Now = 1_000;
        var old = (await OpenAsync(world)).FaultId;
        await world.Steps.AcknowledgeAsync(new AcknowledgeFaultRequest { FaultId = old, By = "Li" }, Cancellation);
        var late = new FaultRecord(
            new Stamp("A", PileStory.At(100), PileStory.At(2_000), PileStory.Start, 900, 0, 0), 1, 201, FaultEvent.Raised, null, null,
            null);
        await world.StoreAsync(ChargingApiWorld.MessageOf("A", Channel.Fault, late));
        world.Now = Hour;

        var moved = await OpenAsync(world);
        Assert.Equal((PileTime(100), FaultState.Acknowledged), (moved.RaisedTime, moved.State));
        Assert.NotEqual(old, moved.FaultId);
        Assert.Equal(old, moved.Actions[0].FaultId);
        var assigned = await world.Steps.AssignAsync(
            new AssignFaultRequest { FaultId = old, By = "Li", Assignee = "Wang" }, Cancellation);
        Assert.Equal((moved.FaultId, FaultState.Assigned, "Wang"), (assigned.FaultId, assigned.State, assigned.Assignee));

        var before = await OpenAsync(world, asOf: PileTime(999));
        Assert.Equal((old, FaultState.Open, 0), (before.FaultId, before.State, before.Actions.Count));
        var between = await OpenAsync(world, asOf: PileTime(1_999));
        Assert.Equal((old, FaultState.Acknowledged), (between.FaultId, between.State));
    }

    [Fact]
    public async Task A_step_sent_twice_is_taken_once_and_its_id_cannot_name_another()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Fault(300, 1, 201, FaultEvent.Raised), 0, Hour);
        world.Now = Hour;
        var id = (await OpenAsync(world)).FaultId;
        var request = new AcknowledgeFaultRequest { FaultId = id, By = "Li", ActionId = "r-1" };

        var first = await world.Steps.AcknowledgeAsync(request, Cancellation);
        world.Now = Hour + 1;
        var again = await world.Steps.AcknowledgeAsync(request, Cancellation);
        Assert.Equal(first.Actions, again.Actions);
        Assert.Equal(FaultState.Acknowledged, again.State);
        // Whoever acts next in the same millisecond sees what was done before.
        await world.Steps.AssignAsync(new AssignFaultRequest { FaultId = id, By = "Li", Assignee = "Wang" }, Cancellation);
        await world.Steps.ResolveAsync(new ResolveFaultRequest { FaultId = id, By = "Wang" }, Cancellation);
        await Assert.ThrowsAsync<WrongStateException>(() => world.Steps.AcknowledgeAsync(
            new AcknowledgeFaultRequest { FaultId = id, By = "Li" }, Cancellation));
        Assert.Equal("action_id", (await Assert.ThrowsAsync<InvalidQueryException>(() => world.Steps.ResolveAsync(
            new ResolveFaultRequest { FaultId = id, By = "Li", ActionId = "r-1" }, Cancellation))).Field);
        Assert.Equal("by", (await Assert.ThrowsAsync<InvalidQueryException>(() => world.Steps.ResolveAsync(
            new ResolveFaultRequest { FaultId = id }, Cancellation))).Field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("A/1/201/1")]
    [InlineData("B/1/201/1772467500000")]
    [InlineData("A/1/201/99999999999999999")]
    [InlineData("A/1/99999999999/1772467500000")]
    public async Task An_id_of_no_fault_is_not_found(string id)
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Fault(300, 1, 201, FaultEvent.Raised), 0, Hour);
        world.Now = Hour;

        await Assert.ThrowsAsync<NotFoundException>(() => world.Steps.AcknowledgeAsync(
            new AcknowledgeFaultRequest { FaultId = id, By = "Li" }, Cancellation));
    }

    [Fact]
    public async Task Silence_is_acted_upon_like_any_fault_and_states_find_what_is_left_to_do()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Status(0, 1, PortStatus.Available), 0, 600);
        world.Now = Hour;
        var silent = await OpenAsync(world);
        await world.Steps.AcknowledgeAsync(new AcknowledgeFaultRequest { FaultId = silent.FaultId, By = "Li" }, Cancellation);
        await world.StoreAsync(new PileStory(id: "A").Status(2 * Hour, 1, PortStatus.Available), 2 * Hour, 3 * Hour);
        world.Now = 3 * Hour;

        Assert.Empty((await world.Faults.AnswerAsync(new ListFaultsRequest(), Cancellation)).Faults);
        var left = await world.Faults.AnswerAsync(new ListFaultsRequest { States = { FaultState.Acknowledged } }, Cancellation);
        Assert.Equal(silent.FaultId, Assert.Single(left.Faults).FaultId);
        Assert.NotNull(left.Faults[0].ClearedTime);
        Assert.Empty((await world.Faults.AnswerAsync(new ListFaultsRequest { States = { FaultState.Open } }, Cancellation)).Faults);
        var closed = await world.Steps.CloseAsync(
            new CloseFaultRequest { FaultId = silent.FaultId, By = "Li", OverrideReason = "not needed" }, Cancellation);
        Assert.Equal((FaultState.Closed, ""), (closed.State, closed.Actions[1].OverrideReason));
    }

    [Fact]
    public async Task What_is_closed_is_not_open_and_what_nobody_acted_on_is_work_only_while_it_is_there()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(
            new PileStory(id: "A").Fault(300, 1, 201, FaultEvent.Raised)
                .Fault(400, 2, 201, FaultEvent.Raised).Fault(600, 2, 201, FaultEvent.Cleared), 0, Hour);
        world.Now = Hour;
        var id = (await OpenAsync(world)).FaultId;
        await world.Steps.AcknowledgeAsync(new AcknowledgeFaultRequest { FaultId = id, By = "Li" }, Cancellation);
        await world.Steps.AssignAsync(new AssignFaultRequest { FaultId = id, By = "Li", Assignee = "Wang" }, Cancellation);
        await world.Steps.ResolveAsync(new ResolveFaultRequest { FaultId = id, By = "Wang" }, Cancellation);
        var close = new CloseFaultRequest { FaultId = id, By = "Li", ActionId = "c", OverrideReason = "the sensor is broken" };
        var closed = await world.Steps.CloseAsync(close, Cancellation);
        world.Now = Hour + 1;

        Assert.Equal(closed.Actions, (await world.Steps.CloseAsync(close, Cancellation)).Actions);
        close.OverrideReason = "it rained";
        Assert.Equal("action_id", (await Assert.ThrowsAsync<InvalidQueryException>(
            () => world.Steps.CloseAsync(close, Cancellation))).Field);
        Assert.Null(closed.ClearedTime);
        Assert.Equal("", await ListAsync(new()));
        Assert.Equal("1 Closed", await ListAsync(new() { States = { FaultState.Closed } }));
        Assert.Equal("", await ListAsync(new() { States = { FaultState.Open, FaultState.Reopened } }));
        Assert.Equal("2 Open", await ListAsync(new() { States = { FaultState.Open }, Period = Period(0, Hour) }));
        Assert.Equal("2 Open, 1 Closed", await ListAsync(new() { Period = Period(0, Hour) }));

        async Task<string> ListAsync(ListFaultsRequest request) => string.Join(", ",
            (await world.Faults.AnswerAsync(request, Cancellation)).Faults.Select(fault => $"{fault.Port} {fault.State}"));
    }

    [Fact]
    public async Task A_question_about_one_pile_knows_the_incident_of_its_compound_though_others_came_back()
    {
        string[] piles = ["A", "B", "C", "D", "E"];
        await using var world = await ChargingApiWorld.OpenAsync([.. piles.Select(id => ChargingApiWorld.Pile(id))]);
        foreach (var (id, i) in piles.Select((id, i) => (id, i)))
        {
            // E is never silent, C and D come back.
            await world.StoreAsync(new PileStory(id: id).Status(i, 1, PortStatus.Available), i, id == "E" ? 3 * Hour : 600 + i);
            if (id is "C" or "D")
            {
                await world.StoreAsync(new PileStory(id: id).Status(Hour, 1, PortStatus.Available), Hour + 60, 3 * Hour);
            }
        }
        world.Now = 3 * Hour;

        var one = await world.Faults.AnswerAsync(new ListFaultsRequest { Scope = new Scope { PileIds = { "A" } } }, Cancellation);
        var incident = Assert.Single((await world.Incidents.AnswerAsync(new ListIncidentsRequest(), Cancellation)).Incidents);
        Assert.Equal(incident.IncidentId, one.Faults[0].IncidentId);
        Assert.Equal(("C1", 4, 5), (incident.CompoundId, incident.PilesSilent, incident.Piles));
        Assert.Null(incident.UntilTime);
        Assert.Equal(["A", "B", "C", "D"], incident.FaultIds.Select(id => id[..1]));
        Assert.Equal(incident.IncidentId, (await world.Steps.AcknowledgeAsync(
            new AcknowledgeFaultRequest { FaultId = one.Faults[0].FaultId, By = "Li" }, Cancellation)).IncidentId);
        var past = new ListIncidentsRequest { Period = Period(0, 700) };
        Assert.Empty((await world.Incidents.AnswerAsync(past, Cancellation)).Incidents);
        past.Period = Period(0, 900);
        past.Scope = new Scope { PileIds = { "C" } };
        Assert.Equal(incident, Assert.Single((await world.Incidents.AnswerAsync(past, Cancellation)).Incidents));
        past.Scope = new Scope { PileIds = { "E" } };
        Assert.Empty((await world.Incidents.AnswerAsync(past, Cancellation)).Incidents);
    }

    [Fact]
    public async Task Declared_maintenance_is_excluded_from_the_outages_of_uptime_until_it_is_cancelled()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Status(0, 1, PortStatus.Available).Status(0, 2, PortStatus.Available)
            .Status(600, 1, PortStatus.Unavailable).Status(1_800, 1, PortStatus.Available)
            .Fault(2_000, 0, 602, FaultEvent.Raised).Fault(2_100, 0, 602, FaultEvent.Cleared)
            .Fault(3_000, 2, 201, FaultEvent.Raised).Fault(3_100, 2, 201, FaultEvent.Cleared), 0, 2 * Hour);
        var wish = new DeclareMaintenanceRequest
        {
            MaintenanceId = "m-1", Scope = new Scope { CompoundIds = { "C1" } }, FromTime = PileTime(500), UntilTime = PileTime(1_500),
            By = "Li", Reason = "rewiring",
        };
        world.Now = 400;
        var declared = (await world.Maintenance.DeclareAsync(wish, Cancellation)).Maintenance;
        Assert.Equal(declared, (await world.Maintenance.DeclareAsync(wish, Cancellation)).Maintenance);
        world.Now = 2 * Hour;
        var request = new GetFaultStatisticsRequest { Period = Period(0, Hour), GroupBy = FaultGroupBy.Port };
        var excused = await world.Statistics.AnswerAsync(request, Cancellation);
        Assert.Equal([900d, 0, 900], excused.Rows.Append(excused.Total).Select(r => r.ExcludedSeconds));
        Assert.Equal(1 - (390d / Hour), excused.Rows[0].Uptime, 12);
        Assert.Equal(0, excused.Rows[0].DeclaredTooLateSeconds);

        world.Now = 3 * Hour;
        await world.Maintenance.CancelAsync(
            new CancelMaintenanceRequest { MaintenanceId = "m-1", By = "Li", Reason = "crew did not come" }, Cancellation);
        var plain = await world.Statistics.AnswerAsync(request, Cancellation);
        Assert.Equal(["A/1", "A/2"], plain.Rows.Select(r => r.Key.GroupId));
        // The pile's fault counts once, and in no port's row, but its time counts in both.
        Assert.Equal([0L, 1, 2], plain.Rows.Append(plain.Total).Select(r => r.Raised));
        Assert.Equal([1_290d, 190, 1_480], plain.Rows.Append(plain.Total).Select(r => r.OutageSeconds));
        Assert.Equal(1 - (1_290d / Hour), plain.Rows[0].Uptime, 12);
        Assert.Equal((0d, 3_600d), (plain.Rows[0].ExcludedSeconds, plain.Rows[0].JudgedSeconds));
        Assert.Equal(plain.Rows[0].Availability, excused.Rows[0].Availability);
        request.AsOf = PileTime((2 * Hour) + 1);
        Assert.Equal(900, (await world.Statistics.AnswerAsync(request, Cancellation)).Total.ExcludedSeconds);
    }

    [Fact]
    public async Task Maintenance_that_is_declared_afterwards_excuses_nothing_that_was_before_and_the_answer_says_how_much()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Status(0, 1, PortStatus.Available).Status(0, 2, PortStatus.Available)
            .Status(600, 1, PortStatus.Unavailable).Status(1_800, 1, PortStatus.Available), 0, 2 * Hour);
        var wish = new DeclareMaintenanceRequest
        {
            Scope = new Scope { PileIds = { "A" } }, FromTime = PileTime(500), UntilTime = PileTime(1_700), By = "Li", Reason = "rewiring",
        };
        world.Now = 1_300;
        await world.Maintenance.DeclareAsync(wish, Cancellation);
        world.Now = 2 * Hour;
        wish.FromTime = PileTime(550);
        await world.Maintenance.DeclareAsync(wish, Cancellation);

        var request = new GetFaultStatisticsRequest { Period = Period(0, Hour) };
        var total = (await world.Statistics.AnswerAsync(request, Cancellation)).Total;
        Assert.Equal((1_200d, 400d, 700d), (total.OutageSeconds, total.ExcludedSeconds, total.DeclaredTooLateSeconds));
        Assert.Equal(1 - (800d / (2 * Hour)), total.Uptime, 12);
    }

    [Fact]
    public async Task The_same_declaration_without_an_id_is_recorded_once_and_cannot_be_made_anew_before_it_is_cancelled()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        world.Now = Hour;
        var wish = new DeclareMaintenanceRequest
        {
            Scope = new Scope { PileIds = { "A" } }, FromTime = PileTime(5_000), UntilTime = PileTime(6_000), By = "Li",
            Reason = "rewiring",
        };
        var first = (await world.Maintenance.DeclareAsync(wish, Cancellation)).Maintenance;
        world.Now = Hour + 1;
        Assert.Equal(first, (await world.Maintenance.DeclareAsync(wish, Cancellation)).Maintenance);
        var other = wish.Clone();
        other.By = "Zhao";
        var refused = await Assert.ThrowsAsync<WrongStateException>(() => world.Maintenance.DeclareAsync(other, Cancellation));
        Assert.Contains(first.MaintenanceId, refused.Message);
        other = wish.Clone();
        other.MaintenanceId = "m-2";
        await Assert.ThrowsAsync<WrongStateException>(() => world.Maintenance.DeclareAsync(other, Cancellation));

        await world.Maintenance.CancelAsync(
            new CancelMaintenanceRequest { MaintenanceId = first.MaintenanceId, By = "Li", Reason = "rain" }, Cancellation);
        Assert.Equal("m-2", (await world.Maintenance.DeclareAsync(other, Cancellation)).Maintenance.MaintenanceId);
    }

    [Fact]
    public async Task Maintenance_is_listed_by_time_and_scope_and_wrong_declarations_are_refused()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"), ChargingApiWorld.Pile("B", "C2"));
        world.Now = Hour;
        DeclareMaintenanceRequest Wish(string id, int from, int until, string pile) => new()
        {
            MaintenanceId = id, Scope = new Scope { PileIds = { pile } }, FromTime = PileTime(from), UntilTime = PileTime(until), By = "Li",
            Reason = "rewiring",
        };
        await world.Maintenance.DeclareAsync(Wish("past", 0, 100, "A"), Cancellation);
        await world.Maintenance.DeclareAsync(Wish("soon", 5_000, 6_000, "A"), Cancellation);
        await world.Maintenance.DeclareAsync(Wish("other", 5_500, 6_000, "B"), Cancellation);
        world.Now = Hour + 1;

        Assert.Equal("other soon", await ListAsync(new ListMaintenanceRequest()));
        Assert.Equal("soon", await ListAsync(new ListMaintenanceRequest { Scope = new Scope { CompoundIds = { "C1" } } }));
        Assert.Equal("past", await ListAsync(new ListMaintenanceRequest { Period = Period(99, 200) }));
        await world.Maintenance.CancelAsync(
            new CancelMaintenanceRequest { MaintenanceId = "soon", By = "Li", Reason = "rain" }, Cancellation);
        world.Now = Hour + 2;
        Assert.Equal("other", await ListAsync(new ListMaintenanceRequest()));
        Assert.Equal("other soon", await ListAsync(new ListMaintenanceRequest { IncludeCancelled = true }));
        await Assert.ThrowsAsync<WrongStateException>(() => world.Maintenance.CancelAsync(
            new CancelMaintenanceRequest { MaintenanceId = "soon", By = "Zhao", Reason = "snow" }, Cancellation));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Maintenance.CancelAsync(
            new CancelMaintenanceRequest { MaintenanceId = "none", By = "Li", Reason = "rain" }, Cancellation));

        await RefusedAsync("until_time", Wish("x", 100, 100, "A"));
        await RefusedAsync("until_time", Wish("x", 0, (91 * 24 * Hour), "A"));
        await RefusedAsync("scope.pile_ids", Wish("x", 0, 100, "nobody"));
        await RefusedAsync("maintenance_id", Wish("past", 0, 200, "A"));
        var everywhere = Wish("x", 0, 100, "A");
        everywhere.Scope = null;
        await RefusedAsync("scope", everywhere);

        async Task<string> ListAsync(ListMaintenanceRequest request) => string.Join(
            ' ', (await world.Maintenance.ListAsync(request, Cancellation)).Maintenance.Select(m => m.MaintenanceId));

        async Task RefusedAsync(string field, DeclareMaintenanceRequest wish) => Assert.Equal(field, (
            await Assert.ThrowsAsync<InvalidQueryException>(() => world.Maintenance.DeclareAsync(wish, Cancellation))).Field);
    }

    [Fact]
    public async Task Statistics_tell_how_long_faults_waited_to_be_acknowledged()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        await world.StoreAsync(new PileStory(id: "A").Fault(300, 1, 201, FaultEvent.Raised).Fault(500, 2, 201, FaultEvent.Raised), 0, Hour);
        world.Now = 1_300;
        foreach (var fault in (await world.Faults.AnswerAsync(new ListFaultsRequest(), Cancellation)).Faults)
        {
            await world.Steps.AcknowledgeAsync(new AcknowledgeFaultRequest { FaultId = fault.FaultId, By = "Li" }, Cancellation);
        }
        world.Now = Hour;

        var total = (await world.Statistics.AnswerAsync(new GetFaultStatisticsRequest { Period = Period(0, Hour) }, Cancellation)).Total;
        Assert.Equal((2L, 1_800.001, 900.0005), (total.Acknowledged, total.AcknowledgeSeconds, total.MttaSeconds));
    }

    [Fact]
    public async Task A_port_that_flaps_is_among_the_open_faults()
    {
        await using var world = await ChargingApiWorld.OpenAsync(ChargingApiWorld.Pile("A"));
        var story = new PileStory(id: "A");
        for (var i = 0; i < 8; i++)
        {
            story.Status(3_200 + (i * 40), 1, i % 2 == 0 ? PortStatus.Available : PortStatus.Plugged);
        }
        await world.StoreAsync(story, 0, Hour);
        world.Now = Hour;

        var flaps = await OpenAsync(world);
        Assert.Equal((705, PileTime(3_440)), (flaps.Code, flaps.RaisedTime));
        world.Now = Hour + 300;
        Assert.Contains((await world.Faults.AnswerAsync(new ListFaultsRequest(), Cancellation)).Faults, f => f.FaultId == flaps.FaultId);
        Assert.Equal(FaultState.Acknowledged, (await world.Steps.AcknowledgeAsync(
            new AcknowledgeFaultRequest { FaultId = flaps.FaultId, By = "Li" }, Cancellation)).State);
    }

    private static async Task<Fault> OpenAsync(ChargingApiWorld world, Timestamp? asOf = null) => Assert.Single(
        (await world.Faults.AnswerAsync(new ListFaultsRequest { AsOf = asOf }, Cancellation)).Faults);

    private static Period Period(double from, double until) => new() { From = PileTime(from), Until = PileTime(until) };

    private static Timestamp PileTime(double second) => Timestamp.FromDateTimeOffset(PileStory.At(second).ToDateTimeOffset());
}
