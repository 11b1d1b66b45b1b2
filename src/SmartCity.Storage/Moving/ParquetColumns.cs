using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Moving;

/// <summary>The columns of a Parquet file: those of message and stamp, then the record's own.</summary>
internal static class ParquetColumns
{
    private static readonly (string Name, string Type)[] Head =
    [
        ("message", "BIGINT NOT NULL"), ("kind", "VARCHAR NOT NULL"), ("device", "VARCHAR NOT NULL"), ("boot", "VARCHAR NOT NULL"),
        ("boot_received", "TIMESTAMP_MS"), ("seq", "BIGINT"), ("hash", "UBIGINT NOT NULL"), ("only", "INTEGER"),
        ("received", "TIMESTAMP_MS NOT NULL"), ("time", "TIMESTAMP_MS NOT NULL"), ("idx", "INTEGER NOT NULL"),
        ("flags", "UTINYINT NOT NULL"), ("port", "INTEGER NOT NULL"),
    ];

    /// <summary>The statement that makes a measurement's table.</summary>
    public static string Table<T>() where T : struct, ITelemetryRecord =>
        $"CREATE TABLE {RecordTables.Of<T>().Name}({string.Join(", ", Columns(Own<T>()).Select(c => $"\"{c.Name}\" {c.Type}"))})";

    /// <summary>The same columns out of a file, as they are read here: moments in ms.</summary>
    public static string Selected(string own) => string.Join(", ", Columns(own).Select(c => c.Type.Split(' ')[0] is "TIMESTAMP_MS"
        ? $"epoch_ms(\"{c.Name}\")::BIGINT AS \"{c.Name}\""
        : $"\"{c.Name}\"::{c.Type.Split(' ')[0]} AS \"{c.Name}\""));

    /// <summary>What is wrong with a row that has no value where one has to be.</summary>
    public static string Lacking(string own) => string.Join(" OR ", Columns(own)
        .Where(c => c.Type.EndsWith("NOT NULL", StringComparison.Ordinal)).Select(c => $"\"{c.Name}\" IS NULL"));

    public static string Own<T>() where T : struct, ITelemetryRecord => RecordTables.Of<T>().Columns;

    private static IEnumerable<(string Name, string Type)> Columns(string own) => Head.Concat(own.Split(", ").Select(column =>
        (column[..column.IndexOf(' ', StringComparison.Ordinal)], column[(column.IndexOf(' ', StringComparison.Ordinal) + 1)..])));
}
