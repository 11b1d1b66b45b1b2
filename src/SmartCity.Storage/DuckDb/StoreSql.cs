using System.Globalization;
using System.Text;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

/// <summary>Writes the store's questions in SQL. Only numbers go into the text.</summary>
internal static class StoreSql
{
    private const int SessionsWrittenMax = 2_000;

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
    /// <param name="sessions">Also all other records of these sessions.</param>
    public static string Records<T>(RecordTable<T> table, RecordQuery query, WholeSessions sessions, StoreKeys keys)
        where T : struct, ITelemetryRecord =>
        $"{Devices(query, keys)}{Selected(table)} WHERE {Span(table, query)}{Rest(table, query, sessions)}";

    /// <summary>The sessions whose records are asked for whole, with the days on which they spoke: device, session,
    /// day.</summary>
    public static string SessionsOf(RecordQuery query, StoreKeys keys) => $"""
        {Devices(query, keys)}SELECT k.device, k.session, s.day FROM ({SessionsOf(query)}) k
        JOIN session_day s ON s.device = k.device AND s.session = k.session
        """;

    /// <summary>The days on which sessions spoke, from the index alone: device, session, day.</summary>
    public static string DaysOf(DeviceKind kind, IEnumerable<(string Device, string Session)> sessions, StoreKeys keys)
    {
        var known = sessions.SelectMany(s => keys.Find(kind, [s.Device]).Select(device => $"({List([device])},{Text(s.Session)})"));
        return "SELECT s.device, s.session, s.day FROM session_day s JOIN (VALUES "
            + string.Join(",", known.DefaultIfEmpty("(-1,'')")) + ") k(device, session) ON k.device = s.device AND k.session = s.session";
    }

    private static string SessionsOf(RecordQuery query) => $"{Sessions(RecordTables.Of<EnergySample>(), query)} UNION "
        + Sessions(RecordTables.Of<SessionRecord>(), query with { Until = Instant.Later(query.Until, query.SessionsUntil!.Value) });

    /// <summary>How many records of each device lie in the span: device, count; by device, also those without any.</summary>
    public static string Sizes<T>(RecordTable<T> table, RecordQuery query, StoreKeys keys) where T : struct, ITelemetryRecord =>
        $"{Devices(query, keys)}, n AS (SELECT d.device, count(*) AS records FROM {table.Name} t JOIN d ON d.boot = t.boot "
        + $"WHERE {Span(table, query)} GROUP BY d.device) "
        + "SELECT ranked.device, coalesce(n.records, 0) FROM ranked LEFT JOIN n ON n.device = ranked.device ORDER BY ranked.rank";

    private static string Span<T>(RecordTable<T> table, RecordQuery query) where T : struct, ITelemetryRecord =>
        $"{Only(table)}{Known(query)} AND t.time >= {Text(query.From)} AND t.time < {Text(query.Until)}";

    // What sessions said beside the span. A few are written out: the database then knows how few they are, and looks each record up
    // among them.
    private static string Rest<T>(RecordTable<T> table, RecordQuery query, WholeSessions sessions) where T : struct, ITelemetryRecord
    {
        var named = sessions.Keys.Count > SessionsWrittenMax
            ? SessionsOf(query)
            : "VALUES " + string.Join(",", sessions.Keys.Select(s => $"({s.Device},{Text(s.Session)})"));
        return string.Concat(sessions.Beside(query).Select(beside =>
            $" UNION ALL {Selected(table)} JOIN ({named}) k(device, session) ON k.device = d.device AND k.session = t.session "
            + $"WHERE {Span(table, query with { From = beside.From, Until = beside.Until })}"));
    }

    private static string Selected<T>(RecordTable<T> table) where T : struct, ITelemetryRecord =>
        $"SELECT d.rank, {StampColumns.Selected}, {Own(table)} FROM {table.Name} t JOIN d ON d.boot = t.boot";

    private static string Own<T>(RecordTable<T> table) where T : struct, ITelemetryRecord =>
        string.Join(", ", table.Names.Select(name => "t." + name));

    private static string Only<T>(RecordTable<T> table) where T : struct, ITelemetryRecord => table.Only switch
    {
        null => "TRUE",
        { Value: { } value } only => $"t.{only.Column} = {Text(value)}",
        { } only => $"t.{only.Column} IS NOT NULL",
    };

