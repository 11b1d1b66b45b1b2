using System.Globalization;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Writes the store's questions in SQL. Only numbers go into the text.</summary>
internal static class StoreSql
{
    // The devices asked about, with their rank by name: ranked by device, d by power-up.
    private static string Devices(RecordQuery query, StoreKeys keys)
    {
        var kind = $"kind = {(byte)query.Kind}";
        var some = query.Devices is null ? "" : $" AND id IN ({List(keys.Find(query.Kind, query.Devices))})";
        return $"WITH ranked AS (SELECT id AS device, row_number() OVER (ORDER BY name) AS rank FROM device WHERE {kind}{some}), "
            + "d AS (SELECT b.id AS boot, ranked.device, ranked.rank FROM boot b JOIN ranked ON ranked.device = b.device) ";
    }

    /// <summary>Records of a span with their device's rank among those asked for, in the order in which they were
    /// stored.</summary>
    public static string Records<T>(RecordTable<T> table, RecordQuery query, StoreKeys keys) where T : struct, ITelemetryRecord =>
        $"{Devices(query, keys)}SELECT d.rank, {StampColumns.Selected}, {table.Selected} FROM {table.Name} t JOIN d ON d.boot = t.boot "
        + $"WHERE {Span(table, query)}{Earlier(table, query)}";

    /// <summary>How many records of each device <see cref="Records"/> would give: device, count; by device.</summary>
    public static string Sizes<T>(RecordTable<T> table, RecordQuery query, StoreKeys keys) where T : struct, ITelemetryRecord =>
        $"{Devices(query, keys)}SELECT d.device, count(*) FROM {table.Name} t JOIN d ON d.boot = t.boot "
        + $"WHERE {Span(table, query)} GROUP BY d.device, d.rank ORDER BY d.rank";

    private static string Span<T>(RecordTable<T> table, RecordQuery query) where T : struct, ITelemetryRecord =>
        $"{table.Only}{Known(query)} AND t.time >= {Text(query.From)} AND t.time < {Text(query.Until)}";

    // Sessions of the span that have earlier records. Apart from the span: one condition with OR reads everything twice.
    private static string Earlier<T>(RecordTable<T> table, RecordQuery query) where T : struct, ITelemetryRecord =>
        !query.WholeSessions || !table.Columns.Contains("session VARCHAR", StringComparison.Ordinal)
            ? ""
            : $" UNION ALL SELECT d.rank, {StampColumns.Selected}, {table.Selected} FROM {table.Name} t JOIN d ON d.boot = t.boot "
            + $"WHERE {table.Only}{Known(query)} AND t.time < {Text(query.From)} AND (d.device, t.session) IN "
            + $"(SELECT DISTINCT d.device, t.session FROM {table.Name} t JOIN d ON d.boot = t.boot WHERE {Span(table, query)})";

    /// <summary>For each device and port the records at the last moment before the span.</summary>
    public static string LastBefore<T>(RecordTable<T> table, RecordQuery query, StoreKeys keys) where T : struct, ITelemetryRecord
    {
        var where = $"{table.Only}{Known(query)} AND t.time < {Text(query.From)}";
        return $"{Devices(query, keys)}, last AS (SELECT d.device, t.port, max(t.time) AS time FROM {table.Name} t "
            + $"JOIN d ON d.boot = t.boot WHERE {where} GROUP BY ALL) "
            + $"SELECT {StampColumns.Selected}, {table.Selected} FROM {table.Name} t JOIN d ON d.boot = t.boot "
            + $"JOIN last ON last.device = d.device AND last.port = t.port AND last.time = t.time WHERE {where} ORDER BY "
                + $"d.rank, t.port";
    }

    /// <summary>When devices were heard in a span, and the last time before: rank, time; in the order in which it was
    /// stored.</summary>
    public static string Heard(RecordQuery query, StoreKeys keys) => $"""
        {Devices(query, keys)}SELECT rank, max(t.time) AS time FROM heard t JOIN ranked USING (device)
        WHERE t.time < least({Text(query.From)}, {Text(query.Until)}){Known(query)} GROUP BY rank
        UNION ALL
        SELECT rank, t.time FROM heard t JOIN ranked USING (device)
        WHERE t.time >= {Text(query.From)} AND t.time < {Text(query.Until)}{Known(query)}
        """;

