using Microsoft.EntityFrameworkCore;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Faults;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Storage.Registry.Rows;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Registry;

/// <summary>Two servers' stores of one database.</summary>
public sealed class SharedRegistryTests(SharedPostgres postgres) : RegistryContract(postgres)
{
    private readonly SharedPostgres postgres = postgres;

    [Fact]
    public async Task What_one_records_the_other_knows_after_a_look_and_is_told_once()
    {
        using var one = await folder.OpenAsync();
        using var other = await folder.OpenAsync();
        var told = new List<RegistrySnapshot>();
        other.Changed += told.Add;
        await one.ImportAsync(AssetKind.Area, Fixtures.AreasCsv, folder.Now);
        await ActAsync(one.Repairs, "a");
        await one.Repairs.DeclareAsync(Work("m"), _ => false, Cancellation);
        await one.Repairs.DeclareAsync(Work("n"), _ => false, Cancellation);
        await other.RefreshAsync(Cancellation);
        await one.Repairs.CancelAsync("m", "Li", "no crew", Cancellation);
        await other.RefreshAsync(Cancellation);
        await other.RefreshAsync(Cancellation);

        Assert.Equal(one.Current.Areas.Select(a => a.Id), other.Current.Areas.Select(a => a.Id));
        Assert.Same(other.Current, Assert.Single(told));
        Assert.Equal(one.Repairs.ActionsOf("p1", Instant.Max), other.Repairs.ActionsOf("p1", Instant.Max));
        Assert.Equal([("m", "no crew"), ("n", null)], other.Repairs.MaintenanceAt(Instant.Max).Select(m => (m.Id, m.Cancelled?.Reason)));
        Assert.Equal(one.Repairs.LastRecorded, other.Repairs.LastRecorded);
    }

    [Fact]
    public async Task Who_records_something_sees_what_others_recorded_before_without_a_look()
    {
        using var one = await folder.OpenAsync();
        using var other = await folder.OpenAsync();
        var first = await ActAsync(one.Repairs, "a");
        await one.Repairs.DeclareAsync(Work("m"), _ => false, Cancellation);

        Assert.Equal(first, await ActAsync(other.Repairs, "a"));
        Assert.Equal("m", (await other.Repairs.DeclareAsync(Work("n"), _ => true, Cancellation))!.Id);
        Assert.Equal("Li", (await other.Repairs.CancelAsync("m", "Li", "no crew", Cancellation))!.Cancelled!.By);
        Assert.Equal("Li", (await one.Repairs.CancelAsync("m", "Zhao", "again", Cancellation))!.Cancelled!.By);
    }

    [Fact]
    public async Task A_clock_that_is_behind_records_after_what_another_recorded()
    {
        using var one = await folder.OpenAsync();
        await one.ImportAsync(AssetKind.Area, Fixtures.AreasCsv, folder.Now);
        var snow = await DecisionStore.Open(one, folder.Clock).DeclareAsync(Snow, Cancellation);
        var action = await ActAsync(one.Repairs, "a");
        var behind = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var other = RegistryStore.Open(folder.ConnectionString, "", behind);
        await other.RefreshAsync(Cancellation);
        await other.ImportAsync(AssetKind.Pile, "id,compound_id,ports\np,jiangwan,4", folder.Now);

        Assert.True(other.Assets(AssetKind.Pile)[0].RecordedAt > folder.Now);
        Assert.True((await ActAsync(other.Repairs, "b")).Recorded > action.Recorded);
        var decided = await DecisionStore.Open(other, behind).DecideAsync(
            "snow", new HumanDecision(DecisionKind.Approve, "Wang", false, "", default), Cancellation);
        Assert.Equal(snow.Declared, decided!.Decisions[0].Recorded);
    }

    [Fact]
    public async Task Of_two_who_may_not_both_do_something_one_is_refused()
    {
        using var one = await folder.OpenAsync();
        using var other = await folder.OpenAsync();
        using var both = new Barrier(2);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(async () =>
        {
            var log = (i % 2 == 0 ? one : other).Repairs;
            try
            {
                await log.AddAsync($"a{i}", at => First($"a{i}", at, log, both), Cancellation);
                return 1;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        })));

