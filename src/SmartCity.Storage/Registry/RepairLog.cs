using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Databases;
using SmartCity.Storage.Registry.Rows;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Registry;

/// <summary>Keeps what people did about faults and which maintenance they declared: only ever added to, in the registry's database,
/// and all of it in memory, about 1 kB for an action. Thread-safe. What other servers added to a shared database is known after a
/// refresh, and at the latest when something is added here.</summary>
public sealed class RepairLog : IDisposable
{
    /// <summary>The most declarations that are kept: each is matched with the piles of every statistic.</summary>
    public const int MaintenanceMax = 20_000;

    /// <summary>The most actions that are kept: each stays in memory.</summary>
    public const int ActionsMax = 500_000;

    private readonly RegistryDatabase database;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim writing = new(1);
    private readonly int actionsMax;
    private volatile Known? known;

    internal RepairLog(RegistryDatabase database, TimeProvider clock, int actionsMax = ActionsMax) =>
        (this.database, this.clock, this.actionsMax) = (database, clock, actionsMax);

    /// <summary>When anything was recorded last; before every moment when nothing was. Ahead of the clock where that went
    /// back.</summary>
    public Instant LastRecorded => Present.Last;

    private Known Present => known ?? throw new StoreUnavailableException("The registry's database was not reached yet. Try again later.");

    /// <summary>The action with an id; null when there is none.</summary>
    public FaultAction? FindAction(string id) => Present.ActionsById.GetValueOrDefault(id);

    /// <summary>What was done about the faults of a pile, as known at a moment; in the order in which it was recorded.</summary>
    public IEnumerable<FaultAction> ActionsOf(string pile, Instant knownAt) =>
        Present.Actions.TryGetValue(pile, out var actions) ? actions.Where(a => a.Recorded <= knownAt) : [];

    /// <summary>What was recorded after a moment, the newest first.</summary>
    public IEnumerable<FaultAction> ActionsAfter(Instant moment)
    {
        var all = Present.InOrder;
        for (var i = all.Count - 1; i >= 0 && all[i].Recorded > moment; i--)
        {
            yield return all[i];
        }
    }

    /// <summary>All declared maintenance as known at a moment, also what was cancelled, in the order in which it was
    /// recorded.</summary>
    public IEnumerable<Maintenance> MaintenanceAt(Instant knownAt) =>
        Present.Maintenance.Where(work => work.Recorded <= knownAt)
            .Select(work => work.Cancelled is { } cancelled && cancelled.Recorded > knownAt ? work with { Cancelled = null } : work);

    /// <summary>Adds an action. An id that is known adds nothing.</summary>
    /// <param name="action">Makes it for the moment at which it is recorded, once everything before that is known and while nobody
    /// else adds anything; it may refuse by an exception.</param>
    /// <returns>The action that has the id; null when there is no room for another.</returns>
    public async Task<FaultAction?> AddAsync(string id, Func<Instant, FaultAction> action, CancellationToken cancellation)
    {
        await WriteAsync(
            (context, next) =>
            {
                if (FindAction(id) is null && Present.InOrder.Count < actionsMax)
                {
                    context.Add(FaultActionRow.Of(action(next)));
                }
            },
            cancellation);
        return FindAction(id);
    }

    /// <summary>Adds a declaration. An id that is known adds nothing, nor does one that stands already.</summary>
    /// <param name="work">When it is recorded is filled in.</param>
    /// <param name="isSame">Whether another one, unless it was cancelled, makes this one needless.</param>
    /// <returns>The declaration that has the id, or the other one; null when there is no room for another.</returns>
    public async Task<Maintenance?> DeclareAsync(Maintenance work, Predicate<Maintenance> isSame, CancellationToken cancellation)
    {
        Maintenance? before = null;
        await WriteAsync(
            (context, next) =>
            {
                before = Find(work.Id) ?? Present.Maintenance.Find(other => other.Cancelled is null && isSame(other));
                if (before is null && Present.Maintenance.Count < MaintenanceMax)
                {
                    context.Add(MaintenanceRow.Of(work with { Recorded = next }));
                }
            },
            cancellation);
        return before ?? Find(work.Id);
    }

    /// <summary>Cancels a declaration. One that is cancelled already stays as it is.</summary>
    /// <returns>The declaration; null when there is none with the id.</returns>
    public async Task<Maintenance?> CancelAsync(string id, string by, string reason, CancellationToken cancellation)
    {
        await WriteAsync(
            (context, next) =>
            {
                if (Find(id) is { Cancelled: null })
                {
                    context.Add(new MaintenanceCancellationRow
                    {
                        MaintenanceId = id,
                        CancelledBy = by,
                        Reason = reason,
                        RecordedAt = next.Milliseconds,
                    });
                }
            },
            cancellation);
        return Find(id);
    }

