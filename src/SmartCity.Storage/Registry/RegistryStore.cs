using Microsoft.EntityFrameworkCore;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Rows;

namespace SmartCity.Storage.Registry;

/// <summary>Keeps what the city owns: every version ever recorded, in a database, and the present knowledge in memory.
/// Thread-safe. One instance per database.</summary>
public sealed class RegistryStore : IDisposable
{
    // An answer as of an earlier moment is often asked in pages.
    private const int PastSnapshotsMax = 8;

    private readonly DbContextOptions<RegistryContext> database;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim writing = new(1);
    private readonly Lock pastLock = new();
    private readonly Dictionary<long, RegistrySnapshot> past = [];
    private volatile Known known;

    private RegistryStore(DbContextOptions<RegistryContext> database, TimeProvider clock)
    {
        this.database = database;
        this.clock = clock;
        using var context = new RegistryContext(database);
        known = Load(context);
        Repairs = new RepairLog(database, clock);
    }

    /// <summary>What people did about faults, in the same database.</summary>
    public RepairLog Repairs { get; }

    /// <summary>Raised after each change, in order, with what is known then. Handlers only enqueue.</summary>
    public event Action<RegistrySnapshot>? Changed;

    /// <summary>For what else is kept in the same database.</summary>
    internal DbContextOptions<RegistryContext> Database => database;

    /// <summary>What is known now.</summary>
    public RegistrySnapshot Current => known.Snapshot;

    /// <summary>Why a connection string cannot be used, and what to give instead; null when it can.</summary>
    public static string? ProblemOf(string connectionString) => RegistryDatabase.ProblemOf(connectionString);

    /// <summary>Opens the database, and makes or updates its tables.</summary>
    /// <param name="connectionString">A SQLite connection string; empty for <paramref name="defaultFile"/>.</param>
    /// <exception cref="ArgumentException">The connection string cannot be used; the message says what to give.</exception>
    public static RegistryStore Open(string? connectionString, string defaultFile, TimeProvider clock)
    {
        var database = RegistryDatabase.Options(connectionString, defaultFile);
        RegistryDatabase.Migrate(database);
        return new RegistryStore(database, clock);
    }

    /// <summary>All versions of one kind that are known now, ordered by id, then by validity.</summary>
    public IReadOnlyList<RecordedAsset> Assets(AssetKind kind) => known.ByKind.GetValueOrDefault(kind, []);

    /// <summary>What was known at an earlier moment.</summary>
    public async ValueTask<RegistrySnapshot> AsKnownAtAsync(Instant knownAt, CancellationToken cancellation)
    {
        var now = known;
        if (knownAt.Milliseconds >= now.RecordedAt)
        {
            return now.Snapshot;
        }
        await using var context = new RegistryContext(database);
        // Between two changes nothing new was known, so all moments there share one snapshot.
        var change = await context.Changes.Where(c => c.RecordedAt <= knownAt.Milliseconds)
            .MaxAsync(c => (long?)c.RecordedAt, cancellation);
        return change is { } at ? Past(at, context) : RegistrySnapshot.Empty;
    }

    /// <summary>When what is known changed, in (from, until]; oldest first.</summary>
    /// <param name="most">No more than so many; the newest are left out.</param>
    public async ValueTask<IReadOnlyList<Instant>> ChangesAsync(
        Instant from, Instant until, int most, CancellationToken cancellation)
    {
        await using var context = new RegistryContext(database);
        var changes = await context.Changes.Select(c => c.RecordedAt)
            .Where(at => at > from.Milliseconds && at <= until.Milliseconds).OrderBy(at => at).Take(most).ToListAsync(cancellation);
        return changes.ConvertAll(at => new Instant(at));
    }

    /// <summary>Adds what a file has: all of it or, with a problem, nothing.</summary>
    /// <param name="tryOnly">Tells what would happen, and changes nothing.</param>
    public async ValueTask<ImportOutcome> ImportAsync(ParsedAssets file, bool tryOnly, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            await using var context = new RegistryContext(database);
            // Holds the database's write lock from here on, so what is read stays true.
            await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
            var import = new RegistryImport([.. context.Rows(rows => rows.Where(r => r.SupersededAt == null))], file);
            var outcome = import.Outcome;
            if (tryOnly || outcome.Added + outcome.Changed == 0)
            {
                return outcome;
            }
            var last = await context.Changes.MaxAsync(c => (long?)c.RecordedAt, cancellation);
            await WriteAsync(context, import, RegistryImport.RecordedAt(clock.GetUtcNow(), last), cancellation);
            await transaction.CommitAsync(cancellation);
            known = Load(context);
            Changed?.Invoke(known.Snapshot);
            return outcome;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        writing.Dispose();
        Repairs.Dispose();
        RegistryDatabase.Close(database);
    }

    private static async Task WriteAsync(
        RegistryContext context, RegistryImport import, Instant recordedAt, CancellationToken cancellation)
    {
        foreach (var row in import.Superseded)
        {
            row.SupersededAt = recordedAt.Milliseconds;
        }
        // First and alone: the new rows may begin when these do, and only one of them may be current.
        await context.SaveChangesAsync(cancellation);
        context.AddRange(import.Recorded.Select(asset => AssetRow.Of(asset, recordedAt)));
        context.Add(new ChangeRow
        {
            RecordedAt = recordedAt.Milliseconds,
            Added = import.Outcome.Added,
            Changed = import.Outcome.Changed,
        });
        await context.SaveChangesAsync(cancellation);
    }

    private static Known Load(RegistryContext context)
    {
        var rows = context.Rows(all => all.AsNoTracking().Where(r => r.SupersededAt == null));
        var assets = rows.Select(row => new RecordedAsset(row.ToAsset(), new Instant(row.RecordedAt)))
            .OrderBy(a => a.Asset.Id, StringComparer.Ordinal).ThenBy(a => a.Asset.Validity.From).ToList();
        var byKind = assets.GroupBy(a => AssetKinds.KindOf(a.Asset)).ToDictionary(kind => kind.Key, kind => kind.ToList());
        return new Known(
            AssetKinds.Snapshot([.. assets.Select(a => a.Asset)]), byKind,
            context.Changes.Max(c => (long?)c.RecordedAt) ?? long.MinValue);
    }

    private RegistrySnapshot Past(long change, RegistryContext context)
    {
        lock (pastLock)
        {
            if (past.TryGetValue(change, out var snapshot))
            {
                return snapshot;
            }
            var rows = context.Rows(all => all.AsNoTracking()
                .Where(r => r.RecordedAt <= change && (r.SupersededAt == null || r.SupersededAt > change)));
            snapshot = AssetKinds.Snapshot([.. rows.Select(row => row.ToAsset())
                .OrderBy(asset => asset.Id, StringComparer.Ordinal).ThenBy(asset => asset.Validity.From)]);
            if (past.Count == PastSnapshotsMax)
            {
                past.Clear();
            }
            past.Add(change, snapshot);
            return snapshot;
        }
    }

    private sealed record Known(
        RegistrySnapshot Snapshot, Dictionary<AssetKind, List<RecordedAsset>> ByKind, long RecordedAt);
}
