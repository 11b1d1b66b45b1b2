using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>The names in InfluxDB beside those of <see cref="Telemetry.RecordTables"/>. Tags: device, kind, port and server, of which there
/// are as many values as there are things; everything else is a field.</summary>
internal static class Points
{
    public const string Device = "device";
    public const string Kind = "kind";
    public const string Port = "port";

    /// <summary>The server that wrote it: positions are those of its journal.</summary>
    public const string Instance = "instance";

    public const string Received = "received";
    public const string BootReceived = "boot_received";
    public const string Sequence = "seq";

    /// <summary>Absent: 0, as of most records.</summary>
    public const string Index = "idx";

    /// <summary>Absent: none.</summary>
    public const string Flags = "flags";

    /// <summary>The measurement of messages that no record can speak for, at their received times.</summary>
    public const string Message = "message";

    // Of a message, in the point of its first record or in its own.
    public const string Boot = "boot";
    public const string Hash = "hash";

    /// <summary>How many the message has; absent: one.</summary>
    public const string Records = "records";

    /// <summary>Of a record that was set aside and came alone later: its place in its message.</summary>
    public const string Only = "only";

    /// <summary>The message's place in the journal of the server that wrote it. InfluxDB shows a point while it is being written, with some
    /// of its fields missing: only what the index has committed is read.</summary>
    public const string Position = "position";

    /// <summary>What the index knows of a message, in the order in which it is read when the index is made again.</summary>
    public static readonly string[] Told = [Received, BootReceived, Sequence, Boot, Hash, Records];

    /// <summary>The fields of each record's stamp, in the order in which <see cref="PointReader"/> reads them.</summary>
    public static readonly string[] Stamp = [Received, BootReceived, Sequence, Index, Flags];

    public static string WordOf(DeviceKind kind) => kind switch
    {
        DeviceKind.Pile => "pile",
        DeviceKind.Truck => "truck",
        DeviceKind.Point => "point",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such kind of device"),
    };

    public static DeviceKind KindOf(string word) => word switch
    {
        "pile" => DeviceKind.Pile,
        "truck" => DeviceKind.Truck,
        "point" => DeviceKind.Point,
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, "no such kind of device"),
    };
}
