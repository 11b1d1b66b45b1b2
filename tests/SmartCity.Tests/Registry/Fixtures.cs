using Microsoft.Extensions.Time.Testing;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Databases;
using SmartCity.Storage.Registry.Files;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Registry;

/// <summary>A folder of its own with a registry in it, gone after the test.</summary>
internal sealed class RegistryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("smartcity-registry-");
    private readonly List<RegistryStore> opened = [];

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 5, 10, 4, 30, 0, TimeSpan.Zero));

    public string File => Path.Combine(folder.FullName, "sub", "registry.db");

    /// <summary>Where the registry is; empty: in the file.</summary>
    public string ConnectionString { get; set; } = "";

    public Instant Now => Instant.From(Clock.GetUtcNow());

    public RegistryDatabase Database => RegistryDatabase.Of(ConnectionString, File);

    /// <summary>A registry in the file.</summary>
    public RegistryStore Open()
    {
        var store = RegistryStore.Open("", File, Clock);
        opened.Add(store);
        return store;
    }

    /// <summary>A registry where the connection string says.</summary>
    public async Task<RegistryStore> OpenAsync()
    {
        var store = RegistryStore.Open(ConnectionString, File, Clock);
        opened.Add(store);
        await store.RefreshAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public void Dispose()
    {
        opened.ForEach(store => store.Dispose());
        folder.Delete(recursive: true);
    }
}

/// <summary>What holds of the registry in whichever database it is.</summary>
/// <param name="postgres">Null: in a file.</param>
public abstract class RegistryContract(SharedPostgres? postgres) : IAsyncLifetime
{
    private protected readonly RegistryFolder folder = new();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() =>
        folder.ConnectionString = postgres is null ? "" : await postgres.RegistryAsync();

    public virtual ValueTask DisposeAsync()
    {
        folder.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}

/// <summary>What tests say shortly.</summary>
internal static class Fixtures
{
    public const string AreasCsv = """
        id,kind,name,parent_id,grid_id
        220204,district,船营区,,
        dongju,subdistrict,东局子街道,220204,
        grid-7,grid,第七网格,dongju,
        jiangwan,compound,江湾小区,dongju,grid-7
        """;

    public static readonly Validity Always = new(At("2026-01-01"), null);

    /// <summary>The local midnight of a date in Shanghai.</summary>
    public static Instant At(string date) => LocalDays.Read(date, LocalDays.City)!.Value;

    public static async Task<ImportOutcome> ImportAsync(this RegistryStore store, AssetKind kind, string csv, Instant now) =>
        await store.ImportAsync(AssetFile.ReadCsv(kind, csv, now), tryOnly: false, TestContext.Current.CancellationToken);

    public static Area District(string id) => new(id, Always, AreaKind.District, "区 " + id, null, null);

    public static Area Subdistrict(string id, string district) =>
        new(id, Always, AreaKind.Subdistrict, "街道 " + id, district, null);

    public static Area Compound(string id, string? subdistrict, string? grid = null) =>
        new(id, Always, AreaKind.Compound, "小区 " + id, subdistrict, grid);

    public static Pile Pile(string id, string compound) => new(
        id, Always, id, compound, PileKind.EbikeAc, 10, null, TimeSpan.FromSeconds(180), null, null, null);

    public static CollectionPoint Point(string id, string compound) => new(
        id, Always, id, compound, new GeoPoint(43.84, 126.55), 40, TimeSpan.FromSeconds(30), 100);

    public static Truck Truck(string id, string? district, string? route) =>
        new(id, Always, id, district, route, true, TimeSpan.FromSeconds(30));

    public static RegistrySnapshot Snapshot(params IAsset[] assets) => AssetKinds.Snapshot(assets);

    public static AssetScope Scope(
        string? district = null, string? subdistrict = null, string? compound = null, string? grid = null, string? pile = null,
        string? truck = null, string? point = null)
    {
        return new AssetScope(
            Set(district), Set(subdistrict), Set(compound), Set(grid), Set(pile), Set(truck), Set(point));

        static HashSet<string> Set(string? id) => id is null ? [] : [id];
    }
}
