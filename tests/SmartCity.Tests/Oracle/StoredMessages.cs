using SmartCity.Domain.Telemetry;
using SmartCity.Tests.Oracle.Sanitation;

namespace SmartCity.Tests.Oracle;

/// <summary>Deliveries as the messages that a store is given, in the order of their acceptance, each once.</summary>
internal static class StoredMessages
{
    public static List<TelemetryMessage> Of(OracleTown town) => Of(
        town.Deliveries, number => (number < OracleTown.FirstPoint ? DeviceKind.Truck : DeviceKind.Point, OracleTown.NameOf(number)));

    public static List<TelemetryMessage> Of(OracleWorld world) => Of(world.Deliveries, number => (DeviceKind.Pile, $"P{number}"));

    private static List<TelemetryMessage> Of(
        IReadOnlyList<Delivery> deliveries, Func<int, (DeviceKind Kind, string Name)> device)
    {
        var boots = deliveries.Where(d => d is { Boot: not null, What: not Gone }).GroupBy(d => (d.Pile, d.Boot!.Value))
            .ToDictionary(g => g.Key, g => g.Min(d => d.Received));
        var messages = new List<TelemetryMessage>();
        foreach (var copies in deliveries.GroupBy(d => (d.Pile, d.Boot, d.Sequence, d.Index, d.What)))
        {
            var first = copies.MinBy(d => d.Received)!;
            var (kind, name) = device(first.Pile);
            var boot = DomainFeed.At(first is { Boot: { } b, What: not Gone } ? boots[(first.Pile, b)] : 0);
            var stamp = DomainFeed.StampOf(first, boot) with { Device = name };
            if (Of(kind, stamp, $"{first.Boot}", (ulong)messages.Count, first.What) is { } message)
            {
                messages.Add(message);
            }
        }
        return [.. messages.OrderBy(m => m.Received)];
    }

    private static TelemetryMessage? Of(DeviceKind kind, Stamp stamp, string boot, ulong hash, object what)
    {
        TelemetryMessage<T> Message<T>(Channel channel, T record) where T : struct, ITelemetryRecord =>
            new(kind, stamp.Device, channel, boot, boot.Length > 0 ? stamp.Sequence : null, hash, stamp.Received, 0, null, [record]);

        return what switch
        {
            Seen s => Message(Channel.Position, new PositionRecord(stamp, s.Lat, s.Lon, s.SpeedKmh, null, s.AccuracyM, s.Valid)),
            Proof p => Message(Channel.Evidence, new EvidenceRecord(
                stamp, p.Type, p.PointId, p.Epc, p.NetKg, p.Count, null, null, p.Lat, p.Lon)),
            Filled f => Message(Channel.Bin, new BinRecord(stamp, f.Bin, f.Ratio, null, null)),
            Said s => Message(Channel.Status, new StatusRecord(stamp, s.Port, s.Status, null, null)),
            Metered m => Message(Channel.Meter, new MeterRecord(
                stamp, m.Port, m.Session, null, null, null, (double)m.Wh, null, null, null, null)),
            Sensed s => Message(Channel.Meter, new MeterRecord(
                stamp, s.Port, null, null, null, (double?)s.Watts, null, null, (double?)s.PortC, (double?)s.AirC, null)),
            Step s => Message(Channel.Session, new SessionRecord(
                stamp, s.Port, s.Session, s.Event, s.Start is { } start ? DomainFeed.At(start) : null,
                s.End is { } end ? DomainFeed.At(end) : null, (double?)s.Wh, null, StopReason.Unknown, null)),
            Trouble t => Message(Channel.Fault, new FaultRecord(stamp, t.Port, t.Code, t.Event, t.Value, null, null)),
            Gone => Message(Channel.Conn, new ConnRecord(stamp with { Time = stamp.Received }, false, true, null, null, null)),
            Ping => Message(Channel.Conn, new ConnRecord(stamp, true, false, null, null, null)),
            _ => null,
        };
    }
}