    /// <inheritdoc/>
    public void Dispose() => writing.Dispose();

    /// <summary>Reads all there is.</summary>
    internal void Load(RegistryContext context) => known = Known.Nothing.After(context);

    /// <summary>Learns what others added.</summary>
    /// <exception cref="StoreUnavailableException">The database is away.</exception>
    internal async Task RefreshAsync(CancellationToken cancellation)
    {
        var newest = await database.ReadAsync(async context => new Rows(
            await context.FaultActions.MaxAsync(a => (long?)a.RowId, cancellation) ?? 0,
            await context.Maintenance.MaxAsync(m => (long?)m.RowId, cancellation) ?? 0,
            await context.MaintenanceCancellations.MaxAsync(c => (long?)c.RowId, cancellation) ?? 0));
        await writing.WaitAsync(cancellation);
        try
        {
            if (newest != Present.Read)
            {
                known = database.ReadWhole(Present.After);
            }
        }
        finally
        {
            writing.Release();
        }
    }

    private Maintenance? Find(string id) => Present.Maintenance.Find(work => work.Id == id);

    private async Task WriteAsync(Action<RegistryContext, Instant> write, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            known = await database.WriteAsync(
                async context =>
                {
                    known = Present.After(context); // Nobody else writes from here on.
                    // After everything before, so that the order of what was recorded is that of its moments, whatever the clock does.
                    write(context, Instant.Later(Instant.From(clock.GetUtcNow()), new Instant(Present.Last.Milliseconds + 1)));
                    await context.SaveChangesAsync(cancellation);
                    return Present.After(context);
                },
                cancellation);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>The newest row of each table that was read.</summary>
    private readonly record struct Rows(long Action, long Maintenance, long Cancellation);

    private sealed record Known(
        ImmutableDictionary<string, ImmutableList<FaultAction>> Actions, ImmutableDictionary<string, FaultAction> ActionsById,
        ImmutableList<FaultAction> InOrder, ImmutableList<Maintenance> Maintenance, Instant Last, Rows Read)
    {
        public static readonly Known Nothing = new(
            ImmutableDictionary.Create<string, ImmutableList<FaultAction>>(StringComparer.Ordinal),
            ImmutableDictionary.Create<string, FaultAction>(StringComparer.Ordinal), [], [], Instant.Min, default);

        /// <summary>This and what was added since.</summary>
        public Known After(RegistryContext context)
        {
            var actions = context.FaultActions.AsNoTracking().Where(a => a.RowId > Read.Action).OrderBy(a => a.RowId).ToList();
            var work = context.Maintenance.AsNoTracking().Where(m => m.RowId > Read.Maintenance).OrderBy(m => m.RowId).ToList();
            var cancelled = context.MaintenanceCancellations.AsNoTracking().Where(c => c.RowId > Read.Cancellation)
                .OrderBy(c => c.RowId).ToList();
            return actions.Count + work.Count + cancelled.Count == 0 ? this : With(actions, work, cancelled);
        }

        private Known With(
            List<FaultActionRow> actionRows, List<MaintenanceRow> work, List<MaintenanceCancellationRow> cancelled)
        {
            var actions = actionRows.ConvertAll(row => row.ToAction());
            var byPile = Actions.ToBuilder();
            foreach (var pile in actions.GroupBy(a => a.On.Pile))
            {
                byPile[pile.Key] = byPile.GetValueOrDefault(pile.Key, []).AddRange(pile);
            }
            var cancellations = cancelled.ToDictionary(c => c.MaintenanceId, StringComparer.Ordinal);
            var declared = Maintenance.AddRange(work.Select(row => row.ToMaintenance()));
            return new Known(
                byPile.ToImmutable(), ActionsById.AddRange(actions.Select(a => KeyValuePair.Create(a.Id, a))), InOrder.AddRange(actions),
                cancelled.Count == 0 ? declared : [.. declared.Select(w => cancellations.TryGetValue(w.Id, out var end)
                    ? w with { Cancelled = end.ToCancellation() } : w)],
                LatestOf(actionRows.Select(a => a.RecordedAt).Concat(work.Select(w => w.RecordedAt))
                    .Concat(cancelled.Select(c => c.RecordedAt))),
                new Rows(
                    actionRows is [.., var action] ? action.RowId : Read.Action,
                    work is [.., var declaration] ? declaration.RowId : Read.Maintenance,
                    cancelled is [.., var cancellation] ? cancellation.RowId : Read.Cancellation));
        }

        private Instant LatestOf(IEnumerable<long> moments) => Instant.Later(Last, new Instant(moments.Max()));
    }
}