        Assert.Equal(1, outcomes.Sum());
        using var third = await folder.OpenAsync();
        Assert.Single(third.Repairs.ActionsOf("p1", Instant.Max));
    }

    [Fact]
    public async Task Actions_of_two_servers_at_once_are_all_kept_in_one_order()
    {
        using var one = await folder.OpenAsync();
        using var other = await folder.OpenAsync();
        using var looking = new CancellationTokenSource();
        var looks = Task.Run(async () =>
        {
            while (!looking.IsCancellationRequested)
            {
                await other.RefreshAsync(Cancellation);
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Task.Run(
            () => ActAsync((i % 2 == 0 ? one : other).Repairs, $"a{i % 40}"), Cancellation)));
        await looking.CancelAsync();
        await looks;
        await one.RefreshAsync(Cancellation);
        await other.RefreshAsync(Cancellation);

        var kept = other.Repairs.ActionsOf("p1", Instant.Max).ToList();
        Assert.Equal(40, kept.DistinctBy(a => a.Id).Count());
        Assert.Equal(40, kept.DistinctBy(a => a.Recorded).Count());
        Assert.Equal(kept.OrderBy(a => a.Recorded), kept);
        Assert.Equal(kept, one.Repairs.ActionsOf("p1", Instant.Max));
    }

    [Fact]
    public async Task A_change_waits_for_one_that_is_not_committed_yet_so_that_nobody_passes_over_it()
    {
        using var one = await folder.OpenAsync();
        using var other = await folder.OpenAsync();
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var slow = folder.Database.WriteAsync(
            async context =>
            {
                context.Add(new ChangeRow { RecordedAt = 1, Added = 0, Changed = 0 });
                await context.SaveChangesAsync(Cancellation);
                begun.SetResult();
                await goOn.Task;
                return true;
            },
            Cancellation);
        await begun.Task;
        var import = Task.Run(() => one.ImportAsync(AssetKind.Area, Fixtures.AreasCsv, folder.Now));
        await Task.WhenAny(import, WaitingForLockAsync());
        Assert.False(import.IsCompleted);
        await other.RefreshAsync(Cancellation);
        Assert.Empty(other.Current.Areas);

        goOn.SetResult();
        await slow;
        await import;
        await other.RefreshAsync(Cancellation);
        Assert.Equal(4, other.Current.Areas.Count);
    }

    [Fact]
    public void What_is_read_whole_is_of_one_moment()
    {
        var database = folder.Database;
        var counts = database.ReadWhole(context =>
        {
            var before = context.Changes.Count();
            using var other = database.NewContext();
            other.Add(new ChangeRow { RecordedAt = 1, Added = 0, Changed = 0 });
            other.SaveChanges();
            return (before, context.Changes.Count());
        });
        Assert.Equal((0, 0), counts);
    }

    [Fact]
    public async Task Servers_that_start_at_once_on_an_empty_database_make_its_tables_once()
    {
        folder.ConnectionString = await (await postgres.ServerAsync()).CreateDatabaseAsync();
        var stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(folder.OpenAsync)));
        Assert.All(stores, store => Assert.Equal("", store.Problem));
        await stores[0].ImportAsync(AssetKind.Area, Fixtures.AreasCsv, folder.Now);
    }

    [Fact]
    public async Task Who_watches_faults_is_told_what_another_server_recorded_before_the_last_look()
    {
        using var one = await folder.OpenAsync();
        using var other = await folder.OpenAsync();
        await one.ImportAsync(AssetKind.Area, Fixtures.AreasCsv, folder.Now);
        await one.ImportAsync(AssetKind.Pile, "id,compound_id,ports\np1,jiangwan,4", folder.Now);
        var action = await ActAsync(one.Repairs, "a");
        await other.RefreshAsync(Cancellation);
        var look = new FaultLook(null!, null!, null!, other, other.Repairs, null);

        var looked = action.Recorded + TimeSpan.FromSeconds(2);
        Assert.Equal([action.On.FaultId], look.ActedOn(looked, looked + TimeSpan.FromSeconds(1)));
        Assert.Empty(look.ActedOn(looked + TimeSpan.FromMinutes(1), looked + TimeSpan.FromMinutes(2)));
    }

    [Fact]
    public async Task Every_text_is_compared_by_code_point_and_every_moment_has_64_bits()
    {
        await using var context = folder.Database.NewContext();
        var wrong = await context.Database.SqlQuery<string>(
            $"""
            SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(collation_name, '-') AS "Value"
            FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name <> '__EFMigrationsHistory'
              AND NOT (data_type IN ('text', 'character varying') AND collation_name = 'C')
              AND data_type NOT IN ('bigint', 'double precision', 'boolean', 'date')
              AND column_name NOT IN ('added', 'changed', 'ports', 'households', 'sequence', 'weekdays', 'start_minute', 'end_minute',
                'port', 'code')
            """).ToListAsync(Cancellation);
        Assert.Empty(wrong);
    }

    private static FaultAction First(string id, Instant at, RepairLog log, Barrier both)
    {
        if (log.ActionsOf("p1", at).Any())
        {
            throw new InvalidOperationException("It is taken.");
        }
        both.SignalAndWait(TimeSpan.FromMilliseconds(200)); // Where two get this far, they go on together.
        return Action(id, at);
    }

    private static Task<FaultAction> ActAsync(RepairLog log, string id) =>
        log.AddAsync(id, at => Action(id, at), Cancellation)!;

    private static FaultAction Action(string id, Instant at) => new(
        id, new SeenFault("p1", 3, 210, new Instant(5), at, true), FaultStep.Acknowledge, at, "Li", null, "a note", null);

    private static Maintenance Work(string id) => new(
        id, Fixtures.Scope(compound: "garden"), new Instant(10), new Instant(20), "Li", "rewiring", default, null);

    private static DeclaredException Snow => new(
        "snow", ExceptionKind.Cancel, "SNOW_EMERGENCY", "", new ExceptionScope([], [], [], [], ["P"], [], [], false), [],
        new DateOnly(2026, 5, 11), new DateOnly(2026, 5, 11), TimeSpan.Zero, "Li", default);

    private async Task WaitingForLockAsync()
    {
        await using var context = folder.Database.NewContext();
        await TestServer.EventuallyAsync(
            async () => await context.Database
                .SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                .SingleAsync(Cancellation) > 0,
            "the import waits");
    }
}
