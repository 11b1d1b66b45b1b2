using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>What the index of a store knows of a message.</summary>
/// <param name="Number">Its sequence number; without one its hash.</param>
/// <param name="Records">How many records of it are stored.</param>
/// <param name="IsConflict">Another message came before it under its number.</param>
/// <param name="IsPart">The same message is there more than once: records that were set aside came alone later.</param>
internal readonly record struct MessageHead(
    DeviceKind Kind, string Device, string Boot, Instant BootReceived, long Number, ulong Hash, Instant Received, int Records,
    bool IsConflict, bool IsPart)
{
    /// <summary>Makes the message of these records.</summary>
    /// <param name="isAlone">The records are a part of what came, and are known one by one, as Wills are: those of one device look the
    /// same.</param>
    public TelemetryMessage<T> With<T>(Channel channel, IReadOnlyList<T> records, bool isAlone)
        where T : struct, ITelemetryRecord => new(
        Kind, Device, channel, Boot, Boot.Length == 0 ? null : Number, Hash, Received, 0,
        isAlone || IsPart || (Boot.Length == 0 && records is [ConnRecord { Will: true }]) ? records[0].Stamp.Index : null, records)
    {
        IsConflict = IsConflict,
    };
}
