using Microsoft.EntityFrameworkCore;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Moving;
using SmartCity.Storage.Registry.Databases;
using SmartCity.Storage.Registry.Rows;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Registry;

/// <summary>Keeps what the city owns: every version ever recorded, in a database, and the present knowledge in memory.
/// Thread-safe. Where the database is shared, other servers may have stores of it: <see cref="RefreshAsync"/> learns what they
/// recorded. Until that database was reached for the first time, everything throws <see cref="StoreUnavailableException"/>.</summary>
public sealed class RegistryStore : IDisposable
{
    // An answer as of an earlier moment is often asked in pages.
    private const int PastSnapshotsMax = 8;

    // A database that takes longer to say that nothing is new is away.
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(5);
    private static readonly string NoAnswer =
        $"The registry's database has not answered for {LookMax.TotalSeconds} s. See to it and to the network.";

    private readonly RegistryDatabase database;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim writing = new(1);
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock pastLock = new();
    private readonly Dictionary<long, RegistrySnapshot> past = [];
    private volatile Known? known;
    private Task? look;
    private volatile string problem;

    private RegistryStore(RegistryDatabase database, TimeProvider clock)
    {
        (this.database, this.clock) = (database, clock);
        problem = database.IsShared ? "The registry's database was not asked yet." : "";
        Repairs = new RepairLog(database, clock);
    }

    /// <summary>What people did about faults, in the same database.</summary>
    public RepairLog Repairs { get; }

    /// <summary>Raised after each change, in order, with what is known then. Handlers only enqueue.</summary>
    public event Action<RegistrySnapshot>? Changed;

    /// <summary>Whether other servers may change the same database: then it has to be refreshed, and may be away.</summary>
    public bool IsShared => database.IsShared;

    /// <summary>Completes when the database was read for the first time.</summary>
    public Task Opened => opened.Task;

    /// <summary>What is wrong with the database and what to do, as of the last look; empty when nothing is.</summary>
    public string Problem => problem;

    /// <summary>For what else is kept in the same database.</summary>
    internal RegistryDatabase Database => database;

    /// <summary>What is known now.</summary>
    public RegistrySnapshot Current => Present.Snapshot;

    private Known Present => known ?? throw NotReached();

    /// <summary>Why a connection string cannot be used, and what to give instead; null when it can.</summary>
    public static string? ProblemOf(string connectionString) => RegistryDatabase.ProblemOf(connectionString);

    /// <summary>Opens a file, and makes or updates its tables. A shared database may be away, so it is first asked by
    /// <see cref="RefreshAsync"/>, which does the same there.</summary>
    /// <param name="connectionString">One of SQLite or PostgreSQL; empty for <paramref name="defaultFile"/>.</param>
    /// <exception cref="ArgumentException">The connection string cannot be used; the message says what to give.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be used; the message says what to do.</exception>
    public static RegistryStore Open(string? connectionString, string defaultFile, TimeProvider clock)
    {
        var store = new RegistryStore(RegistryDatabase.Of(connectionString, defaultFile), clock);
        if (!store.IsShared)
        {
            store.Load();
        }
        return store;
    }

    /// <summary>Copies the file as of one moment; false for a shared database, which has its own tools for that.</summary>
    /// <exception cref="StoreUnavailableException">The disk refuses; the message says what to do.</exception>
    public async Task<bool> CopyAsync(string to)
    {
        if (IsShared)
        {
            return false;
        }
        await database.ReadAsync(async context =>
        {
            await context.Database.OpenConnectionAsync();
            await SqliteCopy.RunAsync(context.Database.GetDbConnection(), to);
            return true;
        });
        return true;
    }

