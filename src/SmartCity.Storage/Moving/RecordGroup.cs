using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>The records of one message while it is read.</summary>
internal abstract class RecordGroup
{
    /// <summary>How many there are.</summary>
    public abstract int Count { get; }

    /// <summary>The names of the record's own columns.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>A group of what lies in this measurement; null when there is none of that name.</summary>
    public static RecordGroup? Of(string measurement) => measurement switch
    {
        "conn" => new RecordGroup<ConnRecord>(Channel.Conn),
        "status" => new RecordGroup<StatusRecord>(Channel.Status),
        "meter" => new RecordGroup<MeterRecord>(Channel.Meter),
        "session" => new RecordGroup<SessionRecord>(Channel.Session),
        "fault" => new RecordGroup<FaultRecord>(Channel.Fault),
        "position" => new RecordGroup<PositionRecord>(Channel.Position),
        "evidence" => new RecordGroup<EvidenceRecord>(Channel.Evidence),
        "bin" => new RecordGroup<BinRecord>(Channel.Bin),
        _ => null,
    };

    /// <summary>Adds a record.</summary>
    public abstract void Add(in Stamp stamp, int port, RecordReader row);

    /// <summary>The message of them.</summary>
    public abstract TelemetryMessage Build(in MessageHead head, int? only, long position);
}

/// <inheritdoc/>
internal sealed class RecordGroup<T>(Channel channel) : RecordGroup where T : struct, ITelemetryRecord
{
    private static readonly RecordTable<T> Table = RecordTables.Of<T>();
    private readonly List<T> _records = [];

    public override int Count => _records.Count;

    public override IReadOnlyList<string> Names => Table.Names;

    public override void Add(in Stamp stamp, int port, RecordReader row) => _records.Add(Table.Read(stamp, port, row));

    public override TelemetryMessage Build(in MessageHead head, int? only, long position) => new TelemetryMessage<T>(
        head.Kind, head.Device, channel, head.Boot, head.Boot.Length == 0 ? null : head.Number, head.Hash, head.Received, position, only,
        _records);
}
