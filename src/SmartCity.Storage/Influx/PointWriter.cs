using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Writes messages as points: one of each record. What the index has to know of a message stands in its first record's; a
/// message without records or without a number has a point of its own.</summary>
/// <param name="instance">Which server writes.</param>
/// <param name="isHidden">The store refuses one of these messages: none of their points is ever read.</param>
/// <param name="isApart">Every message has a point of its own, after those of its records.</param>
internal sealed class PointWriter(LineBatch lines, string instance, bool isHidden = false, bool isApart = false) : RecordAppender
{
    private IReadOnlyList<string> _names = [];
    private int _column;

    /// <summary>Adds a message.</summary>
    /// <exception cref="StoreRefusedException">InfluxDB cannot keep it.</exception>
    public void Write(TelemetryMessage message)
    {
        switch (message)
        {
            case TelemetryMessage<StatusRecord> m: WriteRecords(m); break;
            case TelemetryMessage<MeterRecord> m: WriteRecords(m); break;
            case TelemetryMessage<SessionRecord> m: WriteRecords(m); break;
            case TelemetryMessage<FaultRecord> m: WriteRecords(m); break;
            case TelemetryMessage<ConnRecord> m: WriteRecords(m); break;
            case TelemetryMessage<PositionRecord> m: WriteRecords(m); break;
            case TelemetryMessage<EvidenceRecord> m: WriteRecords(m); break;
            case TelemetryMessage<BinRecord> m: WriteRecords(m); break;
            default: throw new ArgumentException($"No measurement keeps {message.GetType()}.", nameof(message));
        }
    }

    public override PointWriter Add(long value)
    {
        lines.Field(_names[_column++], value);
        return this;
    }

    public override PointWriter Add(ulong value) => Add(unchecked((long)value));

    public override PointWriter Add(int value) => Add((long)value);

    public override PointWriter Add(byte value) => Add((long)value);

    public override PointWriter Add(double value)
    {
        lines.Field(_names[_column++], value);
        return this;
    }

    public override PointWriter Add(long? value) => value is { } some ? Add(some) : Skip();

    public override PointWriter Add(int? value) => value is { } some ? Add((long)some) : Skip();

    public override PointWriter Add(byte? value) => value is { } some ? Add((long)some) : Skip();

    public override PointWriter Add(double? value) => value is { } some ? Add(some) : Skip();

    public override PointWriter Add(string? value)
    {
        lines.Field(_names[_column++], value);
        return this;
    }

    private PointWriter Skip()
    {
        _column++;
        return this;
    }

    private void WriteRecords<T>(TelemetryMessage<T> message) where T : struct, ITelemetryRecord
    {
        var table = RecordTables.Of<T>();
        _names = table.Names;
        var kind = Points.WordOf(message.Kind);
        var isTold = false;
        foreach (var record in message.Records)
        {
            var stamp = record.Stamp;
            lines.Begin(table.Name);
            lines.Tag(Points.Device, message.Device);
            lines.Tag(Points.Instance, instance);
            lines.Tag(Points.Kind, kind);
            lines.Tag(Points.Port, table.PortOf(record));
            lines.Field(Points.Received, stamp.Received.Milliseconds);
            lines.Field(Points.BootReceived, stamp.BootReceived.Milliseconds);
            lines.Field(Points.Sequence, stamp.Sequence);
            lines.Field(Points.Index, NotZero(stamp.Index));
            lines.Field(Points.Flags, NotZero((long)stamp.Flags));
            lines.Field(Points.Position, PositionOf(message));
            if (!isTold && !isApart && message.Sequence is not null)
            {
                Tell(message, message.Count == 1 ? null : message.Count);
                isTold = true;
            }
            _column = 0;
            table.Write(record, this);
            lines.End(PointTime.Of(stamp, message));
        }
        if (!isTold)
        {
            WriteMessage(message, kind, message.BootReceived);
        }
    }

    // What InfluxDB does with a point it does mostly for each of its fields.
    private static long? NotZero(long value) => value == 0 ? null : value;

    private void Tell(TelemetryMessage message, long? records)
    {
        lines.Field(Points.Boot, message.Boot);
        lines.Field(Points.Hash, unchecked((long)message.Hash));
        lines.Field(Points.Records, records);
    }

    private long PositionOf(TelemetryMessage message) => isHidden ? long.MaxValue : message.Position;

    private void WriteMessage(TelemetryMessage message, string kind, Instant bootReceived)
    {
        lines.Begin(Points.Message);
        lines.Tag(Points.Device, message.Device);
        lines.Tag(Points.Instance, instance);
        lines.Tag(Points.Kind, kind);
        lines.Field(Points.Received, message.Received.Milliseconds);
        lines.Field(Points.BootReceived, bootReceived.Milliseconds);
        lines.Field(Points.Sequence, message.Sequence);
        Tell(message, message.Count);
        lines.Field(Points.Only, message.OnlyRecord);
        lines.Field(Points.Position, PositionOf(message));
        lines.End(PointTime.Of(message));
    }
}
