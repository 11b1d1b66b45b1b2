using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Writes messages as points: one of each record, and one of the message itself, from which the index can be made
/// again.</summary>
/// <param name="instance">Which server writes.</param>
/// <param name="isHidden">The store refuses one of these messages: none of their points is ever read.</param>
internal sealed class PointWriter(LineBatch lines, string instance, bool isHidden = false) : RecordAppender
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
            lines.Field(Points.Index, (long)stamp.Index);
            lines.Field(Points.Flags, (long)stamp.Flags);
            lines.Field(Points.Position, PositionOf(message));
            _column = 0;
            table.Write(record, this);
            lines.End(PointTime.Of(stamp, message));
        }
        WriteMessage(message, kind, message.BootReceived);
    }

    private long PositionOf(TelemetryMessage message) => isHidden ? long.MaxValue : message.Position;

    private void WriteMessage(TelemetryMessage message, string kind, Instant bootReceived)
    {
        lines.Begin(Points.Message);
        lines.Tag(Points.Device, message.Device);
        lines.Tag(Points.Instance, instance);
        lines.Tag(Points.Kind, kind);
        lines.Field(Points.Boot, message.Boot);
        lines.Field(Points.BootReceived, bootReceived.Milliseconds);
        lines.Field(Points.Sequence, message.Sequence);
        lines.Field(Points.Hash, unchecked((long)message.Hash));
        lines.Field(Points.Records, (long)message.Count);
        lines.Field(Points.Only, message.OnlyRecord);
        lines.Field(Points.Position, PositionOf(message));
        lines.End(PointTime.Of(message));
    }
}