    private static string Sessions<T>(RecordTable<T> table, RecordQuery query) where T : struct, ITelemetryRecord =>
        $"SELECT d.device, t.session FROM {table.Name} t JOIN d ON d.boot = t.boot WHERE {Span(table, query)} AND t.session <> ''";

    /// <summary>For each device and port the records at the last moment before the query's beginning, if that is not before
    /// <paramref name="since"/>; by device and port.</summary>
    public static string LastBefore<T>(RecordTable<T> table, RecordQuery query, Instant since, StoreKeys keys)
        where T : struct, ITelemetryRecord
    {
        var where = Span(table, query with { From = since, Until = query.From });
        return $"{Devices(query, keys)}, last AS (SELECT d.device, t.port, max(t.time) AS time FROM {table.Name} t "
            + $"JOIN d ON d.boot = t.boot WHERE {where} GROUP BY ALL) "
            + $"SELECT {StampColumns.Selected}, {Own(table)} FROM {table.Name} t JOIN d ON d.boot = t.boot "
            + $"JOIN last ON last.device = d.device AND last.port = t.port AND last.time = t.time WHERE {where} ORDER BY "
                + $"d.rank, t.port";
    }

    /// <summary>When each device and port said anything first: device, port, time.</summary>
    public static string First<T>(RecordTable<T> table) where T : struct, ITelemetryRecord =>
        $"SELECT b.device, t.port, min(t.time) FROM {table.Name} t JOIN boot b ON b.id = t.boot GROUP BY ALL";

    /// <summary>When devices were heard in a span: rank, time; in the order in which it was stored.</summary>
    public static string Heard(RecordQuery query, StoreKeys keys) => $"""
        {Devices(query, keys)}SELECT rank, t.time FROM heard t JOIN ranked USING (device)
        WHERE t.time >= {Text(query.From)} AND t.time < {Text(query.Until)}{Known(query)}
        """;

    /// <summary>The last time in a span that each of these devices was heard: device, time.</summary>
    public static string LastHeard(RecordQuery query, IEnumerable<int> devices) => $"""
        SELECT t.device, max(t.time) FROM heard t WHERE t.device IN ({List(devices)})
        AND t.time >= {Text(query.From)} AND t.time < {Text(query.Until)}{Known(query)} GROUP BY t.device
        """;

    /// <summary>How many moments of each device <see cref="Heard"/> gives at most: device, count; by device.</summary>
    public static string HeardSizes(RecordQuery query, StoreKeys keys) => $"""
        {Devices(query, keys)}, n AS (
            SELECT t.device, count(*) AS moments FROM heard t JOIN ranked USING (device)
            WHERE t.time >= {Text(query.From)} AND t.time < {Text(query.Until)} GROUP BY t.device)
        SELECT ranked.device, coalesce(n.moments, 0) FROM ranked LEFT JOIN n USING (device) ORDER BY ranked.rank
        """;

    /// <summary>The newest received time of what was heard in a span.</summary>
    public static string LatestReceived(RecordQuery query, StoreKeys keys) => $"""
        {Devices(query, keys)}SELECT max(t.received) FROM heard t JOIN ranked USING (device)
        WHERE t.time >= {Text(query.From)} AND t.time < {Text(query.Until)}{Known(query)}
        """;

    /// <summary>The same by device and by span of so many ms: device, number of the span, received.</summary>
    public static string LatestReceived(RecordQuery query, long span, StoreKeys keys) => $"""
        {Devices(query, keys)}SELECT t.device, (t.time - {Text(query.From)}) // {Text(span)} AS span, max(t.received)
        FROM heard t JOIN ranked USING (device)
        WHERE t.time >= {Text(query.From)} AND t.time < {Text(query.Until)}{Known(query)} GROUP BY ALL
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

    // As the numbers of its letters: nothing that a device says is read as SQL.
    private static string Text(string word) => $"decode(from_hex('{Convert.ToHexString(Encoding.UTF8.GetBytes(word))}'))";

    // The smallest number cannot be written as a literal: its digits alone are too large.
    private static string Text(long number) => number == long.MinValue
        ? "(-9223372036854775807 - 1)"
        : string.Create(CultureInfo.InvariantCulture, $"{number}::BIGINT");
}
