using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Registry;

public abstract class RepairLogContract(SharedPostgres? postgres) : RegistryContract(postgres)
{
    [Fact]
    public async Task What_was_recorded_is_there_after_a_restart_and_in_its_order()
    {
        List<FaultAction> told = [];
        List<Maintenance> declared = [];
        using (var first = await folder.OpenAsync())
        {
            told.Add(await ActAsync(first, "a", FaultStep.Acknowledge));
            told.Add(await ActAsync(first, "b", FaultStep.Assign, "Wang"));
            declared.Add((await first.Repairs.DeclareAsync(Work("m"), _ => false, Cancellation))!);
            declared[0] = (await first.Repairs.CancelAsync("m", "Li", "no crew", Cancellation))!;
        }
        using var second = await folder.OpenAsync();

        Assert.Equal(told, second.Repairs.ActionsOf("p1", Instant.Max));
        Assert.Empty(second.Repairs.ActionsOf("p2", Instant.Max));
        var kept = Assert.Single(second.Repairs.MaintenanceAt(Instant.Max));
        Assert.Equal(declared[0] with { Scope = kept.Scope }, kept);
        Assert.Equal(["garden", "p1", "p2"], kept.Scope.Compounds.Concat(kept.Scope.Piles).Order());
        // The clock has not moved since.
        Assert.True((await ActAsync(second, "c", FaultStep.Resolve)).Recorded > kept.Cancelled!.Recorded);
    }

    [Fact]
    public async Task The_same_id_is_the_same_action_and_the_same_declaration()
    {
        using var store = await folder.OpenAsync();
        var first = await ActAsync(store, "a", FaultStep.Acknowledge);
        var work = await store.Repairs.DeclareAsync(Work("m"), _ => false, Cancellation);
        folder.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(first, await ActAsync(store, "a", FaultStep.Close));
        Assert.Equal(work, await store.Repairs.DeclareAsync(Work("m") with { Reason = "other" }, _ => false, Cancellation));
        Assert.Single(store.Repairs.ActionsOf("p1", Instant.Max));
        Assert.Equal(first, store.Repairs.FindAction("a"));
    }

    [Fact]
    public async Task Moments_of_recording_tell_the_order_even_when_the_clock_stands_still_and_as_of_answers_stay()
    {
        using var store = await folder.OpenAsync();
        var first = await ActAsync(store, "b", FaultStep.Acknowledge);
        var second = await ActAsync(store, "a", FaultStep.Assign, "Wang");

        Assert.True(first.Recorded < second.Recorded);
        Assert.Equal([first], store.Repairs.ActionsOf("p1", first.Recorded));
        Assert.Empty(store.Repairs.ActionsOf("p1", new Instant(first.Recorded.Milliseconds - 1)));
    }

    [Fact]
    public async Task Before_it_was_cancelled_a_declaration_counted()
    {
        using var store = await folder.OpenAsync();
        var declared = (await store.Repairs.DeclareAsync(Work("m"), _ => false, Cancellation))!;
        folder.Clock.Advance(TimeSpan.FromHours(1));
        var cancelled = (await store.Repairs.CancelAsync("m", "Li", "no crew", Cancellation))!;

        Assert.Empty(store.Repairs.MaintenanceAt(new Instant(declared.Recorded.Milliseconds - 1)));
        Assert.Null(Assert.Single(store.Repairs.MaintenanceAt(new Instant(cancelled.Cancelled!.Recorded.Milliseconds - 1))).Cancelled);
        Assert.Equal("no crew", Assert.Single(store.Repairs.MaintenanceAt(folder.Now)).Cancelled?.Reason);
        // Once is enough.
        Assert.Equal(cancelled, await store.Repairs.CancelAsync("m", "Zhao", "again", Cancellation));
        Assert.Null(await store.Repairs.CancelAsync("other", "Li", "no crew", Cancellation));
    }

    [Fact]
    public async Task Many_who_write_at_once_lose_nothing()
    {
        using var store = await folder.OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() => ActAsync(store, $"a{i % 20}", FaultStep.Acknowledge))));

        var kept = store.Repairs.ActionsOf("p1", Instant.Max).ToList();
        Assert.Equal(20, kept.Count);
        Assert.Equal(kept.OrderBy(a => a.Recorded), kept);
        Assert.Equal(20, kept.DistinctBy(a => a.Recorded).Count());
    }

    [Fact]
    public async Task A_registry_of_an_earlier_version_gets_the_tables()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.File)!);
        await using (var context = folder.Database.NewContext())
        {
            await context.GetService<IMigrator>().MigrateAsync("Registry", Cancellation);
        }
        using var store = await folder.OpenAsync();

        Assert.Equal("a", (await ActAsync(store, "a", FaultStep.Acknowledge)).Id);
    }

    [Fact]
    public async Task No_more_actions_are_kept_than_fit_in_memory_but_those_that_are_stay()
    {
        await folder.OpenAsync();
        var database = folder.Database;
        using var log = new RepairLog(database, folder.Clock, actionsMax: 1);
        log.Load(database.NewContext());
        var first = await log.AddAsync("a", at => Action("a", FaultStep.Acknowledge, at), Cancellation);

        Assert.Null(await log.AddAsync("b", at => Action("b", FaultStep.Close, at), Cancellation));
        Assert.Equal(first, await log.AddAsync("a", at => Action("a", FaultStep.Close, at), Cancellation));
        Assert.Equal([first], log.ActionsOf("p1", Instant.Max));
    }

    private static async Task<FaultAction> ActAsync(RegistryStore store, string id, FaultStep step, string? assignee = null) =>
        (await store.Repairs.AddAsync(id, at => Action(id, step, at) with { Assignee = assignee }, Cancellation))!;

    private static FaultAction Action(string id, FaultStep step, Instant at) => new(
        id, new SeenFault("p1", 3, 210, new Instant(5), at, true), step, at, "Li", null, "a note", null);

    private static Maintenance Work(string id) => new(
        id, Fixtures.Scope(compound: "garden") with { Piles = new HashSet<string> { "p2", "p1" } }, new Instant(10), new Instant(20), "Li",
        "rewiring", default, null);
}

/// <summary>In a file.</summary>
public sealed class RepairLogOnSqliteTests() : RepairLogContract(null);

/// <summary>In a database of a real server.</summary>
public sealed class RepairLogOnPostgresTests(SharedPostgres postgres) : RepairLogContract(postgres);
