using Microsoft.EntityFrameworkCore;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Databases;
using SmartCity.Storage.Registry.Rows;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Registry.Decisions;

/// <summary>Keeps what people decided about collections, in the registry's database: rows are added and never changed, so what was
/// known at an earlier moment can be asked for. Nothing is kept in memory. Thread-safe, also over several servers of a shared
/// database. All throw <see cref="StoreUnavailableException"/> while it is away.</summary>
public sealed class DecisionStore
{
    /// <summary>The most exceptions that may wait or hold on the dates of a new one: each verdict asks those of its date.</summary>
    public const int ExceptionsMax = 10_000;

    /// <summary>The most confirmations of one obligation.</summary>
    public const int ConfirmationsMax = 20;

    /// <summary>The most decisions about one exception, confirmation or piece of evidence.</summary>
    public const int DecisionsMax = 50;

    private readonly RegistryDatabase database;
    private readonly TimeProvider clock;

    private DecisionStore(RegistryDatabase database, TimeProvider clock) => (this.database, this.clock) = (database, clock);

    /// <summary>The decisions that are kept beside a registry.</summary>
    public static DecisionStore Open(RegistryStore registry, TimeProvider clock) => new(registry.Database, clock);

    /// <summary>Records an exception, at the present moment. The same once more is not recorded again.</summary>
    /// <returns>It as it is known now.</returns>
    /// <exception cref="DecisionRefusedException">The id is taken, or there are too many.</exception>
    public Task<DeclaredException> DeclareAsync(DeclaredException declared, CancellationToken cancellation) =>
        WriteAsync(
            async (context, now) =>
            {
                var row = ExceptionRow.Of(declared with { Declared = now });
                var known = await context.Exceptions.SingleOrDefaultAsync(r => r.Id == declared.Id, cancellation);
                if (known is not null)
                {
                    return known.SaysTheSameAs(row) ? await RecordedDecisions.OfAsync(context, known, cancellation)
                        : throw new DecisionRefusedException(
                            "exception_id", $"'{declared.Id}' is another exception, declared by {known.DeclaredBy} at "
                                + $"{new Instant(known.RecordedAt)}. Give this one an id of its own.");
                }
                if (await RecordedDecisions.CountHoldingAsync(context, declared.First, declared.Last, cancellation) >= ExceptionsMax)
                {
                    throw new DecisionRefusedException(
                        "first_date", $"{ExceptionsMax} exceptions hold or wait on these dates already. "
                            + "Withdraw what is not needed, or declare one for a larger area.");
                }
                context.Add(row);
                return row.ToException([]);
            },
            cancellation);

    /// <summary>Records a decision about an exception, at the present moment. The same once more is not recorded again.</summary>
    /// <returns>The exception as it is known now; null when there is none with that id.</returns>
    /// <exception cref="DecisionRefusedException">It contradicts an earlier one, or nobody may decide that alone.</exception>
    public Task<DeclaredException?> DecideAsync(string exceptionId, HumanDecision decision, CancellationToken cancellation) =>
        WriteAsync(
            async (context, now) =>
            {
                decision = decision with { Recorded = now };
                if (await context.Exceptions.SingleOrDefaultAsync(r => r.Id == exceptionId, cancellation) is not { } row)
                {
                    return null;
                }
                var known = await RecordedDecisions.OfAsync(context, row, cancellation);
                if (known.Has(decision))
                {
                    return known;
                }
                if (known.ProblemOf(decision) is { } problem)
                {
                    throw new DecisionRefusedException(problem.Field, problem.Problem);
                }
                context.Add(DecisionRow.Of(DecisionRow.OfException, exceptionId, default, decision));
                return known with { Decisions = [.. known.Decisions, decision] };
            },
            cancellation);

