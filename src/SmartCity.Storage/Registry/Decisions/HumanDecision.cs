using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Decisions;

/// <summary>What somebody may decide about an exception or a confirmation.</summary>
public enum DecisionKind
{
    /// <summary>An exception holds from here on; a confirmation or picture is believed.</summary>
    Approve = 1,

    /// <summary>It does not.</summary>
    Reject = 2,

    /// <summary>Of exceptions: it holds no longer.</summary>
    Withdraw = 3,
}

/// <summary>One decision of a person, as it was recorded. Nothing about it changes any more.</summary>
/// <param name="By">Who decided, as the request said.</param>
/// <param name="IsSupervisor">Whether the request said that this is a supervisor.</param>
/// <param name="Reason">Why; may be empty.</param>
/// <param name="Recorded">When it was taken here.</param>
public sealed record HumanDecision(DecisionKind Kind, string By, bool IsSupervisor, string Reason, Instant Recorded);
