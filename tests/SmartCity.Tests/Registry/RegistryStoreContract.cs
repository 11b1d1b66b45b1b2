using Microsoft.EntityFrameworkCore;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Files;
using SmartCity.Storage.Registry.Rows;
using SmartCity.Tests.EndToEnd;
using static SmartCity.Tests.Registry.Fixtures;

namespace SmartCity.Tests.Registry;

public abstract class RegistryStoreContract(SharedPostgres? postgres) : RegistryContract(postgres)
{
    [Fact]
    public async Task An_empty_registry_opens_and_knows_nothing()
    {
        using var store = await folder.OpenAsync();
        Assert.Empty(store.Current.Piles);
        Assert.Empty(store.Assets(AssetKind.Pile));
    }

    [Fact]
    public void The_migrations_make_the_tables_that_the_code_expects()
    {
        using var context = folder.Database.NewContext();
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public async Task What_was_imported_is_there_after_a_restart()
    {
        using (var first = await folder.OpenAsync())
        {
            await first.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
            var outcome = await first.ImportAsync(
                AssetKind.Pile, "id,compound_id,ports,lat,lon\np1,jiangwan,10,43.1,126.123456789012\np2,jiangwan,2,,", folder.Now);
            Assert.Equal((2, 0, 0), (outcome.Added, outcome.Changed, outcome.Unchanged));
        }
        using var second = await folder.OpenAsync();
        Assert.Equal(["220204", "dongju", "grid-7", "jiangwan"], second.Current.Areas.Select(a => a.Id));
        Assert.Equal(new GeoPoint(43.1, 126.123456789012), second.Current.PileVersions("p1")[0].Location);
        Assert.Null(second.Current.PileVersions("p2")[0].Location);
    }

    [Fact]
    public async Task Importing_the_same_again_changes_nothing()
    {
        using var store = await folder.OpenAsync();
        await store.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        var before = store.Current;
        folder.Clock.Advance(TimeSpan.FromDays(3));
        var outcome = await store.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        Assert.Equal((0, 0, 4), (outcome.Added, outcome.Changed, outcome.Unchanged));
        Assert.Same(before, store.Current);
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_happen_and_changes_nothing()
    {
        using var store = await folder.OpenAsync();
        var raised = 0;
        store.Changed += _ => raised++;
        var outcome = await store.ImportAsync(AssetFile.ReadCsv(AssetKind.Area, AreasCsv, folder.Now), tryOnly: true, Cancellation);
        Assert.Equal(4, outcome.Added);
        Assert.Empty(store.Current.Areas);
        Assert.Equal(0, raised);
    }

    [Fact]
    public async Task A_change_is_told_with_the_new_registry_once_it_is_kept()
    {
        using var store = await folder.OpenAsync();
        var told = new List<RegistrySnapshot>();
        store.Changed += told.Add;
        await store.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        await store.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        await store.ImportAsync(AssetKind.Pile, "id,compound_id,ports\np,none,1", folder.Now);
        Assert.Same(store.Current, Assert.Single(told));
    }

    [Fact]
    public async Task A_change_ends_the_version_before_and_the_past_can_be_asked_as_it_was_known()
    {
        using var store = await folder.OpenAsync();
        await store.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        var beforeAll = folder.Now - TimeSpan.FromMilliseconds(1);
        var first = await ImportPileAsync(store, ports: 4);
        folder.Clock.Advance(TimeSpan.FromDays(2));
        var second = await ImportPileAsync(store, ports: 8);
        folder.Clock.Advance(TimeSpan.FromHours(1));
        var third = await ImportPileAsync(store, ports: 10);

        Assert.Equal(
            [(4, At("2026-05-10"), At("2026-05-12")), (10, At("2026-05-12"), (Instant?)null)], Versions(store.Current));
        Assert.Empty(await PastAsync(store, beforeAll));
        Assert.Equal([(4, At("2026-05-10"), (Instant?)null)], await PastAsync(store, first));
        Assert.Equal([(4, At("2026-05-10"), (Instant?)null)], await PastAsync(store, second - TimeSpan.FromMilliseconds(1)));
        Assert.Equal([(4, At("2026-05-10"), At("2026-05-12")), (8, At("2026-05-12"), (Instant?)null)], await PastAsync(store, second));
        Assert.Same(store.Current, await store.AsKnownAtAsync(third, Cancellation));
        Assert.Equal([second, third], store.Assets(AssetKind.Pile).Select(a => a.RecordedAt));
    }

    [Fact]
    public async Task Rows_are_never_overwritten_but_marked_as_superseded()
    {
        using var store = await folder.OpenAsync();
        await store.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        await ImportPileAsync(store, ports: 4);
        folder.Clock.Advance(TimeSpan.FromHours(1));
        var corrected = await ImportPileAsync(store, ports: 8);
        using var context = folder.Database.NewContext();
        var rows = context.Set<PileRow>().OrderBy(p => p.RowId).ToList();
        Assert.Equal([(4, corrected.Milliseconds), (8, null)], rows.Select(p => (p.Ports, p.SupersededAt)));
    }

    [Fact]
    public async Task Two_changes_in_one_millisecond_are_still_two_moments_of_knowledge()
    {
        using var store = await folder.OpenAsync();
        await store.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        await store.ImportAsync(AssetKind.Pile, "id,compound_id,ports\np,jiangwan,4", folder.Now);
        Assert.Empty((await store.AsKnownAtAsync(folder.Now, Cancellation)).Piles);
        Assert.Single((await store.AsKnownAtAsync(folder.Now + TimeSpan.FromMilliseconds(1), Cancellation)).Piles);
    }

    [Fact]
    public async Task A_valid_until_retires()
    {
        using var store = await folder.OpenAsync();
        await store.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        await ImportPileAsync(store, ports: 4);
        folder.Clock.Advance(TimeSpan.FromDays(1));
        await store.ImportAsync(AssetKind.Pile, "id,compound_id,ports,valid_until\np,jiangwan,4,2026-06-01", folder.Now);
        Assert.Equal([(4, At("2026-05-10"), At("2026-06-01"))], Versions(store.Current));
        Assert.True(store.Current.Knows(DeviceKind.Pile, "p"));
    }

    [Fact]
    public async Task Of_imports_at_once_none_is_lost_also_over_two_stores_of_one_file()
    {
        using var one = await folder.OpenAsync();
        using var other = await folder.OpenAsync();
        await one.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => (i % 2 == 0 ? one : other).ImportAsync(
                AssetKind.Pile, $"id,compound_id,ports\np{i},jiangwan,4\nsame,jiangwan,2", folder.Now),
            Cancellation)));
        Assert.All(outcomes, outcome => Assert.Empty(outcome.Problems));
        Assert.Equal(21, outcomes.Sum(o => o.Added));
        using var reopened = await folder.OpenAsync();
        Assert.Equal(21, reopened.Current.Piles.Count);
    }

    [Fact]
    public async Task An_export_imports_as_unchanged()
    {
        using var store = await folder.OpenAsync();
        await store.ImportAsync(AssetKind.Area, AreasCsv, folder.Now);
        await ImportPileAsync(store, ports: 4);
        folder.Clock.Advance(TimeSpan.FromDays(2));
        await ImportPileAsync(store, ports: 8);
        folder.Clock.Advance(TimeSpan.FromDays(2));
        var all = Enum.GetValues<AssetKind>().SelectMany(store.Assets).Select(a => a.Asset).ToList();
        var present = all.Where(a => a.Validity.Contains(folder.Now)).ToList();
        Assert.Equal((6, 5), (all.Count, present.Count));
        foreach (var export in new[] { all, present })
        {
            var outcome = await store.ImportAsync(
                AssetFile.ReadJson(AssetFile.WriteJson(export), folder.Now), tryOnly: false, Cancellation);
            Assert.Equal((0, 0, 5), (outcome.Added, outcome.Changed, outcome.Unchanged));
        }
    }

    private static IEnumerable<(int, Instant, Instant?)> Versions(RegistrySnapshot registry) =>
        registry.Piles.Select(p => (p.Ports, p.Validity.From, p.Validity.Until));

    private static async Task<IEnumerable<(int, Instant, Instant?)>> PastAsync(RegistryStore store, Instant knownAt) =>
        Versions(await store.AsKnownAtAsync(knownAt, Cancellation));

    /// <summary>When the import was recorded.</summary>
    private async Task<Instant> ImportPileAsync(RegistryStore store, int ports)
    {
        folder.Clock.Advance(TimeSpan.FromMinutes(1));
        var outcome = await store.ImportAsync(AssetKind.Pile, $"id,compound_id,ports\np,jiangwan,{ports}", folder.Now);
        Assert.Empty(outcome.Problems);
        return folder.Now;
    }
}

/// <summary>In a database of a real server.</summary>
public sealed class RegistryStoreOnPostgresTests(SharedPostgres postgres) : RegistryStoreContract(postgres);
