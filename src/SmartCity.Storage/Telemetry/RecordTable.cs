using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>How records of one type lie in a store: the own columns follow those of the stamp.</summary>
/// <param name="name">The table, or InfluxDB's measurement.</param>
/// <param name="columns">Its own columns as in CREATE TABLE.</param>
internal abstract class RecordTable<T>(string name, string columns) where T : struct, ITelemetryRecord
{
    /// <summary>The table.</summary>
    public string Name { get; } = name;

    /// <summary>Its own columns as in CREATE TABLE.</summary>
    public string Columns { get; } = columns;

    /// <summary>The names of the columns, in the order of <see cref="Read"/>.</summary>
    public IReadOnlyList<string> Names { get; } = [.. columns.Split(", ").Select(column => column.Split(' ')[0])];

    /// <summary>Which rows of the table are such records; null: all.</summary>
    public virtual Condition? Only => null;

    /// <summary>The record's port; 0 for records without one.</summary>
    public virtual int PortOf(in T record) => 0;

    /// <summary>The session it belongs to, of records that are read by sessions.</summary>
    public virtual string? SessionOf(in T record) => null;

    /// <summary>Appends the record's own columns.</summary>
    public abstract void Write(in T record, RecordAppender row);

    /// <summary>Reads the record's own columns.</summary>
    public abstract T Read(in Stamp stamp, int port, RecordReader row);

    /// <summary>A column has this value, or any at all.</summary>
    internal readonly record struct Condition(string Column, long? Value);
}
