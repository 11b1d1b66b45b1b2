using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Live;

/// <summary>Messages of one record, as devices send them; times are seconds after <see cref="Town.Start"/>.</summary>
internal static class Say
{
    public static TelemetryMessage Status(
        double at, PortStatus status, int port = 1, string pile = "p1", long sequence = 0, string? session = null) => Of(
        DeviceKind.Pile, Channel.Status,
        new StatusRecord(Stamp(pile, at, sequence), port, status, session, null));

    public static TelemetryMessage Meter(
        double at, double power, int port = 1, string pile = "p1", long sequence = 0, string? session = null) => Of(
        DeviceKind.Pile, Channel.Meter,
        new MeterRecord(Stamp(pile, at, sequence), port, session, 220, null, power, null, null, null, null, null));

    public static TelemetryMessage Session(double at, SessionEvent step, string session, int port = 1, long sequence = 0) => Of(
        DeviceKind.Pile, Channel.Session,
        new SessionRecord(Stamp("p1", at, sequence), port, session, step, null, null, null, null, StopReason.Unknown, null));

    public static TelemetryMessage Fault(double at, FaultEvent step, int code, int port = 1, long sequence = 0) => Of(
        DeviceKind.Pile, Channel.Fault, new FaultRecord(Stamp("p1", at, sequence), port, code, step, null, null, null));

    public static TelemetryMessage Conn(double at, bool online, long sequence = 0, double? received = null) => Of(
        DeviceKind.Pile, Channel.Conn,
        new ConnRecord(Stamp("p1", at, sequence, received), online, !online, null, null, null));

    public static TelemetryMessage Position(double at, double lat, double lon, double? speed = null, bool? valid = null) => Of(
        DeviceKind.Truck, Channel.Position,
        new PositionRecord(Stamp("t1", at, 0), lat, lon, speed, 90, null, valid));

    public static TelemetryMessage Bin(double at, string bin, double fill) => Of(
        DeviceKind.Point, Channel.Bin, new BinRecord(Stamp("q1", at, 0), bin, fill, null, null));

    public static TelemetryMessage Of<T>(DeviceKind kind, Channel channel, params T[] records) where T : struct, ITelemetryRecord
    {
        var stamp = records[0].Stamp;
        return new TelemetryMessage<T>(
            kind, stamp.Device, channel, "b", stamp.Sequence, (ulong)stamp.Sequence, stamp.Received, 0, null, records);
    }

    private static Stamp Stamp(string device, double at, long sequence, double? received = null) => new(
        device, Town.Start + TimeSpan.FromSeconds(at), Town.Start + TimeSpan.FromSeconds(received ?? at), Town.Start, sequence, 0,
        StampFlags.None);
}