    /// <summary>Learns what other servers recorded in a shared database; the first time makes or updates its tables. A file has
    /// nothing to learn. To be called by one at a time.</summary>
    /// <exception cref="StoreUnavailableException">It is away; the message says what to do. What was known stays.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        if (!IsShared)
        {
            return;
        }
        // Where the database hangs, to call a look off may hang as well: then it goes on, and the next caller waits for it.
        look = look is { IsCompleted: false } ? look : LookInTimeAsync(cancellation);
        try
        {
            await look.WaitAsync(LookMax, clock, cancellation);
            problem = "";
        }
        catch (StoreUnavailableException e)
        {
            problem = e.Message;
            throw;
        }
        catch (TimeoutException e)
        {
            problem = NoAnswer;
            throw new StoreUnavailableException(problem, e);
        }
    }

    /// <summary>All versions of one kind that are known now, ordered by id, then by validity.</summary>
    public IReadOnlyList<RecordedAsset> Assets(AssetKind kind) => Present.ByKind.GetValueOrDefault(kind, []);

    /// <summary>What was known at an earlier moment.</summary>
    public async ValueTask<RegistrySnapshot> AsKnownAtAsync(Instant knownAt, CancellationToken cancellation)
    {
        var now = Present;
        if (knownAt.Milliseconds >= now.RecordedAt)
        {
            return now.Snapshot;
        }
        return await database.ReadAsync(async context =>
        {
            // Between two changes nothing new was known, so all moments there share one snapshot.
            var change = await context.Changes.Where(c => c.RecordedAt <= knownAt.Milliseconds)
                .MaxAsync(c => (long?)c.RecordedAt, cancellation);
            return change is { } at ? Past(at, context) : RegistrySnapshot.Empty;
        });
    }

    /// <summary>When what is known changed, in (from, until]; oldest first.</summary>
    /// <param name="most">No more than so many; the newest are left out.</param>
    public async ValueTask<IReadOnlyList<Instant>> ChangesAsync(
        Instant from, Instant until, int most, CancellationToken cancellation)
    {
        var changes = await database.ReadAsync(context => context.Changes.Select(c => c.RecordedAt)
            .Where(at => at > from.Milliseconds && at <= until.Milliseconds).OrderBy(at => at).Take(most).ToListAsync(cancellation));
        return changes.ConvertAll(at => new Instant(at));
    }

    /// <summary>Adds what a file has: all of it or, with a problem, nothing.</summary>
    /// <param name="tryOnly">Tells what would happen, and changes nothing.</param>
    public async ValueTask<ImportOutcome> ImportAsync(ParsedAssets file, bool tryOnly, CancellationToken cancellation)
    {
        if (known is null)
        {
            throw NotReached();
        }
        await writing.WaitAsync(cancellation);
        try
        {
            var (outcome, changed) = await database.WriteAsync(
                async context =>
                {
                    var import = new RegistryImport([.. context.Rows(rows => rows.Where(r => r.SupersededAt == null))], file);
                    if (tryOnly || import.Outcome.Added + import.Outcome.Changed == 0)
                    {
                        return (import.Outcome, null);
                    }
                    var last = await context.Changes.MaxAsync(c => (long?)c.RecordedAt, cancellation);
                    await WriteAsync(context, import, RegistryImport.RecordedAt(clock.GetUtcNow(), last), cancellation);
                    return (import.Outcome, (Known?)Known.Of(context));
                },
                cancellation);
            Take(changed);
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
        database.Close();
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

    private StoreUnavailableException NotReached() => new(problem);

    private void Load()
    {
        database.Migrate();
        Take(database.ReadWhole(context =>
        {
            Repairs.Load(context);
            return Known.Of(context);
        }));
        opened.TrySetResult();
    }

    private async Task LookInTimeAsync(CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(LookMax, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await LookAsync(either.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new StoreUnavailableException(NoAnswer, e);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        if (known is null)
        {
            await database.ProbeAsync(cancellation);
            Load();
            return;
        }
        var newest = await database.ReadAsync(context => context.Changes.MaxAsync(c => (long?)c.RecordedAt, cancellation));
        await writing.WaitAsync(cancellation);
        try
        {
            // An import of our own may have come in between.
            if (newest > Present.RecordedAt)
            {
                Take(database.ReadWhole(Known.Of));
            }
        }
        finally
        {
            writing.Release();
        }
        await Repairs.RefreshAsync(cancellation);
    }

    private void Take(Known? next)
    {
        if (next is not null)
        {
            known = next;
            Changed?.Invoke(next.Snapshot);
        }
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

    private sealed record Known(RegistrySnapshot Snapshot, Dictionary<AssetKind, List<RecordedAsset>> ByKind, long RecordedAt)
    {
        public static Known Of(RegistryContext context)
        {
            var rows = context.Rows(all => all.AsNoTracking().Where(r => r.SupersededAt == null));
            var assets = rows.Select(row => new RecordedAsset(row.ToAsset(), new Instant(row.RecordedAt)))
                .OrderBy(a => a.Asset.Id, StringComparer.Ordinal).ThenBy(a => a.Asset.Validity.From).ToList();
            var byKind = assets.GroupBy(a => AssetKinds.KindOf(a.Asset)).ToDictionary(kind => kind.Key, kind => kind.ToList());
            return new Known(
                AssetKinds.Snapshot([.. assets.Select(a => a.Asset)]), byKind,
                context.Changes.Max(c => (long?)c.RecordedAt) ?? long.MinValue);
        }
    }
}