    /// <summary>How many moments of each device <see cref="Heard"/> would give at most: device, count; by device.</summary>
    public static string HeardSizes(RecordQuery query, StoreKeys keys) => $"""
        {Devices(query, keys)}SELECT device, count(*) FROM heard t JOIN ranked USING (device)
        WHERE t.time < {Text(query.Until)} GROUP BY device, rank ORDER BY rank
        """;

    /// <summary>The newest received time of what was heard in a span.</summary>
    public static string LatestReceived(RecordQuery query, StoreKeys keys) => $"""
        {Devices(query, keys)}SELECT max(t.received) FROM heard t JOIN ranked USING (device)
        WHERE t.time >= {Text(query.From)} AND t.time < {Text(query.Until)}{Known(query)}
        """;

    /// <summary>Totals of each power-up: kind, device, boot, first and last received, messages, records, first and last number,
    /// and whether the numbers between are all there once.</summary>
    public static string Receipts(IReadOnlyCollection<string>? devices, StoreKeys keys) => $"""
        SELECT d.kind, d.name, b.name, min(CASE WHEN b.name = '' THEN m.received ELSE b.received END), max(m.received), count(*),
            sum(m.records)::BIGINT, min(m.seq), max(m.seq)
        FROM message m JOIN boot b ON b.id = m.boot JOIN device d ON d.id = b.device WHERE {Some(devices, keys)}
        GROUP BY d.kind, d.name, b.name ORDER BY d.name, d.kind, 4, b.name
        """;

    /// <summary>The ranges of sequence numbers of power-ups that have holes or numbers twice: device, boot, first,
    /// last.</summary>
    public static string Ranges(IReadOnlyCollection<string>? devices, StoreKeys keys) => $"""
        WITH holed AS (
            SELECT b.device, b.name FROM message m JOIN boot b ON b.id = m.boot JOIN device d ON d.id = b.device
            WHERE b.name <> '' AND {Some(devices, keys)}
            GROUP BY b.device, b.name HAVING count(*) <> max(m.seq)::HUGEINT - min(m.seq) + 1),
        number AS (
            SELECT DISTINCT b.device, b.name, m.seq FROM message m JOIN boot b ON b.id = m.boot
            JOIN holed h ON h.device = b.device AND h.name = b.name),
        island AS (SELECT device, name, seq, seq::HUGEINT - row_number() OVER (PARTITION BY device, name ORDER BY seq) AS
            island FROM number)
        SELECT d.kind, d.name, i.name, min(seq), max(seq) FROM island i JOIN device d ON d.id = i.device
        GROUP BY d.kind, d.name, i.name, island ORDER BY d.name, d.kind, i.name, 4
        """;

    /// <summary>Messages by key: boot, seq, hash.</summary>
    public static string Messages(IEnumerable<(int Boot, long Sequence)> keys) =>
        "SELECT m.boot, m.seq, m.hash FROM message m JOIN (VALUES "
        + string.Join(",", keys.Select(key => string.Create(CultureInfo.InvariantCulture,
            $"({key.Boot}::INTEGER,{Text(key.Sequence)})")))
        + ") k(boot, seq) ON k.boot = m.boot AND k.seq = m.seq";

    private static string Some(IReadOnlyCollection<string>? devices, StoreKeys keys) => devices is null
        ? "TRUE"
        : $"d.id IN ({List(Enum.GetValues<DeviceKind>().SelectMany(kind => keys.Find(kind, devices)))})";

    // Everything is known at the end of time, and then the column need not be read.
    private static string Known(RecordQuery query) =>
        query.KnownAt >= Instant.Max ? "" : $" AND t.received <= {Text(query.KnownAt)}";

    private static string List(IEnumerable<int> keys) =>
        string.Join(",", keys.Select(key => key.ToString(CultureInfo.InvariantCulture)).DefaultIfEmpty("-1"));

    private static string Text(Instant instant) => Text(instant.Milliseconds);

    // The smallest number cannot be written as a literal: its digits alone are too large.
    private static string Text(long number) => number == long.MinValue
        ? "(-9223372036854775807 - 1)"
        : string.Create(CultureInfo.InvariantCulture, $"{number}::BIGINT");
}
