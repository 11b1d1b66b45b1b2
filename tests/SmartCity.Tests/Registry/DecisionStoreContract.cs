using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Tests.EndToEnd;
using static SmartCity.Tests.Registry.Fixtures;

namespace SmartCity.Tests.Registry;

/// <summary>People's decisions in a real database.</summary>
public abstract class DecisionStoreContract(SharedPostgres? postgres) : RegistryContract(postgres)
{
    private static readonly DateOnly Monday = new(2026, 11, 23);
    private RegistryStore registry = null!;
    private DecisionStore store = null!;

    private static CancellationToken Stop => Cancellation;

    private Instant Now => Instant.From(folder.Clock.GetUtcNow());

    private static DeclaredException Snow => new(
        "snow", ExceptionKind.Cancel, "SNOW_EMERGENCY", "20 cm", new ExceptionScope(["220204"], [], [], [], ["P"], [], ["R"], false),
        ["NOON"], Monday, Monday.AddDays(1), TimeSpan.Zero, "Li", default);

    private static Confirmation Seen => new(
        "c1", "P/2026-11-23/NOON", "P", new Instant(1_000), "Li", "T1", "Saw it", new GeoPoint(43.8, 126.5), default);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        registry = await folder.OpenAsync();
        store = DecisionStore.Open(registry, folder.Clock);
    }

    private HumanDecision By(string who, DecisionKind kind = DecisionKind.Approve) => new(kind, who, false, "because", Now);

    private async Task<DeclaredException> OnlyAsync(Instant? knownAt = null) =>
        Assert.Single(await store.ExceptionsAsync(Monday, Monday, knownAt ?? Now, Stop));

    [Fact]
    public async Task What_was_declared_and_decided_is_there_after_a_restart()
    {
        await store.DeclareAsync(Snow, Stop);
        await store.DecideAsync("snow", By("Wang"), Stop);
        await store.ConfirmAsync(Seen, true, Stop);
        var second = DecisionStore.Open(registry, folder.Clock);
        var known = Assert.Single(await second.ExceptionsAsync(Monday, Monday, Now, Stop));
        Assert.Equal(
            (Snow.Kind, Snow.Reason, Snow.Note, Snow.First, Snow.Last), (known.Kind, known.Reason, known.Note, known.First, known.Last));
        Assert.Equal(
            ["220204", "P", "R", "NOON"],
            [.. known.Scope.Districts, .. known.Scope.Points, .. known.Scope.Routes, .. known.WindowKeys]);
        Assert.Equal((ExceptionState.Approved, "Wang", Now), (known.State, known.Decisions[0].By, known.Declared));
        var said = await second.FindConfirmationAsync("c1", Stop);
        Assert.Equal((Seen with { Recorded = Now, Number = 1 }).ToString(), (said! with { Decisions = [] }).ToString());
    }

    [Fact]
    public async Task Declaring_the_same_once_more_records_nothing_and_something_else_under_its_id_is_refused()
    {
        var first = await store.DeclareAsync(Snow, Stop);
        folder.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(first.Declared, (await store.DeclareAsync(Snow, Stop)).Declared);
        await OnlyAsync();
        var refused = await Assert.ThrowsAsync<DecisionRefusedException>(
            () => store.DeclareAsync(Snow with { Last = Monday.AddDays(9) }, Stop));
        Assert.Equal("exception_id", refused.Field);
        Assert.Equal(Monday.AddDays(1), (await OnlyAsync()).Last);
    }

    [Fact]
    public async Task Each_moment_is_answered_as_it_was_known_then()
    {
        var before = Now;
        folder.Clock.Advance(TimeSpan.FromHours(1));
        var declared = (await store.DeclareAsync(Snow, Stop)).Declared;
        folder.Clock.Advance(TimeSpan.FromHours(1));
        var approved = Now;
        await store.DecideAsync("snow", By("Wang"), Stop);
        folder.Clock.Advance(TimeSpan.FromHours(1));
        await store.DecideAsync("snow", By("Li", DecisionKind.Withdraw), Stop);

        Assert.Empty(await store.ExceptionsAsync(Monday, Monday, before, Stop));
        Assert.Equal(ExceptionState.Declared, (await OnlyAsync(declared)).State);
        Assert.Equal(ExceptionState.Approved, (await OnlyAsync(approved)).State);
        Assert.Equal(ExceptionState.Withdrawn, (await OnlyAsync()).State);
        Assert.Empty(await store.ExceptionsAsync(Monday.AddDays(2), Monday.AddDays(9), Now, Stop));
    }

    [Theory]
    [InlineData("Li")]
    [InlineData("li")]
    public async Task Nobody_approves_or_rejects_what_they_declared(string who)
    {
        await store.DeclareAsync(Snow, Stop);
        foreach (var kind in new[] { DecisionKind.Approve, DecisionKind.Reject })
        {
            var refused = await Assert.ThrowsAsync<DecisionRefusedException>(() => store.DecideAsync("snow", By(who, kind), Stop));
            Assert.Equal("decided_by", refused.Field);
        }
        Assert.Equal(ExceptionState.Withdrawn, (await store.DecideAsync("snow", By(who, DecisionKind.Withdraw), Stop))!.State);
    }

    [Theory]
    [InlineData(DecisionKind.Reject, DecisionKind.Approve)]
    [InlineData(DecisionKind.Withdraw, DecisionKind.Approve)]
    [InlineData(DecisionKind.Approve, DecisionKind.Reject)]
    public async Task A_decision_is_not_turned_round_and_repeating_it_changes_nothing(DecisionKind first, DecisionKind second)
    {
        await store.DeclareAsync(Snow, Stop);
        await store.DecideAsync("snow", By("Wang", first), Stop);
        Assert.Single((await store.DecideAsync("snow", By("Wang", first), Stop))!.Decisions);
        var refused = await Assert.ThrowsAsync<DecisionRefusedException>(() => store.DecideAsync("snow", By("Zhao", second), Stop));
        Assert.Contains("Wang", refused.Message, StringComparison.Ordinal);
        Assert.Single((await OnlyAsync()).Decisions);
    }

    [Fact]
    public async Task Who_approved_does_not_become_a_supervisor_by_saying_so_later()
    {
        await store.DeclareAsync(Snow, Stop);
        await store.DecideAsync("snow", By("Wang"), Stop);
        await Assert.ThrowsAsync<DecisionRefusedException>(
            () => store.DecideAsync("snow", By("Wang") with { IsSupervisor = true }, Stop));
    }

    [Fact]
    public async Task An_unknown_id_is_told()
    {
        Assert.Null(await store.DecideAsync("rain", By("Wang"), Stop));
        Assert.Null(await store.FindExceptionAsync("a\0", Stop));
        Assert.Null(await store.FindConfirmationAsync("a\0", Stop));
    }

    [Fact]
    public async Task A_clock_that_is_set_back_puts_no_decision_before_what_it_decides_about()
    {
        var declared = (await store.DeclareAsync(Snow, Stop)).Declared;
        var behind = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var second = DecisionStore.Open(registry, behind);
        Assert.Equal(declared, (await second.DecideAsync("snow", By("Wang"), Stop))!.Decisions[0].Recorded);
    }

    [Fact]
    public async Task A_confirmation_retried_without_a_time_is_the_same_and_with_another_time_is_not()
    {
        await store.ConfirmAsync(Seen, false, Stop);
        var again = await store.ConfirmAsync(Seen with { Collected = new Instant(5_000) }, false, Stop);
        Assert.Equal(Seen.Collected, again.Collected);
        await Assert.ThrowsAsync<DecisionRefusedException>(
            () => store.ConfirmAsync(Seen with { Collected = new Instant(5_000) }, true, Stop));
    }

    [Fact]
    public async Task Confirmations_and_rulings_come_by_the_time_of_what_they_are_about_and_as_known_at_a_moment()
    {
        var said = await store.ConfirmAsync(Seen, true, Stop);
        var early = Now;
        folder.Clock.Advance(TimeSpan.FromHours(1));
        await store.RuleAsync(said, By("Wang"), Stop);
        await store.RuleAsync(said, By("Wang"), Stop);
        await store.RuleAsync(said, By("Zhao", DecisionKind.Reject), Stop);
        var evidence = new EvidenceId("T1", new Instant(2_000), new Instant(7), 3, 4);
        await store.RuleAsync(evidence, By("Wang"), Stop);

        var (from, until) = (new Instant(1_000), new Instant(1_001));
        Assert.Empty(Assert.Single(await store.ConfirmationsAsync(from, until, early, Stop)).Decisions);
        var decided = Assert.Single(await store.ConfirmationsAsync(from, until, Now, Stop));
        Assert.Equal(["Wang", "Zhao"], decided.Decisions.Select(d => d.By));
        Assert.Empty(await store.ConfirmationsAsync(until, new Instant(9_000), Now, Stop));
        Assert.Empty(await store.RulingsAsync(from, until, Now, Stop));
        var ruling = Assert.Single(await store.RulingsAsync(from, new Instant(2_001), Now, Stop));
        Assert.True(EvidenceId.TryParse(ruling.EvidenceId, out var id));
        Assert.Equal(evidence, id);
    }

    [Fact]
    public async Task There_are_no_more_confirmations_of_one_obligation_than_anybody_reads()
    {
        for (var i = 0; i < DecisionStore.ConfirmationsMax; i++)
        {
            await store.ConfirmAsync(Seen with { Id = $"c{i}" }, true, Stop);
        }
        await Assert.ThrowsAsync<DecisionRefusedException>(() => store.ConfirmAsync(Seen with { Id = "more" }, true, Stop));
    }
}

/// <summary>In a file.</summary>
public sealed class DecisionStoreOnSqliteTests() : DecisionStoreContract(null);

/// <summary>In a database of a real server.</summary>
public sealed class DecisionStoreOnPostgresTests(SharedPostgres postgres) : DecisionStoreContract(postgres);
