using SmartCity.Protocol.V1;
using SmartCity.Server.Api;

namespace SmartCity.Tests.Sanitation;

/// <summary>Rules 12 and 13 over the API: who declares and who approves what, until when, and what the answers make of it.</summary>
public sealed class ExceptionApiTests
{
    private const string Noon = "P/2026-11-23/NOON";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static DateRange Monday => new() { First = "2026-11-23", Last = "2026-11-23" };

    /// <summary>A truck that is in sight all day and serves nothing, so what is due is missed.</summary>
    private static async Task<SanitationApiWorld> MissedAsync(string now = "2026-11-24 12:00:00", bool isHeard = true)
    {
        var town = new Town().Window("MORNING", "04:30", "08:00").Window("NOON", "11:00", "14:00")
            .Truck("T1").Point("P", 300, "MORNING NOON", truck: "T1").Point("Q", -300, "NOON");
        var world = await SanitationApiWorld.OpenAsync(town, now);
        if (isHeard)
        {
            await world.StoreAsync(town.Log("T1"));
        }
        return world;
    }

    private static DeclareExceptionRequest Declaration(ExceptionKind kind = ExceptionKind.Excuse) => new()
    {
        ExceptionId = "x1", Kind = kind, Reason = "SNOW_EMERGENCY", WholeCity = true, FirstDate = "2026-11-23", DeclaredBy = "Li",
    };

    private static DecideExceptionRequest Deciding(Decision decision, string by = "Wang", bool supervisor = false) => new()
    {
        ExceptionId = "x1", Decision = decision, DecidedBy = by, AsSupervisor = supervisor, Reason = "because",
    };

    private static async Task<ExplainObligationResponse> ExplainAsync(
        SanitationApiWorld world, string id = Noon, string? asOf = null) => await world.Explanations.AnswerAsync(
            new ExplainObligationRequest { ObligationId = id, AsOf = asOf is null ? null : Town.At(asOf).ToTimestamp() }, Stop);

    private static async Task<Verdict> VerdictAsync(SanitationApiWorld world, string id = Noon, string? asOf = null) =>
        (await ExplainAsync(world, id, asOf)).Obligation.Verdict;

    private static async Task<InvalidQueryException> RefusedAsync(Func<Task> ask) =>
        await Assert.ThrowsAsync<InvalidQueryException>(ask);

    [Fact]
    public async Task An_excuse_that_is_approved_after_the_verdict_was_final_is_counted_as_a_restatement()
    {
        await using var world = await MissedAsync("2026-11-25 15:00:00");
        async Task<Restatements> RestatedAsync() => (await world.Compliance.AnswerAsync(
            new GetComplianceRequest { Dates = Monday, IncludeRestatements = true }, Stop)).Restatements;
        Assert.Equal((3, 0), ((await RestatedAsync()).Final, (await RestatedAsync()).Restated));

        var declaration = Declaration();
        declaration.WindowKeys.Add("NOON");
        await world.Exceptions.AnswerAsync(declaration, Stop);
        Assert.Equal(0, (await RestatedAsync()).Restated);
        await world.Exceptions.AnswerAsync(Deciding(Decision.Approve), Stop);
        var restated = await RestatedAsync();
        Assert.Equal((3, 2), (restated.Final, restated.Restated));
        Assert.Equal([(Verdict.Missed, Verdict.Excused, 2L)], restated.Shifts.Select(s => (s.From, s.To, s.Count)));
    }

