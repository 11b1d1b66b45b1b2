using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>The columns that every table of records begins with: stamp and port. A power-up stands for its device. The index is
/// kept as its distance from the port, which is the same for all records of most piles and so takes no room.</summary>
internal static class StampColumns
{
    private const string Definition =
        "boot INTEGER NOT NULL, time BIGINT NOT NULL, received BIGINT NOT NULL, seq BIGINT NOT NULL, port INTEGER NOT NULL, "
        + "idx INTEGER NOT NULL, flags UTINYINT NOT NULL";

    /// <summary>Creates every table of records.</summary>
    public static readonly string[] Tables =
    [
        Table<StatusRecord>(), Table<MeterRecord>(), Table<SessionRecord>(), Table<FaultRecord>(), Table<ConnRecord>(),
        Table<PositionRecord>(), Table<EvidenceRecord>(), Table<BinRecord>(),
    ];

    public const string Selected = "t.boot, t.time, t.received, t.seq, t.port, t.idx, t.flags";

    public static void Write(in Stamp stamp, int boot, int port, RowAppender row) => row
        .Add(boot).Add(stamp.Time.Milliseconds).Add(stamp.Received.Milliseconds).Add(stamp.Sequence)
        .Add(port).Add(stamp.Index - port).Add((byte)stamp.Flags);

    public static Stamp Read(RowReader row, StoreKeys keys, out int port)
    {
        var (device, bootReceived) = keys.Boot(row.Int32());
        var (time, received, sequence) = (new Instant(row.Int64()), new Instant(row.Int64()), row.Int64());
        port = row.Int32();
        return new Stamp(device, time, received, bootReceived, sequence, (ushort)(row.Int32() + port), (StampFlags)row.Byte());
    }

    private static string Table<T>() where T : struct, ITelemetryRecord =>
        $"CREATE TABLE IF NOT EXISTS {RecordTables.Of<T>().Name}({Definition}, {RecordTables.Of<T>().Columns})";
}
