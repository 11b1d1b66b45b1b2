using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Stores;

/// <summary>Builds messages for store tests.</summary>
internal static class Telemetry
{
    public static readonly Instant Noon = Instant.From(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public static Instant At(double seconds) => Noon + TimeSpan.FromSeconds(seconds);

    public static Stamp Stamp(
        string device, Instant time, long sequence, int index = 0, Instant? received = null, Instant? boot = null,
        StampFlags flags = StampFlags.None) =>
        new(device, time, received ?? time, boot ?? Noon, sequence, (ushort)index, flags);

    /// <summary>A message of these records, numbered by the first one's stamp.</summary>
    public static TelemetryMessage<T> Message<T>(DeviceKind kind, Channel channel, params T[] records)
        where T : struct, ITelemetryRecord =>
        Message(kind, channel, "boot", records[0].Stamp.Sequence, (ulong)records[0].Stamp.Sequence, records);

    public static TelemetryMessage<T> Message<T>(
        DeviceKind kind, Channel channel, string boot, long? sequence, ulong hash, params T[] records)
        where T : struct, ITelemetryRecord =>
        new(kind, records[0].Stamp.Device, channel, boot, sequence, hash, records[0].Stamp.Received, 0, null, records);

    public static MeterRecord Meter(Stamp stamp, int port = 1, double? energy = 1.5, string? session = "s") =>
        new(stamp, port, session, 220.1, 0.9, 198.5, energy, 1e9, 25.5, -3.25, null);

    /// <summary>A meter message of one record.</summary>
    public static TelemetryMessage<MeterRecord> MeterMessage(string device, double second, long sequence, int port = 1) =>
        Message(DeviceKind.Pile, Channel.Meter, Meter(Stamp(device, At(second), sequence), port));
}