    /// <summary>Records a confirmation, at the present moment. The same once more is not recorded again.</summary>
    /// <param name="isTimeSaid">Whether the person said when; otherwise a retry says another moment and is the same.</param>
    /// <returns>It as it is known now.</returns>
    /// <exception cref="DecisionRefusedException">The id is taken, or there are too many.</exception>
    public Task<Confirmation> ConfirmAsync(Confirmation confirmation, bool isTimeSaid, CancellationToken cancellation) =>
        WriteAsync(
            async (context, now) =>
            {
                var row = ConfirmationRow.Of(confirmation with { Recorded = now });
                var known = await context.Confirmations.SingleOrDefaultAsync(r => r.Id == confirmation.Id, cancellation);
                if (known is not null)
                {
                    row.CollectedAt = isTimeSaid ? row.CollectedAt : known.CollectedAt;
                    return known.SaysTheSameAs(row) ? await RecordedDecisions.OfAsync(context, known, cancellation)
                        : throw new DecisionRefusedException(
                            "confirmation_id", $"'{known.Id}' is another confirmation, by {known.ConfirmedBy} at "
                                + $"{new Instant(known.RecordedAt)}. Give this one an id of its own.");
                }
                if (await context.Confirmations.CountAsync(r => r.ObligationId == row.ObligationId, cancellation) >= ConfirmationsMax)
                {
                    throw new DecisionRefusedException(
                        "obligation_id", $"there are {ConfirmationsMax} confirmations of {row.ObligationId} already; "
                            + "more would prove nothing more.");
                }
                context.Add(row);
                await context.SaveChangesAsync(cancellation); // Numbers it.
                return row.ToConfirmation([]);
            },
            cancellation);

    /// <summary>Records what a supervisor decided about a confirmation that was entered here, at the present moment. The same once
    /// more is not recorded again.</summary>
    /// <returns>All decisions about it, oldest first.</returns>
    public Task<IReadOnlyList<HumanDecision>> RuleAsync(
        Confirmation confirmation, HumanDecision decision, CancellationToken cancellation) =>
        RuleAsync(DecisionRow.OfConfirmation, confirmation.Id, confirmation.Collected, decision, cancellation);

    /// <summary>The same about evidence that a truck sent.</summary>
    public Task<IReadOnlyList<HumanDecision>> RuleAsync(
        Domain.Sanitation.EvidenceId evidence, HumanDecision decision, CancellationToken cancellation) =>
        RuleAsync(DecisionRow.OfEvidence, evidence.ToString(), evidence.Time, decision, cancellation);

    /// <summary>How many decisions there are, and when the newest was recorded.</summary>
    public async Task<DecisionsChange> ReadChangeAsync(CancellationToken cancellation)
    {
        var newest = await database.ReadAsync(context => NewestAsync(context, cancellation));
        return new DecisionsChange(newest.Sum(row => row.RowId), newest.Max(row => (Instant?)new Instant(row.RecordedAt)));
    }

    /// <summary>Exceptions that touch a range of dates, with what was decided about them, as known at a moment; in the order in
    /// which they were declared.</summary>
    public async Task<IReadOnlyList<DeclaredException>> ExceptionsAsync(
        DateOnly first, DateOnly last, Instant knownAt, CancellationToken cancellation) =>
        await database.ReadAsync(context => RecordedDecisions.ExceptionsAsync(context, first, last, knownAt, cancellation));

    /// <summary>Confirmations of collections in [from, until), with what was decided about them, as known at a moment; in the
    /// order in which they were entered.</summary>
    public async Task<IReadOnlyList<Confirmation>> ConfirmationsAsync(
        Instant from, Instant until, Instant knownAt, CancellationToken cancellation) =>
        await database.ReadAsync(context => RecordedDecisions.ConfirmationsAsync(context, from, until, knownAt, cancellation));

    /// <summary>What was decided about evidence that trucks made in [from, until), as known at a moment; oldest decision
    /// first.</summary>
    public async Task<IReadOnlyList<EvidenceRuling>> RulingsAsync(
        Instant from, Instant until, Instant knownAt, CancellationToken cancellation) =>
        await database.ReadAsync(context => RecordedDecisions.RulingsAsync(context, from, until, knownAt, cancellation));

