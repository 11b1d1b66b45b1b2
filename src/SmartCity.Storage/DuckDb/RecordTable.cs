using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;

namespace SmartCity.Storage.DuckDb;

/// <summary>How records of one type lie in their table: the own columns follow those of <see cref="StampColumns"/>.</summary>
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

    /// <summary>The record's port; 0 for records without one.</summary>
    public virtual int PortOf(in T record) => 0;

    /// <summary>The session it belongs to, of records that are read by sessions.</summary>
    public virtual string? SessionOf(in T record) => null;

    /// <summary>Appends the record's own columns.</summary>
    public abstract void Write(in T record, RowAppender row);

    /// <summary>Reads the record's own columns.</summary>
    public abstract T Read(in Stamp stamp, int port, RowReader row);
}