    [Fact]
    public async Task An_exception_changes_answers_from_its_approval_until_it_is_withdrawn_and_as_of_tells_each()
    {
        await using var world = await MissedAsync("2026-11-24 08:00:00");
        Assert.Equal(Verdict.Missed, await VerdictAsync(world));
        var declared = await world.Exceptions.AnswerAsync(Declaration(), Stop);
        Assert.Equal((3, 3, ExceptionState.Declared), (declared.Effect.Covered, declared.Effect.Excused, declared.Exception.State));
        Assert.Contains("somebody other than Li", declared.Notes[0], StringComparison.Ordinal);
        Assert.Equal(Verdict.Missed, await VerdictAsync(world));

        world.MoveTo("2026-11-24 09:00:00");
        await world.Exceptions.AnswerAsync(Deciding(Decision.Approve), Stop);
        Assert.Equal(Verdict.Excused, await VerdictAsync(world));
        var figures = (await world.Compliance.AnswerAsync(new GetComplianceRequest { Dates = Monday }, Stop)).Total;
        Assert.Equal((3, 3, 0), (figures.Scheduled, figures.Excused, figures.Due));
        var listed = await world.Obligations.AnswerAsync(
            new ListObligationsRequest { Dates = Monday, Verdicts = { Verdict.Excused } }, Stop);
        Assert.Equal(3, listed.Obligations.Count);

        world.MoveTo("2026-11-24 10:00:00");
        await world.Exceptions.AnswerAsync(Deciding(Decision.Withdraw, "Zhao"), Stop);
        Assert.Equal(Verdict.Missed, await VerdictAsync(world));
        Assert.Equal(Verdict.Excused, await VerdictAsync(world, asOf: "2026-11-24 09:30:00"));
        Assert.Equal(Verdict.Missed, await VerdictAsync(world, asOf: "2026-11-24 08:30:00"));
        var history = (await ExplainAsync(world)).History;
        Assert.Equal(
            [Verdict.Upcoming, Verdict.Pending, Verdict.Overdue, Verdict.Missed, Verdict.Excused, Verdict.Missed],
            history.Select(h => h.Verdict));
        Assert.Equal([ChangeCause.Exception, ChangeCause.Exception], history.Skip(4).Select(h => h.Cause));
        Assert.Equal(Town.At("2026-11-24 09:00:00").ToTimestamp(), history[4].Time);
        Assert.Contains("Wang approved exception x1", history[4].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SNOW_EMERGENCY", false)]
    [InlineData("BLAH", true)]
    public async Task An_unusual_reason_is_told_with_those_that_are_usual(string reason, bool isTold)
    {
        await using var world = await MissedAsync("2026-11-24 08:00:00");
        var declaration = Declaration();
        declaration.Reason = reason;
        var notes = (await world.Exceptions.AnswerAsync(declaration, Stop)).Notes;
        Assert.Equal(isTold, notes.Any(n => n.Contains("Usual are SNOW_EMERGENCY", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_was_withdrawn_before_anybody_approved_it_was_not_rejected()
    {
        await using var world = await MissedAsync("2026-11-24 08:00:00");
        await world.Exceptions.AnswerAsync(Declaration(), Stop);
        await world.Exceptions.AnswerAsync(Deciding(Decision.Withdraw, "Li"), Stop);
        Assert.Contains("Li has withdrawn it", Assert.Single((await ExplainAsync(world)).Exceptions).Effect, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_excuse_says_what_would_hold_without_it()
    {
        await using var world = await MissedAsync("2026-11-24 08:00:00");
        await world.Exceptions.AnswerAsync(Declaration(), Stop);
        await world.Exceptions.AnswerAsync(Deciding(Decision.Approve), Stop);
        var why = (await ExplainAsync(world)).Answer.Why;
        Assert.Contains("Without that it would be MISSED: JI-T1 (T1) came no nearer than", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rule_told_is_the_registered_one_and_how_many_have_other_hours_is_said()
    {
        await using var world = await MissedAsync("2026-11-23 03:00:00");
        var declaration = Declaration(ExceptionKind.ExtendGrace);
        (declaration.WholeCity, declaration.BySeconds, declaration.Scope) = (false, 3600, new Scope { PointIds = { "P" } });
        await world.Exceptions.AnswerAsync(declaration, Stop);
        await world.Exceptions.AnswerAsync(Deciding(Decision.Approve), Stop);
        var rules = (await world.Compliance.AnswerAsync(
            new GetComplianceRequest { Dates = new DateRange { First = "2026-11-22", Last = "2026-11-23" } }, Stop)).Tolerances;
        Assert.Equal(rules.Count, rules.Select(r => r.WindowKey).Distinct().Count());
        Assert.All(rules, r => Assert.Equal((900, 1L), (r.LateGraceS, r.Excepted)));
    }

    [Fact]
    public async Task A_cancellation_declared_too_late_is_an_excuse_and_the_declarer_is_told()
    {
        await using var world = await MissedAsync("2026-11-23 09:00:00", isHeard: false);
        var declared = await world.Exceptions.AnswerAsync(Declaration(ExceptionKind.Cancel), Stop);
        Assert.Equal((2, 1), (declared.Effect.Cancelled, declared.Effect.Excused));
        Assert.Contains(declared.Notes, n => n.StartsWith("1 of 3 windows had started when it was declared", StringComparison.Ordinal));
        await world.Exceptions.AnswerAsync(Deciding(Decision.Approve), Stop);
        world.MoveTo("2026-11-24 12:00:00");
        Assert.Equal(Verdict.Cancelled, await VerdictAsync(world));
        Assert.Equal(Verdict.Excused, await VerdictAsync(world, "P/2026-11-23/MORNING"));
        var use = Assert.Single((await ExplainAsync(world, "P/2026-11-23/MORNING")).Exceptions);
        Assert.True(use.Applied);
        Assert.Contains("when the window had started, so it only excuses", use.Effect, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExceptionKind.ShiftWindow, -3_600, "10:00:00", "13:15:00")]
    [InlineData(ExceptionKind.ExtendGrace, 1_800, "11:00:00", "14:45:00")]
    public async Task A_window_is_shifted_and_a_grace_extended_when_declared_before_the_start(
        ExceptionKind kind, int by, string start, string onTimeUntil)
    {
        await using var world = await MissedAsync("2026-11-23 03:00:00", isHeard: false);
        var request = Declaration(kind);
        (request.BySeconds, request.WholeCity, request.Scope) = (by, false, new Scope { PointIds = { "P" } });
        request.WindowKeys.Add("NOON");
        var declared = await world.Exceptions.AnswerAsync(request, Stop);
        Assert.Equal((1, 1), (declared.Effect.Covered, declared.Effect.Shifted + declared.Effect.Extended));
        await world.Exceptions.AnswerAsync(Deciding(Decision.Approve), Stop);
        var due = (await ExplainAsync(world)).Obligation;
        Assert.Equal((Town.At(start).ToTimestamp(), Town.At(onTimeUntil).ToTimestamp()), (due.WindowStart, due.OnTimeUntil));
        Assert.Equal(Town.At("11:00:00").ToTimestamp(), (await ExplainAsync(world, "Q/2026-11-23/NOON")).Obligation.WindowStart);
    }

    [Fact]
    public async Task Declared_more_than_48_hours_after_the_cutoff_only_a_supervisor_can_approve_it()
    {
        await using var world = await MissedAsync("2026-11-26 17:00:00", isHeard: false);
        var declared = await world.Exceptions.AnswerAsync(Declaration(), Stop);
        Assert.Equal((3, 3), (declared.Effect.Covered, declared.Effect.NeedSupervisor));
        Assert.Contains(declared.Notes, n => n.Contains("only if a supervisor approves", StringComparison.Ordinal));
        var refused = await RefusedAsync(() => world.Exceptions.AnswerAsync(Deciding(Decision.Approve), Stop));
        Assert.Equal("as_supervisor", refused.Field);
        var approved = await world.Exceptions.AnswerAsync(Deciding(Decision.Approve, supervisor: true), Stop);
        Assert.Equal(3, approved.Effect.Excused);
        Assert.Equal(Verdict.Excused, await VerdictAsync(world));
        var last = (await ExplainAsync(world)).History[^1];
        Assert.Equal((Verdict.Excused, true), (last.Verdict, last.Restatement)); // Final since Tuesday 16:00.
    }

    [Fact]
    public async Task A_breakdown_never_excuses_and_the_declarer_is_told()
    {
        await using var world = await MissedAsync("2026-11-23 09:00:00", isHeard: false);
        var request = Declaration();
        request.Reason = "VEHICLE_BREAKDOWN";
        var refused = await RefusedAsync(() => world.Exceptions.AnswerAsync(request, Stop));
        Assert.Contains("another truck has to come", refused.Message, StringComparison.Ordinal);
        (request.Kind, request.BySeconds) = (ExceptionKind.ExtendGrace, 600);
        var extended = await world.Exceptions.AnswerAsync(request, Stop);
        Assert.Equal((2, 1), (extended.Effect.Extended, extended.Effect.Untouched));
        Assert.Contains(extended.Notes, n => n.Contains("VEHICLE_BREAKDOWN never excuses", StringComparison.Ordinal));
        (request.ExceptionId, request.FirstDate) = ("x2", "2026-11-22");
        Assert.Equal("reason", (await RefusedAsync(() => world.Exceptions.AnswerAsync(request, Stop))).Field);
    }

    [Fact]
    public async Task Who_declared_cannot_approve()
    {
        await using var world = await MissedAsync();
        await world.Exceptions.AnswerAsync(Declaration(), Stop);
        var refused = await RefusedAsync(() => world.Exceptions.AnswerAsync(Deciding(Decision.Approve, " li"), Stop));
        Assert.Equal("decided_by", refused.Field);
        Assert.Equal(Verdict.Missed, await VerdictAsync(world));
    }

    [Fact]
    public async Task A_rejected_exception_changes_nothing_and_the_explanation_says_who_rejected_it()
    {
        await using var world = await MissedAsync();
        await world.Exceptions.AnswerAsync(Declaration(), Stop);
        Assert.Contains("nobody other than Li has approved it", Assert.Single((await ExplainAsync(world)).Exceptions).Effect,
            StringComparison.Ordinal);
        await world.Exceptions.AnswerAsync(Deciding(Decision.Reject), Stop);
        var use = Assert.Single((await ExplainAsync(world)).Exceptions);
        Assert.False(use.Applied);
        Assert.Contains("Wang has rejected it", use.Effect, StringComparison.Ordinal);
        Assert.Equal(Verdict.Missed, await VerdictAsync(world));
        Assert.Equal("decision", (await RefusedAsync(() => world.Exceptions.AnswerAsync(Deciding(Decision.Approve), Stop))).Field);
    }

    [Fact]
    public async Task A_retry_declares_once_and_the_same_id_for_something_else_is_refused()
    {
        await using var world = await MissedAsync(isHeard: false);
        var first = await world.Exceptions.AnswerAsync(Declaration(), Stop);
        world.MoveTo("2026-11-24 13:00:00");
        Assert.Equal(first.Exception, (await world.Exceptions.AnswerAsync(Declaration(), Stop)).Exception);
        Assert.Single((await world.Exceptions.AnswerAsync(new ListExceptionsRequest(), Stop)).Exceptions);
        var other = Declaration();
        other.Reason = "NO_ACCESS";
        Assert.Equal("exception_id", (await RefusedAsync(() => world.Exceptions.AnswerAsync(other, Stop))).Field);
    }

    [Theory]
    [InlineData(Scopes.Route, 3)]
    [InlineData(Scopes.Truck, 2)]
    [InlineData(Scopes.Area, 3)]
    [InlineData(Scopes.Point, 1)]
    public async Task Points_areas_routes_and_trucks_are_in_scope(Scopes scope, int covered)
    {
        await using var world = await MissedAsync(isHeard: false);
        var request = Declaration();
        request.WholeCity = false;
        request.RouteIds.AddRange(scope == Scopes.Route ? ["R"] : []);
        request.Scope = scope switch
        {
            Scopes.Truck => new Scope { TruckIds = { "T1" } },
            Scopes.Area => new Scope { GridIds = { "G" } },
            Scopes.Point => new Scope { PointIds = { "Q" } },
            _ => null,
        };
        Assert.Equal(covered, (await world.Exceptions.AnswerAsync(request, Stop)).Effect.Covered);
    }

    public enum Scopes
    {
        Route,
        Truck,
        Area,
        Point,
    }

    [Fact]
    public async Task Who_waited_for_a_truck_is_told_when_the_next_one_came()
    {
        var town = new Town().Window("MORNING", "04:30", "08:00").Window("NOON", "11:00", "14:00")
            .Truck("T1").Point("P", 300, "MORNING NOON");
        await using var world = await SanitationApiWorld.OpenAsync(town);
        await world.StoreAsync(town.Log("T1").Stay("11:05:00", "11:08:00", 300));
        Assert.EndsWith(
            "Truck JI-T1 (T1) collected next at 11:05:00, which counts for P/2026-11-23/NOON.",
            (await ExplainAsync(world, "P/2026-11-23/MORNING")).Answer.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_tells_the_effect_and_records_nothing()
    {
        await using var world = await MissedAsync(isHeard: false);
        var request = Declaration();
        request.ValidateOnly = true;
        Assert.Equal(3, (await world.Exceptions.AnswerAsync(request, Stop)).Effect.Excused);
        Assert.Empty((await world.Exceptions.AnswerAsync(new ListExceptionsRequest(), Stop)).Exceptions);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_its_field_and_the_words_that_are_near()
    {
        await using var world = await MissedAsync(isHeard: false);
        async Task<InvalidQueryException> Refused(Action<DeclareExceptionRequest> change)
        {
            var request = Declaration();
            change(request);
            return await RefusedAsync(() => world.Exceptions.AnswerAsync(request, Stop));
        }
        Assert.Equal("last_date", (await Refused(r => r.LastDate = "2026-11-22")).Field);
        Assert.Equal("first_date", (await Refused(r => r.FirstDate = "")).Field);
        Assert.Equal("exception_id", (await Refused(r => r.ExceptionId = "")).Field);
        Assert.Equal("declared_by", (await Refused(r => r.DeclaredBy = " ")).Field);
        Assert.Equal("scope", (await Refused(r => r.WholeCity = false)).Field);
        Assert.Equal("by_seconds", (await Refused(r => r.Kind = ExceptionKind.ShiftWindow)).Field);
        Assert.Equal("by_seconds", (await Refused(r => r.BySeconds = 60)).Field);
        Assert.Equal("kind", (await Refused(r => r.Kind = ExceptionKind.Unspecified)).Field);
        Assert.Equal("reason", (await Refused(r => r.Reason = "it snows")).Field);
        Assert.Equal("scope", (await Refused(r =>
        {
            (r.WholeCity, r.Scope) = (false, new Scope { PointIds = { "Q" } });
            r.WindowKeys.Add("MORNING"); // Nothing is due there then.
        })).Field);
        Assert.Contains("Near it: NOON", (await Refused(r => r.WindowKeys.Add("NON"))).Message, StringComparison.Ordinal);
        Assert.Contains("Near it: R", (await Refused(r =>
        {
            r.WholeCity = false;
            r.RouteIds.Add("R1");
        })).Message, StringComparison.Ordinal);
        await world.Exceptions.AnswerAsync(Declaration(), Stop);
        var missing = Deciding(Decision.Approve);
        missing.ExceptionId = "x2";
        var unknown = await Assert.ThrowsAsync<NotFoundException>(() => world.Exceptions.AnswerAsync(missing, Stop));
        Assert.Contains("Near it: x1", unknown.Message, StringComparison.Ordinal);
        var silent = Deciding(Decision.Withdraw);
        silent.Reason = "";
        Assert.Equal("reason", (await RefusedAsync(() => world.Exceptions.AnswerAsync(silent, Stop))).Field);
    }

    [Fact]
    public async Task Exceptions_are_listed_by_date_state_and_knowledge()
    {
        await using var world = await MissedAsync("2026-11-24 08:00:00", isHeard: false);
        await world.Exceptions.AnswerAsync(Declaration(), Stop);
        world.MoveTo("2026-11-24 09:00:00");
        var second = Declaration();
        (second.ExceptionId, second.FirstDate) = ("x2", "2026-11-25");
        await world.Exceptions.AnswerAsync(second, Stop);
        await world.Exceptions.AnswerAsync(Deciding(Decision.Approve), Stop);
        async Task<IEnumerable<string>> Ids(ListExceptionsRequest request) =>
            (await world.Exceptions.AnswerAsync(request, Stop)).Exceptions.Select(e => e.ExceptionId);
        Assert.Equal(["x2", "x1"], await Ids(new()));
        Assert.Equal(["x2"], await Ids(new() { FirstDate = "2026-11-24" }));
        Assert.Equal(["x1"], await Ids(new() { States = { ExceptionState.Approved } }));
        Assert.Equal(["x1"], await Ids(new() { AsOf = Town.At("2026-11-24 08:30:00").ToTimestamp() }));
        Assert.Empty(await Ids(new() { AsOf = Town.At("2026-11-24 08:30:00").ToTimestamp(), States = { ExceptionState.Approved } }));
    }
}
