using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Decisions;

/// <summary>How far an exception has come.</summary>
public enum ExceptionState
{
    /// <summary>It waits for somebody other than its declarer.</summary>
    Declared = 1,

    /// <summary>It holds.</summary>
    Approved = 2,

    /// <summary>It never held.</summary>
    Rejected = 3,

    /// <summary>It holds no longer.</summary>
    Withdrawn = 4,
}

/// <summary>An exception as somebody declared it, and what was decided about it by the moment it was asked for.</summary>
/// <param name="WindowKeys">Only these windows; empty: all.</param>
/// <param name="First">The first service date, inclusive.</param>
/// <param name="Last">The last service date, inclusive.</param>
/// <param name="By">How far a window moves, or how much longer grace is; else zero.</param>
/// <param name="Declared">When it was taken here.</param>
public sealed record DeclaredException(
    string Id, ExceptionKind Kind, string Reason, string Note, ExceptionScope Scope, IReadOnlyList<string> WindowKeys,
    DateOnly First, DateOnly Last, TimeSpan By, string DeclaredBy, Instant Declared)
{
    /// <summary>Oldest first.</summary>
    public IReadOnlyList<HumanDecision> Decisions { get; init; } = [];

    /// <summary>How far it has come: what the last decision says.</summary>
    public ExceptionState State => Decisions.Count == 0 ? ExceptionState.Declared : Decisions[^1].Kind switch
    {
        DecisionKind.Approve => ExceptionState.Approved,
        DecisionKind.Reject => ExceptionState.Rejected,
        _ => ExceptionState.Withdrawn,
    };

    /// <summary>Why a decision about it cannot be taken, with the field of the request; null when it can.</summary>
    public (string Field, string Problem)? ProblemOf(HumanDecision decision) => (State, decision.Kind) switch
    {
        (ExceptionState.Declared, not DecisionKind.Withdraw) when IsSame(decision.By, DeclaredBy) => (
            "decided_by", $"{decision.By} declared exception '{Id}'. Somebody else has to decide about it."),
        (ExceptionState.Rejected or ExceptionState.Withdrawn, _) => (
            "decision", $"exception '{Id}' was {Words(State)} by {Decisions[^1].By} at {Decisions[^1].Recorded}. "
                + "That stays; declare another one under another id."),
        (ExceptionState.Approved, not DecisionKind.Withdraw) => (
            "decision", $"exception '{Id}' was approved by {Decisions[^1].By} at {Decisions[^1].Recorded}. "
                + "It can only be withdrawn."),
        _ => null,
    };

    /// <summary>Whether a decision was taken already, so that a retry changes nothing.</summary>
    public bool Has(HumanDecision decision) =>
        Decisions.Count > 0 && Decisions[^1] is var last && last.Kind == decision.Kind && IsSame(last.By, decision.By)
        && last.IsSupervisor == decision.IsSupervisor;

    /// <summary>Whether two names are one person's: a capital letter makes nobody somebody else.</summary>
    public static bool IsSame(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);

    private static string Words(ExceptionState state) => state == ExceptionState.Rejected ? "rejected" : "withdrawn";
}
