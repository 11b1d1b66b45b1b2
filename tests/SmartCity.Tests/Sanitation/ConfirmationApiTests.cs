using SmartCity.Protocol.V1;
using SmartCity.Server.Api;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rule 7 over the API: what people confirm counts weakly when entered there and then, else once a supervisor accepts
/// it.</summary>
public sealed class ConfirmationApiTests
{
    private const string Noon = "P/2026-11-23/NOON";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<SanitationApiWorld> MissedAsync(string now, Action<TruckLog>? log = null)
    {
        var town = new Town().Window("MORNING", "04:30", "08:00").Window("NOON", "11:00", "14:00")
            .Truck("T1").Point("P", 300, "MORNING NOON");
        var world = await SanitationApiWorld.OpenAsync(town, now);
        var truck = town.Log("T1");
        log?.Invoke(truck);
        await world.StoreAsync(truck);
        return world;
    }

    private static ConfirmCollectionRequest Confirmation(string at, bool isThere = false) => new()
    {
        ConfirmationId = "c1", ObligationId = Noon, CollectedTime = Town.At(at).ToTimestamp(), ConfirmedBy = "Li", Note = "Bins empty",
        Location = isThere ? new GeoPoint { Lat = Town.Place(310).Lat, Lon = Town.Place(310).Lon } : null,
    };

    private static DecideConfirmationRequest Deciding(Decision decision, string id = "c1", string by = "Wang") =>
        new() { EvidenceId = id, Decision = decision, DecidedBy = by, Reason = "camera", AsSupervisor = true };

    private static async Task<ExplainObligationResponse> ExplainAsync(SanitationApiWorld world, string? asOf = null) =>
        await world.Explanations.AnswerAsync(
            new ExplainObligationRequest { ObligationId = Noon, AsOf = asOf is null ? null : Town.At(asOf).ToTimestamp() }, Stop);

    [Fact]
    public async Task Entered_there_and_then_it_serves_weakly_and_a_supervisor_makes_it_sure()
    {
        await using var world = await MissedAsync("12:35:00");
        var entered = await world.Confirmations.AnswerAsync(Confirmation("12:30:00", isThere: true), Stop);
        Assert.True(entered.Counts);
        var served = await ExplainAsync(world);
        Assert.Equal((Verdict.OnTime, true), (served.Obligation.Verdict, served.Obligation.Probable));
        Assert.Equal(EvidenceGrade.C, served.Obligation.PrimaryVisit.Grade);
        Assert.StartsWith(
            "ON_TIME (按时): yes. By people's word, somebody collected at 12:30:00", served.Answer.Answer, StringComparison.Ordinal);
        Assert.StartsWith("Only probable.", served.Answer.Certainty, StringComparison.Ordinal);
        Assert.Equal("Bins empty", Assert.Single(served.Confirmations).Note);

        world.MoveTo("13:00:00");
        await world.Confirmations.AnswerAsync(Deciding(Decision.Approve), Stop);
        var sure = await ExplainAsync(world);
        Assert.Equal((EvidenceGrade.B, false), (sure.Obligation.PrimaryVisit.Grade, sure.Obligation.Probable));
        var use = Assert.Single(sure.Evidence);
        Assert.Equal(("c1", "Li", true, "Wang"), (use.EvidenceId, use.MadeBy, use.Entered, use.Decisions[0].DecidedBy));
        Assert.Equal(EvidenceGrade.C, (await ExplainAsync(world, "12:50:00")).Obligation.PrimaryVisit.Grade);
        Assert.Equal(Verdict.Pending, (await ExplainAsync(world, "12:34:00")).Obligation.Verdict);
    }

    [Theory]
    [InlineData("12:35:00", "12:30:00", false, "nothing tells where it was made")]
    [InlineData("2026-11-23 20:00:00", "12:30:00", true, "entered when the collection could be served no more")]
    public async Task From_an_office_it_counts_only_once_a_supervisor_accepts_it(string now, string at, bool isThere, string reason)
    {
        await using var world = await MissedAsync(now);
        var entered = await world.Confirmations.AnswerAsync(Confirmation(at, isThere), Stop);
        Assert.False(entered.Counts);
        Assert.Contains(reason, entered.Notes[0], StringComparison.Ordinal);
        Assert.Contains("waits for a supervisor other than Li", entered.Notes[1], StringComparison.Ordinal);
        Assert.NotEqual(Verdict.OnTime, (await ExplainAsync(world)).Obligation.Verdict);
        await world.Confirmations.AnswerAsync(Deciding(Decision.Approve), Stop);
        Assert.Equal(Verdict.OnTime, (await ExplainAsync(world)).Obligation.Verdict);
    }

