using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>A fault and what people did about it, as known at the evaluation instant.</summary>
/// <param name="Assignee">To whom it was assigned last; null when it never was.</param>
/// <param name="Actions">In the order in which they were recorded.</param>
/// <param name="ReopenedFrom">The id of the fault of the same key that was resolved or closed shortly before; null for a first
/// one.</param>
public sealed record FaultCase(
    Fault Fault, FaultState State, string? Assignee, IReadOnlyList<FaultAction> Actions, string? ReopenedFrom)
{
    /// <summary>When somebody first acknowledged it; null when nobody did.</summary>
    public Instant? Acknowledged => Actions.FirstOrDefault(a => a.Step == FaultStep.Acknowledge)?.Recorded;

    /// <summary>Why a step cannot be taken now, and what to do instead, for a person; null when it can.</summary>
    /// <param name="overridden">A reason is given for closing it against telemetry.</param>
    public string? ProblemOf(FaultStep step, bool overridden) => step switch
    {
        _ when State == FaultState.Closed =>
            "it is CLOSED, and nothing more can be done about it. When it breaks again it comes as a new fault.",
        FaultStep.Acknowledge => State is FaultState.Open or FaultState.Reopened
            ? null : $"it is {Name}, so it was acknowledged before. {Next}",
        FaultStep.Assign => State is FaultState.Acknowledged or FaultState.Assigned or FaultState.Resolved
            ? null : $"it is {Name}. {Next}",
        FaultStep.Resolve => State == FaultState.Assigned ? null : $"it is {Name}. {Next}",
        _ => ProblemOfClosing(overridden),
    };

    private string? ProblemOfClosing(bool overridden)
    {
        // What went away by itself needs nobody who repaired it.
        if (Fault.Cleared is not null)
        {
            return null;
        }
        return State != FaultState.Resolved ? $"it is {Name}, and telemetry has not cleared it. {Next}"
            : overridden ? null
            : "it is RESOLVED, but telemetry has not cleared it. Wait until it does, assign it again, or give an override_reason.";
    }

    private string Name => State.ToString().ToUpperInvariant();

    private string Next => State switch
    {
        FaultState.Open or FaultState.Reopened => "Acknowledge it first.",
        FaultState.Acknowledged => "Assign it to whoever repairs it.",
        FaultState.Assigned => "Resolve it once it is mended, or assign it to somebody else.",
        _ => "Close it, or assign it again if it is not mended.",
    };
}