    /// <summary>An exception as it is known now; null when there is none with that id.</summary>
    public Task<DeclaredException?> FindExceptionAsync(string id, CancellationToken cancellation) => database.ReadAsync(
        async context => !id.Contains('\0') && await context.Exceptions.SingleOrDefaultAsync(r => r.Id == id, cancellation) is { } row
            ? await RecordedDecisions.OfAsync(context, row, cancellation)
            : null);

    /// <summary>A confirmation as it is known now; null when there is none with that id.</summary>
    public Task<Confirmation?> FindConfirmationAsync(string id, CancellationToken cancellation) => database.ReadAsync(
        async context => !id.Contains('\0') && await context.Confirmations.SingleOrDefaultAsync(r => r.Id == id, cancellation) is { } row
            ? await RecordedDecisions.OfAsync(context, row, cancellation)
            : null);

    /// <summary>The newest ids of exceptions, to find the one that somebody meant.</summary>
    public async Task<IReadOnlyList<string>> ExceptionIdsAsync(int most, CancellationToken cancellation) =>
        await database.ReadAsync(context =>
            context.Exceptions.OrderByDescending(r => r.RowId).Select(r => r.Id).Take(most).ToListAsync(cancellation));

    /// <summary>The newest ids of confirmations, to find the one that somebody meant.</summary>
    public async Task<IReadOnlyList<string>> ConfirmationIdsAsync(int most, CancellationToken cancellation) =>
        await database.ReadAsync(context =>
            context.Confirmations.OrderByDescending(r => r.RowId).Select(r => r.Id).Take(most).ToListAsync(cancellation));

    private Task<IReadOnlyList<HumanDecision>> RuleAsync(
        string subject, string id, Instant about, HumanDecision decision, CancellationToken cancellation) =>
        WriteAsync<IReadOnlyList<HumanDecision>>(
            async (context, now) =>
            {
                decision = decision with { Recorded = now };
                var known = await RecordedDecisions.AboutAsync(context, subject, id, cancellation);
                if (known is [.., var latest] && latest.Kind == decision.Kind && DeclaredException.IsSame(latest.By, decision.By))
                {
                    return known;
                }
                if (known.Count >= DecisionsMax)
                {
                    throw new DecisionRefusedException(
                        "evidence_id", $"{DecisionsMax} decisions were taken about this already. The last one stays.");
                }
                context.Add(DecisionRow.Of(subject, id, about, decision));
                return [.. known, decision];
            },
            cancellation);

    private Task<T> WriteAsync<T>(Func<RegistryContext, Instant, Task<T>> write, CancellationToken cancellation) =>
        database.WriteAsync(
            async context =>
            {
                // A clock that was set back, or another server's, must not put a decision before what it decides about.
                var newest = await NewestAsync(context, cancellation);
                var now = newest.Select(row => new Instant(row.RecordedAt)).Append(Instant.From(clock.GetUtcNow())).Max();
                return await write(context, now);
            },
            cancellation);

    private static async Task<List<Newest>> NewestAsync(RegistryContext context, CancellationToken cancellation)
    {
        Newest?[] newest =
        [
            await context.Exceptions.OrderByDescending(r => r.RowId).Select(r => new Newest(r.RowId, r.RecordedAt))
                .FirstOrDefaultAsync(cancellation),
            await context.Confirmations.OrderByDescending(r => r.RowId).Select(r => new Newest(r.RowId, r.RecordedAt))
                .FirstOrDefaultAsync(cancellation),
            await context.Decisions.OrderByDescending(r => r.RowId).Select(r => new Newest(r.RowId, r.RecordedAt))
                .FirstOrDefaultAsync(cancellation),
        ];
        return [.. newest.OfType<Newest>()];
    }

    /// <summary>The newest row of a table: rows are numbered, and dated, in the order in which they were written.</summary>
    private sealed record Newest(long RowId, long RecordedAt);
}
