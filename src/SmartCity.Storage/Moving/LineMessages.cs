using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Influx;

namespace SmartCity.Storage.Moving;

/// <summary>Reads messages from the lines that <see cref="MessageLines"/> writes: those of the records, then that of their
/// message.</summary>
public sealed class LineMessages
{
    // What a device may send at once, with room to spare.
    private const int RecordsMax = 10_000;

    private static readonly string[] StampNames = [.. Points.Stamp, Points.Position];
    private static readonly string[] HeadNames =
        [Points.Boot, Points.BootReceived, Points.Sequence, Points.Hash, Points.Records, Points.Only];

    private RecordGroup? _group;
    private string _measurement = "";
    private (string Device, string Kind, Instant Received) _sender;

    /// <summary>Whether records wait for the line of their message.</summary>
    public bool IsOpen => _group is not null;

    /// <summary>The one message in this text.</summary>
    /// <exception cref="FormatException">There is none, or something is wrong with it.</exception>
    public static TelemetryMessage Parse(string lines, long position)
    {
        var reader = new LineMessages();
        TelemetryMessage? message = null;
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            message = reader.Next(line, position);
        }
        return message is not null && !reader.IsOpen ? message : throw new FormatException("the line of the message is missing");
    }

    /// <summary>Takes the next line; gives the message that ends with it. Empty lines and comments are nothing.</summary>
    /// <exception cref="FormatException">It is none that belongs here; the message tells why. The records before it are
    /// forgotten.</exception>
    public TelemetryMessage? Next(string line, long position = 0)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return null;
        }
        try
        {
            var point = LinePoint.Parse(line);
            return point.Measurement == Points.Message ? End(point, position) : Add(point);
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException or OverflowException)
        {
            _group = null;
            throw new FormatException(e.Message, e);
        }
    }

    private TelemetryMessage? Add(LinePoint point)
    {
        var device = point.Tag(Points.Device);
        point.Begin(StampNames);
        var (received, begun) = (new Instant(point.Int64()), new Instant(point.Int64()));
        var stamp = new Stamp(
            device, PointTime.InstantOf(point.Time), received, begun, point.Int64(), checked((ushort)(point.Int64OrNull() ?? 0)),
            (StampFlags)(point.ByteOrNull() ?? 0));
        var sender = (device, point.Tag(Points.Kind), received);
        if (_group is null)
        {
            (_group, _measurement, _sender) = (RecordGroup.Of(point.Measurement), point.Measurement, sender);
        }
        if (_group is null)
        {
            throw new FormatException($"there is no measurement {point.Measurement}");
        }
        if (_sender != sender || _measurement != point.Measurement || _group.Count >= RecordsMax)
        {
            throw new FormatException("the line of the message whose records came before is missing");
        }
        if (!int.TryParse(point.Tag(Points.Port), out var port))
        {
            throw new FormatException("its port is no number");
        }
        _group.Add(stamp, port, point.Begin(_group.Names));
        return null;
    }

    private TelemetryMessage End(LinePoint point, long position)
    {
        var group = _group ?? throw new FormatException("its records do not stand before it");
        point.Begin(HeadNames);
        var (boot, begun, number, hash, records, only) = (
            point.TextOrNull() ?? "", new Instant(point.Int64()), point.Int64OrNull(), unchecked((ulong)point.Int64()), point.Int64(),
            point.Int32OrNull());
        var head = new MessageHead(
            Points.KindOf(point.Tag(Points.Kind)), point.Tag(Points.Device), boot, begun, number ?? 0, hash,
            PointTime.InstantOf(point.Time), group.Count, false, false);
        if (number is null != (boot.Length == 0))
        {
            throw new FormatException("boot and seq come together or not at all");
        }
        if ((head.Device, point.Tag(Points.Kind), head.Received) != _sender || records != group.Count)
        {
            throw new FormatException($"it wants {records} records received at {head.Received}, and {group.Count} others stand before it");
        }
        _group = null;
        return group.Build(head, only, position);
    }
}
