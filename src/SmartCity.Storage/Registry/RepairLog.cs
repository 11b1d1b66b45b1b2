using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Rows;

namespace SmartCity.Storage.Registry;

/// <summary>Keeps what people did about faults and which maintenance they declared: only ever added to, in the registry's database,
/// and all of it in memory, about 1 kB for an action. Thread-safe. One instance per database.</summary>
public sealed class RepairLog : IDisposable
{
    /// <summary>The most declarations that are kept: each is matched with the piles of every statistic.</summary>
    public const int MaintenanceMax = 20_000;

    /// <summary>The most actions that are kept: each stays in memory.</summary>
    public const int ActionsMax = 500_000;

    private readonly DbContextOptions<RegistryContext> database;
    private readonly TimeProvider clock;
    private readonly SemaphoreSlim writing = new(1);
    private readonly int actionsMax;
    private volatile Known known;

    internal RepairLog(DbContextOptions<RegistryContext> database, TimeProvider clock, int actionsMax = ActionsMax)
    {
        (this.database, this.clock, this.actionsMax) = (database, clock, actionsMax);
        using var context = new RegistryContext(database);
        known = Known.Load(context);
    }

    /// <summary>When anything was recorded last; before every moment when nothing was. Ahead of the clock where that went
    /// back.</summary>
    public Instant LastRecorded => known.Last;

    /// <summary>The action with an id; null when there is none.</summary>
    public FaultAction? FindAction(string id) => known.ActionsById.GetValueOrDefault(id);

    /// <summary>What was done about the faults of a pile, as known at a moment; in the order in which it was recorded.</summary>
    public IEnumerable<FaultAction> ActionsOf(string pile, Instant knownAt) =>
        known.Actions.TryGetValue(pile, out var actions) ? actions.Where(a => a.Recorded <= knownAt) : [];

    /// <summary>What was recorded after a moment, the newest first.</summary>
    public IEnumerable<FaultAction> ActionsAfter(Instant moment)
    {
        var all = known.InOrder;
        for (var i = all.Count - 1; i >= 0 && all[i].Recorded > moment; i--)
        {
            yield return all[i];
        }
    }

    /// <summary>All declared maintenance as known at a moment, also what was cancelled, in the order in which it was
    /// recorded.</summary>
    public IEnumerable<Maintenance> MaintenanceAt(Instant knownAt) =>
        known.Maintenance.Where(work => work.Recorded <= knownAt)
            .Select(work => work.Cancelled is { } cancelled && cancelled.Recorded > knownAt ? work with { Cancelled = null } : work);

    /// <summary>Adds an action. An id that is known adds nothing.</summary>
    /// <param name="action">Made for the moment at which it is recorded.</param>
    /// <returns>The action that has the id; null when there is no room for another.</returns>
    public async Task<FaultAction?> AddAsync(Func<Instant, FaultAction> action, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            var added = action(Next());
            if (FindAction(added.Id) is { } before)
            {
                return before;
            }
            if (known.InOrder.Count >= actionsMax)
            {
                return null;
            }
            await SaveAsync(FaultActionRow.Of(added), cancellation);
            known = known.With(added);
            return added;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Adds a declaration. An id that is known adds nothing, nor does one that stands already.</summary>
    /// <param name="work">When it is recorded is filled in.</param>
    /// <param name="isSame">Whether another one, unless it was cancelled, makes this one needless.</param>
    /// <returns>The declaration that has the id, or the other one; null when there is no room for another.</returns>
    public async Task<Maintenance?> DeclareAsync(Maintenance work, Predicate<Maintenance> isSame, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            if ((Find(work.Id) ?? known.Maintenance.Find(other => other.Cancelled is null && isSame(other))) is { } before)
            {
                return before;
            }
            if (known.Maintenance.Count >= MaintenanceMax)
            {
                return null;
            }
            var added = work with { Recorded = Next(), Cancelled = null };
            await SaveAsync(MaintenanceRow.Of(added), cancellation);
            known = known with { Maintenance = known.Maintenance.Add(added), Last = added.Recorded };
            return added;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Cancels a declaration. One that is cancelled already stays as it is.</summary>
    /// <returns>The declaration; null when there is none with the id.</returns>
    public async Task<Maintenance?> CancelAsync(string id, string by, string reason, CancellationToken cancellation)
    {
        await writing.WaitAsync(cancellation);
        try
        {
            if (Find(id) is not { Cancelled: null } work)
            {
                return Find(id);
            }
            var cancelled = work with { Cancelled = new MaintenanceCancellation(by, reason, Next()) };
            await SaveAsync(
                new MaintenanceCancellationRow
                {
                    MaintenanceId = id,
                    CancelledBy = by,
                    Reason = reason,
                    RecordedAt = cancelled.Cancelled.Recorded.Milliseconds,
                },
                cancellation);
            known = known with { Maintenance = known.Maintenance.Replace(work, cancelled), Last = cancelled.Cancelled.Recorded };
            return cancelled;
        }
        finally
        {
            writing.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => writing.Dispose();

    private Maintenance? Find(string id) => known.Maintenance.Find(work => work.Id == id);

    // After everything before, so that the order of what was recorded is the order of its moments, whatever the clock does.
    private Instant Next() => Instant.Later(Instant.From(clock.GetUtcNow()), new Instant(known.Last.Milliseconds + 1));

    private async Task SaveAsync(object row, CancellationToken cancellation)
    {
        await using var context = new RegistryContext(database);
        context.Add(row);
        await context.SaveChangesAsync(cancellation);
    }

    private sealed record Known(
        ImmutableDictionary<string, ImmutableList<FaultAction>> Actions, ImmutableDictionary<string, FaultAction> ActionsById,
        ImmutableList<FaultAction> InOrder, ImmutableList<Maintenance> Maintenance, Instant Last)
    {
        public Known With(FaultAction action) => this with
        {
            Actions = Actions.SetItem(action.On.Pile, Actions.GetValueOrDefault(action.On.Pile, []).Add(action)),
            ActionsById = ActionsById.Add(action.Id, action),
            InOrder = InOrder.Add(action),
            Last = action.Recorded,
        };

        public static Known Load(RegistryContext context)
        {
            var actions = context.FaultActions.AsNoTracking().OrderBy(a => a.RowId).Select(a => a.ToAction()).ToList();
            var cancelled = context.MaintenanceCancellations.AsNoTracking().ToDictionary(c => c.MaintenanceId, StringComparer.Ordinal);
            var work = context.Maintenance.AsNoTracking().OrderBy(m => m.RowId).ToList()
                .ConvertAll(m => m.ToMaintenance(cancelled.GetValueOrDefault(m.Id)));
            var moments = actions.Select(a => a.Recorded)
                .Concat(work.Select(w => w.Cancelled?.Recorded is { } at ? Instant.Later(at, w.Recorded) : w.Recorded));
            return new Known(
                actions.GroupBy(a => a.On.Pile).ToImmutableDictionary(g => g.Key, g => g.ToImmutableList(), StringComparer.Ordinal),
                actions.ToImmutableDictionary(a => a.Id, StringComparer.Ordinal), [.. actions], [.. work],
                moments.Append(Instant.Min).Max());
        }
    }
}
