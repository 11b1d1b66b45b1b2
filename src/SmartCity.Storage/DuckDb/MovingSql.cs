using System.Globalization;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Writes questions about when messages were received.</summary>
internal static class MovingSql
{
    private const long HourMs = 3_600_000;

    /// <summary>The hour of a moment, as <see cref="HoursHeard"/> counts them.</summary>
    public static long HourOf(Instant moment) => moment.Milliseconds / HourMs;

    /// <summary>The hours in which what was heard in a span was received.</summary>
    public static string HoursHeard(Instant from, Instant until) => string.Create(CultureInfo.InvariantCulture,
        $"SELECT DISTINCT received // {HourMs} FROM heard WHERE time >= {from.Milliseconds} AND time < {until.Milliseconds}");

    /// <summary>How many records were received in each minute of these hours: minute, records; in order.</summary>
    public static string Minutes(IReadOnlyCollection<long> hours, Instant knownAt) => string.Create(CultureInfo.InvariantCulture, $"""
        SELECT received // 60000 AS minute, sum(records)::BIGINT FROM message
        WHERE received // {HourMs} IN ({string.Join(',', hours.Order().DefaultIfEmpty(long.MaxValue))})
        AND received <= {knownAt.Milliseconds} GROUP BY minute ORDER BY minute
        """);

    /// <summary>The messages received in a span, as they were stored: kind, device, boot, its beginning, number, hash, received, records,
    /// whether another has its number, whether it is there more than once.</summary>
    public static string Heads(Instant from, Instant until) => $"""
        WITH span AS (SELECT m.rowid AS place, m.*, b.device, b.name, b.received AS begun FROM message m JOIN boot b ON b.id = m.boot
            WHERE {Between("m", from, until)}),
        twin AS (SELECT DISTINCT s.place, o.hash = s.hash AS same,
                (o.received, o.rowid) < (s.received, s.place) AS earlier
            FROM span s JOIN boot b ON b.device = s.device AND b.name = s.name JOIN message o ON o.boot = b.id AND o.seq = s.seq
            WHERE s.name <> '' AND o.rowid <> s.place)
        SELECT d.kind, d.name, s.name, s.begun, s.seq, s.hash, s.received, s.records,
            (s.place IN (SELECT place FROM twin WHERE NOT same AND earlier))::UTINYINT,
            (s.records = 1 AND s.place IN (SELECT place FROM twin WHERE same))::UTINYINT
        FROM span s JOIN device d ON d.id = s.device ORDER BY s.place
        """;

    /// <summary>Records received in a span, as they were stored: kind, stamp, the record's own.</summary>
    public static string Records<T>(RecordTable<T> table, Instant from, Instant until) where T : struct, ITelemetryRecord =>
        $"SELECT d.kind, {StampColumns.Selected}, {string.Join(", ", table.Names.Select(name => "t." + name))} FROM {table.Name} t "
        + $"JOIN boot b ON b.id = t.boot JOIN device d ON d.id = b.device WHERE {Between("t", from, until)} ORDER BY t.rowid";

    /// <summary>Of what was received in a span: kind, day of its own time, device.</summary>
    public static string DaysHeard(Instant from, Instant until) =>
        "SELECT DISTINCT d.kind, t.time // 86400000, d.name FROM heard t JOIN device d ON d.id = t.device "
        + $"WHERE {Between("t", from, until)}";

    /// <summary>Copies everything in one transaction into the database <c>copied</c>.</summary>
    /// <param name="path">The file, whose name DuckDB takes for the database's.</param>
    public static string Copy(string path) => $"COPY FROM DATABASE \"{Path.GetFileNameWithoutExtension(path)}\" TO copied";

    private static string Between(string table, Instant from, Instant until) => string.Create(CultureInfo.InvariantCulture,
        $"{table}.received >= {from.Milliseconds} AND {table}.received < {until.Milliseconds}");
}
