using System.Text.Json;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Decisions;

namespace SmartCity.Storage.Registry.Rows;

/// <summary>An exception as it was declared. Never changed.</summary>
internal sealed class ExceptionRow
{
    public long RowId { get; set; }

    public required string Id { get; set; }

    public required string Kind { get; set; }

    public required string Reason { get; set; }

    public required string Note { get; set; }

    /// <summary>An <see cref="ExceptionScope"/> as JSON.</summary>
    public required string Scope { get; set; }

    /// <summary>A list as JSON.</summary>
    public required string WindowKeys { get; set; }

    public required DateOnly FirstDate { get; set; }

    public required DateOnly LastDate { get; set; }

    public required long ByMs { get; set; }

    public required string DeclaredBy { get; set; }

    public required long RecordedAt { get; set; }

    public static ExceptionRow Of(DeclaredException declared) => new()
    {
        Id = declared.Id,
        Kind = declared.Kind.ToString(),
        Reason = declared.Reason,
        Note = declared.Note,
        Scope = JsonSerializer.Serialize(declared.Scope),
        WindowKeys = JsonSerializer.Serialize(declared.WindowKeys),
        FirstDate = declared.First,
        LastDate = declared.Last,
        ByMs = declared.By.Ticks / TimeSpan.TicksPerMillisecond,
        DeclaredBy = declared.DeclaredBy,
        RecordedAt = declared.Declared.Milliseconds,
    };

    public DeclaredException ToException(IReadOnlyList<HumanDecision> decisions) => new(
        Id, Enum.Parse<ExceptionKind>(Kind), Reason, Note, JsonSerializer.Deserialize<ExceptionScope>(Scope)!,
        JsonSerializer.Deserialize<string[]>(WindowKeys)!, FirstDate, LastDate, new TimeSpan(ByMs * TimeSpan.TicksPerMillisecond),
        DeclaredBy, new Instant(RecordedAt))
    {
        Decisions = decisions,
    };

    /// <summary>Whether somebody declares the same once more.</summary>
    public bool SaysTheSameAs(ExceptionRow other) =>
        (Kind, Reason, Note, Scope, WindowKeys, FirstDate, LastDate) == (other.Kind, other.Reason, other.Note, other.Scope,
            other.WindowKeys, other.FirstDate, other.LastDate)
        && (ByMs, DeclaredBy) == (other.ByMs, other.DeclaredBy);
}
