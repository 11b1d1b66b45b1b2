using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>Deletes on purpose what is old, and says that it did.</summary>
public interface IRetention
{
    /// <summary>Until which event time the records of a channel were deleted on purpose; <see cref="Instant.Min"/>: never, or
    /// the store is not open, and answers nothing.</summary>
    Instant DeletedUntil(Channel channel);

    /// <summary>The earliest moment at which any device was heard, and that of the earliest record of a channel that is still there;
    /// null: none.</summary>
    ValueTask<(Instant? Heard, Instant? Record)> ReadFirstAsync(Channel channel, CancellationToken cancellation);

    /// <summary>Deletes the meter values or positions of before an event time, for good; what was made of them once and for all
    /// stays. Says first that they are gone, so a question meanwhile never takes them for never sent.</summary>
    /// <exception cref="StoreUnavailableException">Perhaps not all of it was deleted; worth another try later.</exception>
    ValueTask DeleteAsync(Channel channel, Instant until, CancellationToken cancellation);
}
