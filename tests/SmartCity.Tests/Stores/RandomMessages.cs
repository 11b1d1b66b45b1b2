using SmartCity.Domain.Telemetry;
using static SmartCity.Tests.Stores.Telemetry;

namespace SmartCity.Tests.Stores;

/// <summary>Messages of all channels of a few devices, as devices that count honestly send them: late, in any order, several records at
/// one millisecond, and now and then a number for the second time with other content.</summary>
internal sealed class RandomMessages(Random random)
{
    private static readonly string[] Words =
        ["", "s1", "a b", "充满", "quote\" comma, equals= back\\slash\\", "tab\tand\nline", "\u0001"];

    private readonly Dictionary<(string Device, string Boot), long> next = [];
    private readonly List<TelemetryMessage> sent = [];

    /// <summary>What was made so far.</summary>
    public IReadOnlyList<TelemetryMessage> Sent => sent;

    /// <summary>A moment that something may have happened at.</summary>
    public Instant Moment() => At(random.Next(40) switch
    {
        0 => -86_400 * random.Next(400),
        1 => 86_400 * random.Next(3),
        var n => n + (random.Next(3) * 3_600),
    });

    public List<TelemetryMessage> Next(int count, long position)
    {
        var messages = Enumerable.Range(0, count).Select(i => One(position + i)).ToList();
        sent.AddRange(messages);
        return messages;
    }

    public string? Word() => random.Next(3) == 0 ? null : Words[random.Next(Words.Length)];

    private TelemetryMessage One(long position) => random.Next(9) switch
    {
        0 => Make(DeviceKind.Pile, Channel.Status, position, stamp => new StatusRecord(
            stamp, Port(), (PortStatus)random.Next(8), Word(), Word())),
        1 => Make(DeviceKind.Pile, Channel.Session, position, stamp => new SessionRecord(
            stamp, Port(), Word() ?? "", (SessionEvent)random.Next(4), At(random.Next(100)), null, Number(), Number(), StopReason.Unknown,
            Word())),
        2 => Make(DeviceKind.Pile, Channel.Fault, position, stamp => new FaultRecord(
            stamp, Port(), random.Next(300), FaultEvent.Raised, Number(), Word(), Word())),
        3 => Make((DeviceKind)random.Next(1, 4), Channel.Conn, position, stamp => new ConnRecord(
            stamp, random.Next(2) == 0, stamp.BootReceived == default && random.Next(2) == 0, Word(), Number(), random.Next(31))),
        4 => Make(DeviceKind.Truck, Channel.Position, position, stamp => new PositionRecord(
            stamp, random.NextDouble(), -random.NextDouble(), Number(), null, 3, random.Next(2) == 0)),
        5 => Make(DeviceKind.Truck, Channel.Evidence, position, stamp => new EvidenceRecord(
            stamp, EvidenceType.Photo, Word(), Word(), Number(), random.Next(), null, Word(), null, Number())),
        6 => Make(DeviceKind.Point, Channel.Bin, position, stamp => new BinRecord(stamp, Word(), Number(), Number(), Word())),
        _ => Make(DeviceKind.Pile, Channel.Meter, position, stamp => new MeterRecord(
            stamp, Port(), Word(), Number(), Number(), Number(), Number(), Number(), Number(), Number(), Number())),
    };

    private TelemetryMessage<T> Make<T>(DeviceKind kind, Channel channel, long position, Func<Stamp, T> record)
        where T : struct, ITelemetryRecord
    {
        var device = $"d{random.Next(3)}";
        var received = Moment() + TimeSpan.FromSeconds(random.Next(100));
        var hash = (ulong)random.NextInt64();
        if (random.Next(12) == 0)
        {
            // Sent without boot and seq: the record's own hash tells it from others.
            var one = record(new Stamp(device, Moment(), received, default, unchecked((long)hash), 0, 0));
            return new TelemetryMessage<T>(kind, device, channel, "", null, hash, received, position, null, [one]);
        }
        var boot = $"b{random.Next(2)}";
        var number = next.GetValueOrDefault((device + kind, boot));
        var isConflict = number > 0 && random.Next(20) == 0;
        var sequence = isConflict ? number - 1 : number;
        next[(device + kind, boot)] = isConflict ? number : number + 1;
        var time = Moment();
        var records = Enumerable.Range(0, random.Next(1, 6)).Select(i => record(new Stamp(
            device, random.Next(3) == 0 ? Moment() : time, received, At(boot == "b0" ? -500 : -400), sequence, (ushort)i,
            (StampFlags)random.Next(8)))).ToList();
        return new TelemetryMessage<T>(kind, device, channel, boot, sequence, hash, received, position, null, records)
        {
            IsConflict = isConflict,
        };
    }

    private int Port() => random.Next(3);

    private double? Number() => random.Next(6) switch
    {
        0 => null,
        1 => 0,
        2 => -0.0,
        3 => random.Next(100),
        4 => random.NextDouble() * 1e-300,
        _ => random.NextDouble() * 1e12,
    };
}
