using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Decisions;

namespace SmartCity.Storage.Registry.Rows;

/// <summary>One decision of a person. Never changed.</summary>
internal sealed class DecisionRow
{
    /// <summary>About an exception.</summary>
    public const string OfException = "EXCEPTION";

    /// <summary>About a confirmation that was entered here.</summary>
    public const string OfConfirmation = "CONFIRMATION";

    /// <summary>About a confirmation or picture that a truck sent.</summary>
    public const string OfEvidence = "EVIDENCE";

    public long RowId { get; set; }

    public required string Subject { get; set; }

    public required string SubjectId { get; set; }

    /// <summary>When the evidence was made; of an exception 0.</summary>
    public required long AboutAt { get; set; }

    public required string Decision { get; set; }

    public required string DecidedBy { get; set; }

    public required bool IsSupervisor { get; set; }

    public required string Reason { get; set; }

    public required long RecordedAt { get; set; }

    public static DecisionRow Of(string subject, string subjectId, Instant about, HumanDecision decision) => new()
    {
        Subject = subject,
        SubjectId = subjectId,
        AboutAt = about.Milliseconds,
        Decision = decision.Kind.ToString(),
        DecidedBy = decision.By,
        IsSupervisor = decision.IsSupervisor,
        Reason = decision.Reason,
        RecordedAt = decision.Recorded.Milliseconds,
    };

    public HumanDecision ToDecision() =>
        new(Enum.Parse<DecisionKind>(Decision), DecidedBy, IsSupervisor, Reason, new Instant(RecordedAt));
}
