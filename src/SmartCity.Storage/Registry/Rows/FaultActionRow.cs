using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

/// <summary>One action on a fault. Moments are milliseconds since the epoch. Never changed.</summary>
internal sealed class FaultActionRow
{
    public long RowId { get; set; }

    public required string Id { get; set; }

    public required string Pile { get; set; }

    public required int Port { get; set; }

    public required int Code { get; set; }

    public required bool Derived { get; set; }

    public required long Raised { get; set; }

    public required long SeenUntil { get; set; }

    public required FaultStep Step { get; set; }

    public required string ActedBy { get; set; }

    public required string? Assignee { get; set; }

    public required string? Note { get; set; }

    public required string? OverrideReason { get; set; }

    public required long RecordedAt { get; set; }

    public FaultAction ToAction() => new(
        Id, new SeenFault(Pile, Port, Code, new Instant(Raised), new Instant(SeenUntil), Derived), Step, new Instant(RecordedAt),
        ActedBy, Assignee, Note, OverrideReason);

    public static FaultActionRow Of(FaultAction action) => new()
    {
        Id = action.Id,
        Pile = action.On.Pile,
        Port = action.On.Port,
        Code = action.On.Code,
        Derived = action.On.Derived,
        Raised = action.On.Raised.Milliseconds,
        SeenUntil = action.On.Until.Milliseconds,
        Step = action.Step,
        ActedBy = action.By,
        Assignee = action.Assignee,
        Note = action.Note,
        OverrideReason = action.OverrideReason,
        RecordedAt = action.Recorded.Milliseconds,
    };
}
