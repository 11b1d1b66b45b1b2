using Microsoft.EntityFrameworkCore;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Rows;

namespace SmartCity.Storage.Registry.Decisions;

/// <summary>Reads what people decided.</summary>
internal static class RecordedDecisions
{
    public static async Task<List<HumanDecision>> AboutAsync(
        RegistryContext context, string subject, string id, CancellationToken cancellation)
    {
        var rows = await context.Decisions.AsNoTracking().Where(r => r.Subject == subject && r.SubjectId == id)
            .OrderBy(r => r.RowId).ToListAsync(cancellation);
        return [.. rows.Select(r => r.ToDecision())];
    }

    public static async Task<DeclaredException> OfAsync(RegistryContext context, ExceptionRow row, CancellationToken cancellation) =>
        row.ToException(await AboutAsync(context, DecisionRow.OfException, row.Id, cancellation));

    public static async Task<Confirmation> OfAsync(RegistryContext context, ConfirmationRow row, CancellationToken cancellation) =>
        row.ToConfirmation(await AboutAsync(context, DecisionRow.OfConfirmation, row.Id, cancellation));

    /// <summary>How many exceptions that touch these dates may still matter.</summary>
    public static async Task<int> CountHoldingAsync(
        RegistryContext context, DateOnly first, DateOnly last, CancellationToken cancellation)
    {
        var approve = nameof(DecisionKind.Approve);
        return await context.Exceptions.CountAsync(
            e => e.LastDate >= first && e.FirstDate <= last && !context.Decisions.Any(
                d => d.Subject == DecisionRow.OfException && d.SubjectId == e.Id && d.Decision != approve),
            cancellation);
    }

    public static async Task<List<DeclaredException>> ExceptionsAsync(
        RegistryContext context, DateOnly first, DateOnly last, Instant knownAt, CancellationToken cancellation)
    {
        var touching = context.Exceptions.AsNoTracking()
            .Where(e => e.LastDate >= first && e.FirstDate <= last && e.RecordedAt <= knownAt.Milliseconds);
        var rows = await touching.OrderBy(e => e.RowId).ToListAsync(cancellation);
        if (rows.Count == 0)
        {
            return [];
        }
        var decided = await Known(context, DecisionRow.OfException, knownAt)
            .Where(d => touching.Any(e => e.Id == d.SubjectId)).ToListAsync(cancellation);
        var decisions = decided.ToLookup(d => d.SubjectId, d => d.ToDecision(), StringComparer.Ordinal);
        return rows.ConvertAll(row => row.ToException([.. decisions[row.Id]]));
    }

    public static async Task<List<Confirmation>> ConfirmationsAsync(
        RegistryContext context, Instant from, Instant until, Instant knownAt, CancellationToken cancellation)
    {
        var rows = await context.Confirmations.AsNoTracking()
            .Where(c => c.CollectedAt >= from.Milliseconds && c.CollectedAt < until.Milliseconds
                && c.RecordedAt <= knownAt.Milliseconds)
            .OrderBy(c => c.RowId).ToListAsync(cancellation);
        if (rows.Count == 0)
        {
            return [];
        }
        var decided = await Known(context, DecisionRow.OfConfirmation, knownAt)
            .Where(d => d.AboutAt >= from.Milliseconds && d.AboutAt < until.Milliseconds).ToListAsync(cancellation);
        var decisions = decided.ToLookup(d => d.SubjectId, d => d.ToDecision(), StringComparer.Ordinal);
        return rows.ConvertAll(row => row.ToConfirmation([.. decisions[row.Id]]));
    }

    public static async Task<List<EvidenceRuling>> RulingsAsync(
        RegistryContext context, Instant from, Instant until, Instant knownAt, CancellationToken cancellation)
    {
        var rows = await Known(context, DecisionRow.OfEvidence, knownAt)
            .Where(d => d.AboutAt >= from.Milliseconds && d.AboutAt < until.Milliseconds).ToListAsync(cancellation);
        return rows.ConvertAll(row => new EvidenceRuling(row.SubjectId, row.ToDecision()));
    }

    private static IQueryable<DecisionRow> Known(RegistryContext context, string subject, Instant knownAt) =>
        context.Decisions.AsNoTracking().Where(d => d.Subject == subject && d.RecordedAt <= knownAt.Milliseconds)
            .OrderBy(d => d.RowId);
}
