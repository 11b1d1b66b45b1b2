using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;

namespace SmartCity.Storage.DuckDb;

/// <summary>How records of one type lie in their table, after the columns of <see cref="StampColumns"/>.</summary>
internal abstract class RecordTable<T>(string name, string columns) where T : struct, ITelemetryRecord
{
    /// <summary>The table.</summary>
    public string Name { get; } = name;

    /// <summary>Its own columns as in CREATE TABLE.</summary>
    public string Columns { get; } = columns;

    /// <summary>The columns to read, in the order of <see cref="Read"/>.</summary>
    public string Selected { get; } =
        string.Join(", ", columns.Split(", ").Select(column => "t." + column.Split(' ')[0]));

    /// <summary>Which rows of the table are such records.</summary>
    public virtual string Only => "TRUE";

    /// <summary>Whether records belong to a port.</summary>
    public bool HasPort { get; } = columns.StartsWith("port ", StringComparison.Ordinal);

    /// <summary>The record's port; 0 for records without one.</summary>
    public virtual int PortOf(in T record) => 0;

    /// <summary>Appends the record's own columns.</summary>
    public abstract void Write(in T record, RowAppender row);

    /// <summary>Reads the record's own columns.</summary>
    public abstract T Read(in Stamp stamp, RowReader row);
}

/// <summary>The columns that every table of records begins with.</summary>
internal static class StampColumns
{
    public const string Definition =
        "device INTEGER NOT NULL, boot INTEGER NOT NULL, time BIGINT NOT NULL, received BIGINT NOT NULL, seq BIGINT NOT NULL, "
        + "idx USMALLINT NOT NULL, flags UTINYINT NOT NULL";

    public const string Selected = "t.device, t.boot, t.time, t.received, t.seq, t.idx, t.flags";

    public static void Write(in Stamp stamp, int device, int boot, RowAppender row) => row
        .Add(device).Add(boot).Add(stamp.Time.Milliseconds).Add(stamp.Received.Milliseconds).Add(stamp.Sequence)
        .Add(stamp.Index).Add((byte)stamp.Flags);

    public static Stamp Read(RowReader row, StoreKeys keys)
    {
        var device = keys.Device(row.Int32());
        var boot = keys.Boot(row.Int32());
        var (time, received) = (new Instant(row.Int64()), new Instant(row.Int64()));
        return new Stamp(device, time, received, boot, row.Int64(), row.UInt16(), (StampFlags)row.Byte());
    }
}
