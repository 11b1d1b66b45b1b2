using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.Cli;

public sealed class RepairCommandTests
{
    [Fact]
    public async Task Every_step_says_who_and_shows_the_fault_with_its_audit_trail()
    {
        await using var city = await CannedCity.StartAsync();
        var fault = new Fault
        {
            FaultId = "P-1/3/210/5", PileId = "P-1", Port = 3, Code = 210, CodeName = "FUSE_BLOWN", State = FaultState.Assigned,
            Assignee = "Wang",
            Actions =
            {
                new FaultAction { Step = FaultStep.Acknowledge, By = "Li", RecordedTime = Canned.Noon, Note = "seen" },
                new FaultAction { Step = FaultStep.Close, By = "Li", RecordedTime = Canned.Noon, OverrideReason = "sensor dead" },
            },
        };
        city.Answering<AcknowledgeFaultRequest>(new AcknowledgeFaultResponse { Fault = fault })
            .Answering<AssignFaultRequest>(new AssignFaultResponse { Fault = fault })
            .Answering<ResolveFaultRequest>(new ResolveFaultResponse { Fault = fault })
            .Answering<CloseFaultRequest>(new CloseFaultResponse { Fault = fault });

        var shown = (await city.RunAsync("fault", "ack", "P-1/3/210/5", "--by", "Li", "--note", "seen", "--request-id", "r-1")).Done;
        _ = (await city.RunAsync("fault", "assign", "P-1/3/210/5", "--by", "Li", "--to", "Wang")).Done;
        _ = (await city.RunAsync("fault", "resolve", "P-1/3/210/5", "--by", "Wang", "--note", "fuse")).Done;
        _ = (await city.RunAsync("fault", "close", "P-1/3/210/5", "--by", "Li", "--override-reason", "sensor dead")).Done;

        Assert.Contains("ASSIGNED 已派单", shown, StringComparison.Ordinal);
        Assert.Contains("ACKNOWLEDGE by Li  seen", shown, StringComparison.Ordinal);
        Assert.Contains("CLOSE by Li  (override: sensor dead)", shown, StringComparison.Ordinal);
        Assert.Equal(
            [
                new AcknowledgeFaultRequest { FaultId = "P-1/3/210/5", By = "Li", Note = "seen", ActionId = "r-1" },
                new AssignFaultRequest { FaultId = "P-1/3/210/5", By = "Li", Assignee = "Wang" },
                new ResolveFaultRequest { FaultId = "P-1/3/210/5", By = "Wang", Note = "fuse" },
                new CloseFaultRequest { FaultId = "P-1/3/210/5", By = "Li", OverrideReason = "sensor dead" },
            ],
            city.Asked);
    }

    [Fact]
    public async Task Whoever_is_not_named_is_asked_for_and_a_refused_step_is_told_as_the_server_said_it()
    {
        await using var city = await CannedCity.StartAsync();
        city.Answering<AcknowledgeFaultRequest>(_ => throw CannedCity.Failure(StatusCode.FailedPrecondition, "It is CLOSED."));

        var nameless = await city.RunAsync("fault", "ack", "P-1/3/210/5");
        Assert.Equal(
            (2, "smartcity: Option '--by' is required. Try smartcity fault ack --help."), (nameless.Code, nameless.Error.Trim()));
        var refused = await city.RunAsync("fault", "ack", "P-1/3/210/5", "--by", "Li");
        Assert.Equal((1, "smartcity: It is CLOSED."), (refused.Code, refused.Error.Trim()));
    }

    [Fact]
    public async Task The_faults_of_an_incident_are_one_line_of_the_table_and_all_of_them_in_csv()
    {
        await using var city = await CannedCity.StartAsync();
        Fault Silent(string pile) => new()
        {
            FaultId = $"{pile}/0/701/5d", PileId = pile, Code = 701, CodeName = "OFFLINE", CompoundId = "C-1", IncidentId = "C-1/5",
            RaisedTime = Canned.Noon, State = FaultState.Open,
        };
        city.Answering<ListFaultsRequest>(new ListFaultsResponse
        {
            Faults = { Silent("P-1"), new Fault { PileId = "P-9", Port = 1, Code = 210 }, Silent("P-2"), Silent("P-3") },
        });

        var lines = (await city.RunAsync("faults", "--state", "open,reopened")).Done.ReplaceLineEndings("\n").Split('\n');
        Assert.Single(lines, line => line.StartsWith("C-1 ", StringComparison.Ordinal)
            && line.Contains("OFFLINE, incident of 3 faults", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("P-1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("P-9/1 ", StringComparison.Ordinal));
        var csv = (await city.RunAsync("faults", "--output", "csv")).DoneWithRemarks;
        Assert.Equal(5, csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal([FaultState.Open, FaultState.Reopened], ((ListFaultsRequest)city.Asked.First()).States);
    }

    [Fact]
    public async Task Incidents_and_maintenance_are_listed_declared_and_cancelled()
    {
        await using var city = await CannedCity.StartAsync();
        var work = new Maintenance
        {
            MaintenanceId = "m-1", Scope = new Scope { PileIds = { "P-1" } }, FromTime = Canned.Noon, UntilTime = Canned.Noon,
            Reason = "rewiring", By = "Li", RecordedTime = Canned.Noon, CancelledTime = Canned.Noon, CancelledBy = "Zhao",
            CancelReason = "rain",
        };
        city.Answering<ListIncidentsRequest>(new ListIncidentsResponse
        {
            Incidents = { new Incident { CompoundId = "C-1", PilesSilent = 12, Piles = 20, FromTime = Canned.Noon } },
        }).Answering<ListMaintenanceRequest>(new ListMaintenanceResponse { Maintenance = { work } })
            .Answering<DeclareMaintenanceRequest>(new DeclareMaintenanceResponse { Maintenance = work })
            .Answering<CancelMaintenanceRequest>(new CancelMaintenanceResponse { Maintenance = work });

        Assert.Contains("12 of 20 piles", (await city.RunAsync("incidents")).Done, StringComparison.Ordinal);
        Assert.Contains("by Zhao: rain", (await city.RunAsync("maintenance", "list", "--cancelled")).Done, StringComparison.Ordinal);
        _ = (await city.RunAsync(
            "maintenance", "declare", "--pile", "P-1", "--from", "2100-11-23T22:00", "--until", "2100-11-24T02:00", "--by", "Li",
            "--reason", "rewiring")).Done;
        _ = (await city.RunAsync("maintenance", "cancel", "m-1", "--by", "Zhao", "--reason", "rain")).Done;

        var declared = Assert.IsType<DeclareMaintenanceRequest>(city.Asked.ElementAt(2));
        Assert.Equal(("P-1", 4 * 3600L), (declared.Scope.PileIds[0], declared.UntilTime.Seconds - declared.FromTime.Seconds));
        Assert.Equal(new CancelMaintenanceRequest { MaintenanceId = "m-1", By = "Zhao", Reason = "rain" }, city.Asked.Last());
    }
}
