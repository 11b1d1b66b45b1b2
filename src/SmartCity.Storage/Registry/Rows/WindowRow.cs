using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Rows;

internal sealed class WindowRow : AssetRow
{
    public required string Key { get; set; }

    // Minutes since local midnight.
    public required int StartMinute { get; set; }

    public required int EndMinute { get; set; }

    public required string TimeZone { get; set; }

    public required long EarlyToleranceMs { get; set; }

    public required long LateGraceMs { get; set; }

    public required long AcceptBeforeMs { get; set; }

    public required long AcceptAfterMs { get; set; }

    public override CollectionWindow ToAsset() =>
        new(Id, Validity, Key, TimeOnly.MinValue.AddMinutes(StartMinute), TimeOnly.MinValue.AddMinutes(EndMinute),
            TimeZone, Milliseconds(EarlyToleranceMs), Milliseconds(LateGraceMs), Milliseconds(AcceptBeforeMs),
            Milliseconds(AcceptAfterMs));

    public static WindowRow Of(CollectionWindow window, Instant recordedAt) => new()
    {
        Id = window.Id,
        ValidFrom = window.Validity.From.Milliseconds,
        ValidUntil = window.Validity.Until?.Milliseconds,
        RecordedAt = recordedAt.Milliseconds,
        Key = window.Key,
        StartMinute = (window.Start.Hour * 60) + window.Start.Minute,
        EndMinute = (window.End.Hour * 60) + window.End.Minute,
        TimeZone = window.TimeZone,
        EarlyToleranceMs = Milliseconds(window.EarlyTolerance),
        LateGraceMs = Milliseconds(window.LateGrace),
        AcceptBeforeMs = Milliseconds(window.AcceptBefore),
        AcceptAfterMs = Milliseconds(window.AcceptAfter),
    };
}
