using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry.Decisions;
using EvidenceType = SmartCity.Domain.Telemetry.EvidenceType;
using EvidenceUse = SmartCity.Domain.Sanitation.EvidenceUse;

namespace SmartCity.Server.Api.Sanitation.Decisions;

/// <summary>Answers ListConfirmations: what people say of collections, and what waits for a supervisor.</summary>
internal sealed class ConfirmationList(SanitationRequests requests, SanitationLoader loader, DecisionStore store)
{
    private const int DatesMax = 31;
    private const int DefaultDates = 7;

    public async Task<ListConfirmationsResponse> AnswerAsync(ListConfirmationsRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        if (request.States.Any(s => s == ConfirmationState.Unspecified || !Enum.IsDefined(s)))
        {
            throw new InvalidQueryException("states", "holds no state. Use the names of ConfirmationState, or leave the list empty.");
        }
        var (evaluation, fingerprint, registry) = await requests.AskedAsync(
            request, request.AsOf, request.PageToken, cancellation);
        var (first, last) = DatesOf(request, evaluation);
        var (from, until) = (LocalDay.StartOf(first, requests.Zone), LocalDay.StartOf(last.AddDays(1), requests.Zone));
        // What was made at night may belong to a window of the date before, or of the next one.
        var plan = await loader.PlanAsync(
            registry, requests.Rules, first.AddDays(-1), last.AddDays(1), null, evaluation, cancellation);
        var (outcome, _) = await loader.JudgeAsync(plan, from, until, evaluation, cancellation);
        var said = (await store.ConfirmationsAsync(from, until, evaluation, cancellation)).ToDictionary(c => c.Number);
        var rulings = (await store.RulingsAsync(from, until, evaluation, cancellation)).ToLookup(r => r.EvidenceId);

        ConfirmationRow RowOf(EvidenceUse use) => (use.Record.Stamp.Flags & StampFlags.Entered) != 0
            ? Entered(use, said[use.Record.Stamp.Sequence])
            : Sent(use, rulings);
        var rows = outcome.CapturesIn(from, until).Select(RowOf)
            .Where(r => request.States.Count == 0 || request.States.Contains(r.State)).ToList();
        var (page, next) = Pages.Take(rows, request.PageSize, request.PageToken, fingerprint, evaluation);
        return new ListConfirmationsResponse { Confirmations = { page }, NextPageToken = next };
    }

    private (DateOnly First, DateOnly Last) DatesOf(ListConfirmationsRequest request, Instant evaluation)
    {
        var last = SanitationRequests.DateOf(request.LastDate, "last_date") ?? LocalDay.Of(evaluation, requests.Zone);
        var first = SanitationRequests.DateOf(request.FirstDate, "first_date") ?? last.AddDays(1 - DefaultDates);
        return first > last
            ? throw new InvalidQueryException("last_date", $"{last:yyyy-MM-dd} is before first_date {first:yyyy-MM-dd}.")
            : last.DayNumber - first.DayNumber >= DatesMax
                ? throw new InvalidQueryException("last_date", $"makes more than {DatesMax} days. Ask in several parts.")
                : (first, last);
    }

    private static ConfirmationRow Entered(EvidenceUse use, Confirmation said)
    {
        var row = RowOf(use, said.Decisions.Count > 0 ? said.Decisions[^1] : null);
        (row.EvidenceId, row.ObligationId, row.Entered) = (said.Id, said.ObligationId, true);
        row.Decisions.AddRange(said.Decisions.Select(DecisionMessages.Of));
        return row;
    }

    private static ConfirmationRow Sent(EvidenceUse use, ILookup<string, EvidenceRuling> rulings)
    {
        var id = EvidenceId.Of(use.Record.Stamp).ToString();
        List<HumanDecision> decisions = [.. rulings[id].Select(r => r.Decision)];
        var row = RowOf(use, decisions.Count > 0 ? decisions[^1] : null);
        row.EvidenceId = id;
        row.Decisions.AddRange(decisions.Select(DecisionMessages.Of));
        return row;
    }

    private static ConfirmationRow RowOf(EvidenceUse use, HumanDecision? last)
    {
        var (record, stamp) = (use.Record, use.Record.Stamp);
        var row = new ConfirmationRow
        {
            State = last is not null
                ? last.Kind == DecisionKind.Approve ? ConfirmationState.Accepted : ConfirmationState.Rejected
                : use.Accepted ? ConfirmationState.Counting : ConfirmationState.Waiting,
            PointId = use.PointId ?? record.PointId ?? "",
            TruckId = stamp.Device,
            MadeBy = record.CrewId ?? "",
            Picture = record.Type == EvidenceType.Photo,
            Time = stamp.Time.ToTimestamp(),
            ReceivedTime = stamp.Received.ToTimestamp(),
            Reason = use.Reason,
        };
        if (use.DistanceM is { } metres)
        {
            row.DistanceM = metres;
        }
        return row;
    }
}
