using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;
using SmartCity.Storage.Telemetry;
using EvidenceRecord = SmartCity.Domain.Telemetry.EvidenceRecord;
using EvidenceUse = SmartCity.Domain.Sanitation.EvidenceUse;
using EvidenceType = SmartCity.Domain.Telemetry.EvidenceType;
using Obligation = SmartCity.Domain.Sanitation.Obligation;

namespace SmartCity.Server.Api.Sanitation.Decisions;

/// <summary>Answers ConfirmCollection and DecideConfirmation.</summary>
internal sealed class ConfirmationAnswers(
    SanitationRequests requests, DueFinder finder, SanitationLoader loader, DecisionStore store, ITelemetryStore telemetry)
{
    private const int IdsCompared = 10_000;
    private const int NearMax = 3;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    public async Task<ConfirmCollectionResponse> AnswerAsync(ConfirmCollectionRequest request, CancellationToken cancellation)
    {
        var id = DecisionFields.IdOf(request.ConfirmationId, "confirmation_id");
        var now = requests.Now;
        var known = await store.FindConfirmationAsync(id, cancellation);
        var collected = Instants.From(request.CollectedTime, "collected_time") ?? known?.Collected ?? now;
        if (collected > now + Instants.ClockDifferenceMax)
        {
            throw new InvalidQueryException("collected_time", $"{collected} lies in the future; it is {now} here.");
        }
        collected = Instant.Earlier(collected, now);
        var (plan, due) = await finder.FindAsync(request.ObligationId, now, requests.Known, cancellation);
        if (!due.Accepts(collected))
        {
            throw new InvalidQueryException(
                "collected_time", $"{requests.Clock(collected)} is not when {due.Id} can be served: that is from "
                    + $"{requests.Clock(due.AcceptFrom)} until {requests.Clock(due.AcceptUntil)} ({requests.Zone.Id}).");
        }
        var said = new Confirmation(
            id, due.Id, due.Point.Id, collected, DecisionFields.PersonOf(request.ConfirmedBy, "confirmed_by"),
            TruckOf(request.TruckId), DecisionFields.NoteOf(request.Note, "note"),
            DecisionFields.PlaceOf(request.Location, "location"), now);
        var recorded = await ExceptionAnswers.RefusingAsync(
            () => store.ConfirmAsync(said, request.CollectedTime is not null, cancellation));
        var evaluation = Instant.Later(now, recorded.Recorded);
        var (outcome, _) = await loader.JudgeAsync(plan, plan.AcceptFrom, plan.AcceptUntil, evaluation, cancellation);
        var stamp = KnownDecisions.ToEvidence(recorded).Stamp;
        var use = outcome.EvidenceAt(due.Point.Id, recorded.Collected, recorded.Collected + Moment).First(u => u.Record.Stamp == stamp);
        return new ConfirmCollectionResponse
        {
            Confirmation = DecisionMessages.Of(recorded),
            Counts = use.Accepted,
            Notes = { NotesOf(use, due, recorded) },
        };
    }

    public async Task<DecideConfirmationResponse> AnswerAsync(DecideConfirmationRequest request, CancellationToken cancellation)
    {
        var kind = DecisionFields.DecisionOf(request.Decision, mayWithdraw: false);
        if (!request.AsSupervisor)
        {
            throw new InvalidQueryException("as_supervisor", "is needed: only a supervisor decides about confirmations and pictures.");
        }
        var decision = new HumanDecision(
            kind, DecisionFields.PersonOf(request.DecidedBy, "decided_by"), true,
            DecisionFields.NoteOf(request.Reason, "reason", kind == DecisionKind.Reject ? "reject" : null), requests.Now);
        var decided = EvidenceId.TryParse(request.EvidenceId, out var id)
            ? await RuleAsync(id, decision, cancellation)
            : await RuleAsync(request.EvidenceId, decision, cancellation);
        return new DecideConfirmationResponse
        {
            EvidenceId = request.EvidenceId,
            Decisions = { decided.Select(DecisionMessages.Of) },
            Notes =
            {
                kind == DecisionKind.Approve
                    ? "It counts as proof B, at the moment it was made, wherever that was."
                    : "It counts for nothing; answers as of an earlier moment still use it as it was.",
            },
        };
    }

    private async Task<IReadOnlyList<HumanDecision>> RuleAsync(
        string confirmationId, HumanDecision decision, CancellationToken cancellation)
    {
        if (await store.FindConfirmationAsync(confirmationId, cancellation) is not { } said)
        {
            var near = EditDistance.NearestOf(
                confirmationId, await store.ConfirmationIdsAsync(IdsCompared, cancellation), NearMax);
            throw new NotFoundException(
                "confirmation", confirmationId, near.Count > 0 ? $"Near it: {string.Join(", ", near)}."
                    : "ExplainObligation (smartcity explain) has the ids of confirmations and pictures.");
        }
        RefuseOwn(decision, said.ConfirmedBy);
        return await ExceptionAnswers.RefusingAsync(() => store.RuleAsync(said, decision, cancellation));
    }

    private async Task<IReadOnlyList<HumanDecision>> RuleAsync(
        EvidenceId id, HumanDecision decision, CancellationToken cancellation)
    {
        var query = new RecordQuery(DeviceKind.Truck, [id.TruckId], id.Time, id.Time + Moment, requests.Now);
        EvidenceRecord? found = null;
        await foreach (var records in telemetry.ReadDevicesAsync<EvidenceRecord>(query, cancellation))
        {
            foreach (var record in records)
            {
                found = EvidenceId.Of(record.Stamp) == id ? record : found;
            }
        }
        if (found is not { } evidence)
        {
            throw new NotFoundException(
                "evidence", id.ToString(), "ExplainObligation (smartcity explain) has the ids of confirmations and pictures.");
        }
        if (evidence.Type is not (EvidenceType.Manual or EvidenceType.Photo))
        {
            throw new InvalidQueryException(
                "evidence_id", "is neither a confirmation nor a picture. What sensors measured is not decided about.");
        }
        RefuseOwn(decision, evidence.CrewId ?? "");
        return await ExceptionAnswers.RefusingAsync(() => store.RuleAsync(id, decision, cancellation));
    }

    private static void RefuseOwn(HumanDecision decision, string madeBy)
    {
        if (DeclaredException.IsSame(decision.By, madeBy))
        {
            throw new InvalidQueryException("decided_by", $"{decision.By} made it. A supervisor other than that has to decide.");
        }
    }

    private static IEnumerable<string> NotesOf(EvidenceUse use, Obligation due, Confirmation said)
    {
        yield return use.Reason;
        if (!use.Accepted && said.Decisions.Count == 0)
        {
            yield return $"It waits for a supervisor other than {said.ConfirmedBy}.";
        }
        if (due.Cancellation is { } cancelled)
        {
            yield return $"Nothing is due: {cancelled.Id} cancelled the collection, so it counts as an extra one.";
        }
    }

    private string? TruckOf(string truckId)
    {
        var known = new KnownIds(requests.Known).Trucks;
        return truckId.Length == 0 ? null
            : known.Contains(truckId) ? truckId
            : throw new InvalidQueryException("truck_id", known.Refuse(truckId));
    }
}
