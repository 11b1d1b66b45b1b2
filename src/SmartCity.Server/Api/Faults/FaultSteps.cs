using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry;
using DomainAction = SmartCity.Domain.Faults.FaultAction;
using DomainFault = SmartCity.Domain.Faults.Fault;
using Fault = SmartCity.Protocol.V1.Fault;
using FaultStep = SmartCity.Domain.Faults.FaultStep;

namespace SmartCity.Server.Api.Faults;

/// <summary>Takes down what people do about faults, one at a time: two who act at once see each other, also on two
/// servers.</summary>
internal sealed class FaultSteps(FaultFinder finder, IncidentReader incidents, RepairLog repairs, TimeProvider clock)
{
    // A fault that is passed on so often needs a talk rather than another line.
    private const int ActionsMax = 200;

    public async Task<Fault> AcknowledgeAsync(AcknowledgeFaultRequest request, CancellationToken cancellation) => await TakeAsync(
        request.FaultId, new Wish(
            RepairTexts.Id(request.ActionId, "action_id"), FaultStep.Acknowledge, Actor(request.By), null,
            RepairTexts.Note(request.Note, "note"), null),
        cancellation);

    public async Task<Fault> AssignAsync(AssignFaultRequest request, CancellationToken cancellation) => await TakeAsync(
        request.FaultId, new Wish(
            RepairTexts.Id(request.ActionId, "action_id"), FaultStep.Assign, Actor(request.By),
            RepairTexts.Name(request.Assignee, "assignee", "who is to repair it"), RepairTexts.Note(request.Note, "note"), null),
        cancellation);

    public async Task<Fault> ResolveAsync(ResolveFaultRequest request, CancellationToken cancellation) => await TakeAsync(
        request.FaultId, new Wish(
            RepairTexts.Id(request.ActionId, "action_id"), FaultStep.Resolve, Actor(request.By), null,
            RepairTexts.Note(request.Note, "note"), null),
        cancellation);

    public async Task<Fault> CloseAsync(CloseFaultRequest request, CancellationToken cancellation) => await TakeAsync(
        request.FaultId, new Wish(
            RepairTexts.Id(request.ActionId, "action_id"), FaultStep.Close, Actor(request.By), null,
            RepairTexts.Note(request.Note, "note"), RepairTexts.Note(request.OverrideReason, "override_reason")),
        cancellation);

    private static string Actor(string by) => RepairTexts.Name(by, "by", "who acts");

    private async Task<Fault> TakeAsync(string faultId, Wish wish, CancellationToken cancellation)
    {
        // Whatever was recorded before this is seen, also where the clock stood still or went back.
        var now = Instant.Later(Instant.From(clock.GetUtcNow()), repairs.LastRecorded);
        var (fault, compound) = await finder.FindAsync(faultId, now, cancellation);
        var taken = await repairs.AddAsync(wish.Id, at => ActionOf(wish, fault, at), cancellation)
            ?? throw new LimitReachedException(
                $"{RepairLog.ActionsMax} actions on faults are kept already, and no more are taken down.");
        return await AnswerAsync(fault, compound, Instant.Later(now, Same(taken, wish, fault).Recorded), cancellation);
    }

    /// <summary>What is taken down, unless what was done before forbids it.</summary>
    private DomainAction ActionOf(Wish wish, DomainFault fault, Instant at)
    {
        var present = CaseOf(fault, at);
        if (present.ProblemOf(wish.Step, wish.OverrideReason is not null) is { } problem)
        {
            throw new WrongStateException("fault", fault.Id, $"Fault {fault.Id} cannot be {WordOf(wish.Step)}: {problem}");
        }
        if (wish.Step == FaultStep.Assign && present.State == Domain.Faults.FaultState.Assigned && wish.Assignee == present.Assignee)
        {
            throw new WrongStateException(
                "fault", fault.Id, $"Fault {fault.Id} is ASSIGNED to {wish.Assignee} already. Resolve it once it is mended.");
        }
        if (present.Actions.Count >= ActionsMax)
        {
            throw new LimitReachedException($"Fault {fault.Id} has {ActionsMax} actions already, and no more are taken down.");
        }
        // A fault is closed against telemetry only where telemetry disagrees.
        var reason = fault.Cleared is null ? wish.OverrideReason : null;
        return new DomainAction(wish.Id, SeenFault.Of(fault, at), wish.Step, at, wish.By, wish.Assignee, wish.Note, reason);
    }

    private static DomainAction Same(DomainAction before, Wish wish, DomainFault fault) =>
        before.Step == wish.Step && before.By == wish.By && before.Assignee == wish.Assignee && before.Note == wish.Note
            && before.On.Is(fault) && IsReasonOf(before, wish)
            ? before
            : throw new InvalidQueryException("action_id", "was used for another action. Give each action an id of its own.");

    // A reason that was not needed was not kept.
    private static bool IsReasonOf(DomainAction before, Wish wish) => before.OverrideReason == wish.OverrideReason
        || (before.OverrideReason is null && before.On.Until <= before.Recorded);

    private async Task<Fault> AnswerAsync(DomainFault fault, string compound, Instant at, CancellationToken cancellation)
    {
        var found = await incidents.OfAsync([(fault, compound)], at, cancellation);
        return FaultMessages.Of(CaseOf(fault, at), compound, found is [var incident, ..] ? incident.Id : "", at);
    }

    private FaultCase CaseOf(DomainFault fault, Instant at) => FaultCases.Of([fault], repairs.ActionsOf(fault.Pile, at), at)[0];

    private static string WordOf(FaultStep step) => step switch
    {
        FaultStep.Acknowledge => "acknowledged",
        FaultStep.Assign => "assigned",
        FaultStep.Resolve => "resolved",
        _ => "closed",
    };

    /// <summary>What somebody wants to do.</summary>
    private sealed record Wish(string Id, FaultStep Step, string By, string? Assignee, string? Note, string? OverrideReason);
}