    [Fact]
    public async Task What_people_say_against_the_trucks_own_tracker_is_told_as_that()
    {
        await using var world = await MissedAsync("2026-11-24 12:00:00");
        var request = Confirmation("12:30:00");
        request.TruckId = "T1";
        await world.Confirmations.AnswerAsync(request, Stop);
        await world.Confirmations.AnswerAsync(Deciding(Decision.Approve), Stop);
        var answer = await ExplainAsync(world);
        const string Said = "Li says that truck T1 collected at 12:30:00, and Wang accepted it; the truck's tracker was 300 m away then, "
            + "which contradicts it.";
        Assert.Contains("yes. By people's word, truck JI-T1 (T1) collected at 12:30:00", answer.Answer.Answer, StringComparison.Ordinal);
        Assert.Equal(Said, answer.Answer.Why);
        Assert.StartsWith("Doubtful: people say so, and the truck's own tracker", answer.Answer.Certainty, StringComparison.Ordinal);
        Assert.Contains(answer.Reasons, r => r.StartsWith(Said, StringComparison.Ordinal));
        Assert.DoesNotContain(answer.Reasons, r => r.Contains("was there from", StringComparison.Ordinal));
        Assert.True(answer.Obligation.PrimaryVisit.OnlySaid);
    }

    [Fact]
    public async Task What_nobody_but_people_knows_of_names_who_said_it()
    {
        await using var world = await MissedAsync("2026-11-24 12:00:00");
        await world.Confirmations.AnswerAsync(Confirmation("12:30:00"), Stop);
        await world.Confirmations.AnswerAsync(Deciding(Decision.Approve), Stop);
        var answer = (await ExplainAsync(world)).Answer;
        Assert.Equal("Li says that somebody collected at 12:30:00, and Wang accepted it.", answer.Why);
        Assert.StartsWith("As sure as people's word", answer.Certainty, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_first_requests_with_one_id_are_answered_alike()
    {
        await using var world = await MissedAsync("12:35:00");
        ConfirmCollectionRequest Request() => new()
        {
            ConfirmationId = "c1", ObligationId = Noon, ConfirmedBy = "Li",
        };
        var (gate, second) = (new Lock(), 0);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            lock (gate)
            {
                world.MoveTo($"12:35:{second++:00}");
            }
            return await world.Confirmations.AnswerAsync(Request(), Stop);
        })));
        Assert.Single(answers.Select(a => a.Confirmation).Distinct());
    }

    [Fact]
    public async Task What_waits_for_a_supervisor_is_listed_whoever_made_it()
    {
        await using var world = await MissedAsync(
            "2026-11-24 12:00:00", log => log.Manual("11:30:00", east: 2_300).Photo("11:40:00", null, east: 9_000).Tag("12:40:00", "E9"));
        await world.Confirmations.AnswerAsync(Confirmation("12:30:00"), Stop);
        async Task<List<ConfirmationRow>> ListAsync(params ConfirmationState[] states) =>
            [.. (await world.Said.AnswerAsync(new ListConfirmationsRequest { States = { states } }, Stop)).Confirmations];
        var waiting = await ListAsync(ConfirmationState.Waiting);
        Assert.Equal([("P", false), ("", true), ("P", false)], waiting.Select(w => (w.PointId, w.Picture)));
        Assert.Equal(("c1", Noon, "Li", true), (waiting[2].EvidenceId, waiting[2].ObligationId, waiting[2].MadeBy, waiting[2].Entered));
        Assert.Contains("nothing tells where it was made", waiting[2].Reason, StringComparison.Ordinal);

        await world.Confirmations.AnswerAsync(Deciding(Decision.Approve, waiting[0].EvidenceId), Stop);
        await world.Confirmations.AnswerAsync(Deciding(Decision.Reject), Stop);
        Assert.True(Assert.Single(await ListAsync(ConfirmationState.Waiting)).Picture);
        Assert.Equal(
            [ConfirmationState.Accepted, ConfirmationState.Waiting, ConfirmationState.Rejected], (await ListAsync()).Select(w => w.State));
        Assert.Empty((await world.Said.AnswerAsync(
            new ListConfirmationsRequest { FirstDate = "2026-11-20", LastDate = "2026-11-22" }, Stop)).Confirmations);
    }

    [Fact]
    public async Task What_counts_by_itself_waits_for_nobody()
    {
        await using var world = await MissedAsync("12:35:00");
        await world.Confirmations.AnswerAsync(Confirmation("12:30:00", isThere: true), Stop);
        Assert.Equal(
            ConfirmationState.Counting,
            Assert.Single((await world.Said.AnswerAsync(new ListConfirmationsRequest(), Stop)).Confirmations).State);
    }

    [Fact]
    public async Task Evidence_of_another_window_says_for_what_it_counts()
    {
        var town = new Town().Window("MORNING", "04:30", "08:00").Window("NOON", "11:00", "14:00")
            .Truck("T1").Point("P", 300, "MORNING NOON").Bin("E1", "P");
        await using var world = await SanitationApiWorld.OpenAsync(town, "2026-11-24 12:00:00");
        await world.StoreAsync(town.Log("T1").Stay("08:30:00", "08:35:00", 300).Tag("08:31:00", "E1"));
        var answer = await ExplainAsync(world);
        Assert.Equal(Verdict.Missed, answer.Obligation.Verdict);
        Assert.StartsWith(
            "Counts for P/2026-11-23/MORNING, not for this one: tag E1 belongs", Assert.Single(answer.Evidence).Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_history_tells_who_changed_the_verdict_and_what_was_final_is_restated()
    {
        await using var world = await MissedAsync("2026-11-24 17:00:00");
        await world.Confirmations.AnswerAsync(Confirmation("12:30:00"), Stop);
        world.MoveTo("2026-11-24 18:00:00");
        await world.Confirmations.AnswerAsync(Deciding(Decision.Approve), Stop);
        var last = (await ExplainAsync(world)).History[^1];
        Assert.Equal((Verdict.OnTime, ChangeCause.Confirmation, true), (last.Verdict, last.Cause, last.Restatement));
        Assert.Equal("Wang accepted confirmation c1 of Li.", last.Reason);
        Assert.Equal(Town.At("2026-11-24 18:00:00").ToTimestamp(), last.Time);
    }

    [Fact]
    public async Task A_supervisor_who_does_not_believe_it_takes_it_away_and_may_change_their_mind()
    {
        await using var world = await MissedAsync("12:35:00");
        await world.Confirmations.AnswerAsync(Confirmation("12:30:00", isThere: true), Stop);
        world.MoveTo("2026-11-24 12:00:00");
        await world.Confirmations.AnswerAsync(Deciding(Decision.Reject), Stop);
        var missed = await ExplainAsync(world);
        Assert.Equal(Verdict.Missed, missed.Obligation.Verdict);
        Assert.Contains("a supervisor rejected it", Assert.Single(missed.Evidence).Reason, StringComparison.Ordinal);
        world.MoveTo("2026-11-24 13:00:00");
        await world.Confirmations.AnswerAsync(Deciding(Decision.Approve), Stop);
        Assert.Equal(Verdict.OnTime, (await ExplainAsync(world)).Obligation.Verdict);
        Assert.Equal(Verdict.Missed, (await ExplainAsync(world, "2026-11-24 12:30:00")).Obligation.Verdict);
    }

    [Fact]
    public async Task What_a_truck_sent_is_accepted_by_the_id_that_the_explanation_shows()
    {
        await using var world = await MissedAsync("2026-11-24 12:00:00", log => log.Manual("12:30:00", east: 2_300).Tag("12:40:00", "E9"));
        var before = await ExplainAsync(world);
        Assert.Equal(Verdict.Missed, before.Obligation.Verdict);
        var id = Assert.Single(before.Evidence, e => e.EvidenceId.Length > 0).EvidenceId;
        await world.Confirmations.AnswerAsync(Deciding(Decision.Approve, id), Stop);
        var after = await ExplainAsync(world);
        Assert.Equal((Verdict.OnTime, EvidenceGrade.B), (after.Obligation.Verdict, after.Obligation.PrimaryVisit.Grade));
        Assert.Equal("Wang", after.Evidence.Single(e => e.EvidenceId == id).Decisions[0].DecidedBy);
        Assert.Equal((Verdict.OnTime, ChangeCause.Confirmation), (after.History[^1].Verdict, after.History[^1].Cause));
    }

    [Fact]
    public async Task Nobody_decides_about_what_they_made_and_sensors_are_not_decided_about()
    {
        await using var world = await MissedAsync("2026-11-24 12:00:00", log => log.Tag("12:40:00", "E9"));
        await world.Confirmations.AnswerAsync(Confirmation("12:30:00"), Stop);
        async Task<string> Field(DecideConfirmationRequest request) =>
            (await Assert.ThrowsAsync<InvalidQueryException>(() => world.Confirmations.AnswerAsync(request, Stop))).Field;
        Assert.Equal("decided_by", await Field(Deciding(Decision.Approve, by: "LI")));
        Assert.Equal("decision", await Field(Deciding(Decision.Withdraw)));
        var unclaimed = Deciding(Decision.Approve);
        unclaimed.AsSupervisor = false;
        Assert.Equal("as_supervisor", await Field(unclaimed));
        var unknown = await Assert.ThrowsAsync<NotFoundException>(
            () => world.Confirmations.AnswerAsync(Deciding(Decision.Approve, "c2"), Stop));
        Assert.Contains("Near it: c1", unknown.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<NotFoundException>(
            () => world.Confirmations.AnswerAsync(Deciding(Decision.Approve, "T1/1/0/5/0"), Stop));
    }

    [Fact]
    public async Task A_retry_confirms_once()
    {
        await using var world = await MissedAsync("12:35:00");
        var request = Confirmation("12:30:00");
        request.CollectedTime = null;
        var first = await world.Confirmations.AnswerAsync(request, Stop);
        world.MoveTo("12:40:00");
        Assert.Equal(first.Confirmation, (await world.Confirmations.AnswerAsync(request, Stop)).Confirmation);
        Assert.Equal(Town.At("12:35:00").ToTimestamp(), first.Confirmation.CollectedTime);
        Assert.Single((await ExplainAsync(world)).Confirmations);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_with_its_field()
    {
        await using var world = await MissedAsync("2026-11-23 13:00:00");
        async Task<string> Field(Action<ConfirmCollectionRequest> change)
        {
            var request = Confirmation("12:30:00");
            change(request);
            return (await Assert.ThrowsAsync<InvalidQueryException>(() => world.Confirmations.AnswerAsync(request, Stop))).Field;
        }
        Assert.Equal("collected_time", await Field(r => r.CollectedTime = Town.At("13:30:00").ToTimestamp())); // Not yet.
        Assert.Equal("collected_time", await Field(r => r.CollectedTime = Town.At("08:30:00").ToTimestamp())); // Of another window.
        Assert.Equal("obligation_id", await Field(r => r.ObligationId = "P"));
        Assert.Equal("truck_id", await Field(r => r.TruckId = "T9"));
        Assert.Equal("location", await Field(r => r.Location = new GeoPoint { Lat = 91 }));
        Assert.Equal("confirmed_by", await Field(r => r.ConfirmedBy = ""));
        var request = Confirmation("12:30:00");
        request.ObligationId = "P1/2026-11-23/NOON";
        var unknown = await Assert.ThrowsAsync<NotFoundException>(() => world.Confirmations.AnswerAsync(request, Stop));
        Assert.Contains("Near it: P", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_before_the_registry_was_recorded_is_named_as_the_reason()
    {
        await using var world = await MissedAsync("2026-11-24 12:00:00");
        var unknown = await Assert.ThrowsAsync<NotFoundException>(() => ExplainAsync(world, "2026-10-31 12:00:00"));
        Assert.Contains(
            "As of 2026-10-31 12:00:00 nobody knew of it: the registry recorded it at 2026-11-01 00:00:00", unknown.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_window_that_does_not_exist_is_refused_with_those_that_do()
    {
        await using var world = await MissedAsync("2026-11-24 12:00:00");
        var refused = await Assert.ThrowsAsync<InvalidQueryException>(
            () => world.Compliance.AnswerAsync(new GetComplianceRequest { WindowKeys = { "BREAKFAST" } }, Stop));
        Assert.Equal("window_keys", refused.Field);
        Assert.Contains("There are MORNING, NOON", refused.Message, StringComparison.Ordinal);
        var near = await Assert.ThrowsAsync<InvalidQueryException>(
            () => world.Obligations.AnswerAsync(new ListObligationsRequest { WindowKeys = { "noon" } }, Stop));
        Assert.Contains("Near it: NOON", near.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_comes_late_is_in_the_history_at_the_moment_it_came()
    {
        var town = new Town().Window("NOON", "11:00", "14:00").Truck("T1").Point("P", 300, "NOON");
        await using var world = await SanitationApiWorld.OpenAsync(town, "2026-11-25 12:00:00");
        await world.StoreAsync(town.Log("T1").Stay("12:00:00", "12:05:00", 300), TimeSpan.FromHours(30));
        var history = (await ExplainAsync(world)).History;
        var late = history[^1];
        Assert.Equal((Verdict.OnTime, ChangeCause.Telemetry, true), (late.Verdict, late.Cause, late.Restatement));
        // The 30 s after the first stop make it a visit.
        Assert.Equal(Town.At("2026-11-24 18:00:31").ToTimestamp(), late.Time);
        Assert.Equal(Verdict.Undetermined, history[^2].Verdict);
    }
}
