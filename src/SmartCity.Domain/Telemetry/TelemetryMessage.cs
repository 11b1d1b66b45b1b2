namespace SmartCity.Domain.Telemetry;

/// <summary>One decoded message: its identity and 1..500 records of one channel.</summary>
/// <param name="Kind">What sent it.</param>
/// <param name="Device">Who sent it.</param>
/// <param name="Channel">What its records are.</param>
/// <param name="Boot">The device's power-up; empty without <paramref name="Sequence"/>.</param>
/// <param name="Sequence">Its number in that power-up; null for devices that do not count.</param>
/// <param name="Hash">64-bit hash of channel and content: tells a resend from a conflict.</param>
/// <param name="Received">When it was accepted here.</param>
/// <param name="Position">Its place in the journal.</param>
/// <param name="OnlyRecord">A replayed record: the only one of the message that is meant.</param>
public abstract record TelemetryMessage(
    DeviceKind Kind, string Device, Channel Channel, string Boot, long? Sequence, ulong Hash, Instant Received, long Position,
    int? OnlyRecord)
{
    /// <summary>Whether another message with the same boot and number, and other content, came before.</summary>
    public bool IsConflict { get; init; }

    /// <summary>How many records it carries.</summary>
    public abstract int Count { get; }

    /// <summary>The places of its records in the message as it was sent.</summary>
    public abstract IEnumerable<ushort> Indexes { get; }

    /// <summary>When the first message of its power-up was received; 0 without boot and seq.</summary>
    public abstract Instant BootReceived { get; }

    /// <summary>How many of its records the device's clock could not date.</summary>
    public abstract int ClockRefused { get; }

    /// <summary>Whether a record of it was made in [from, until).</summary>
    public abstract bool Touches(Instant from, Instant until);
}

/// <inheritdoc cref="TelemetryMessage"/>
public sealed record TelemetryMessage<TRecord>(
    DeviceKind Kind, string Device, Channel Channel, string Boot, long? Sequence, ulong Hash, Instant Received, long Position,
    int? OnlyRecord, IReadOnlyList<TRecord> Records)
    : TelemetryMessage(Kind, Device, Channel, Boot, Sequence, Hash, Received, Position, OnlyRecord)
    where TRecord : struct, ITelemetryRecord
{
    /// <inheritdoc/>
    public override int Count => Records.Count;

    /// <inheritdoc/>
    public override IEnumerable<ushort> Indexes => Records.Select(record => record.Stamp.Index);

    /// <inheritdoc/>
    public override Instant BootReceived => Records.Count > 0 ? Records[0].Stamp.BootReceived : default;

    /// <inheritdoc/>
    public override int ClockRefused => Records.Count(record => (record.Stamp.Flags & StampFlags.ClockRefused) != 0);

    /// <inheritdoc/>
    public override bool Touches(Instant from, Instant until) =>
        Records.Any(record => record.Stamp.Time >= from && record.Stamp.Time < until);
}
