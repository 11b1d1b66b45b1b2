using System.Globalization;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>Writes the store's questions in InfluxQL: one statement each, always with both bounds of time.</summary>
internal static class PointQueries
{
    private const string Time = "time";
    private const string Session = "session";

    private static readonly string[] ByPort = [Points.Device, Points.Port];
    private static readonly string[] ByKind = [Points.Device, Points.Kind];

    /// <summary>Records of a span that were journaled before a position, by device and port and time: time, the stamp's fields, the
    /// record's own.</summary>
    public static InfluxSpanQuery Records<T>(RecordTable<T> table, RecordQuery query, Written written)
        where T : struct, ITelemetryRecord => Over(query, part => RecordsIn(table, part, written));

    /// <summary>The same of what was received in [received, receivedUntil), with the position of its message behind.</summary>
    public static InfluxSpanQuery Received<T>(
        RecordTable<T> table, RecordQuery query, Instant received, Instant receivedUntil, Written written)
        where T : struct, ITelemetryRecord => Over(query, part => Select(
        table.Name, [.. Points.Stamp, .. table.Names, Points.Position],
        string.Create(CultureInfo.InvariantCulture, $"{Span(table, part, written)} AND {InfluxQl.Identifier(Points.Received)} "
            + $">= {received.Milliseconds} AND {InfluxQl.Identifier(Points.Received)} < {receivedUntil.Milliseconds}"),
        ByPort));

    /// <summary>The last two of each device and port in a span, the last first.</summary>
    public static InfluxSpanQuery LastTwo<T>(RecordTable<T> table, RecordQuery query, Written written)
        where T : struct, ITelemetryRecord => Over(query, part =>
        {
            var records = RecordsIn(table, part, written);
            return records with { Statement = records.Statement + " ORDER BY time DESC LIMIT 2" };
        });

    /// <summary>The sessions that records of a span name, each once a device: session.</summary>
    public static InfluxSpanQuery Sessions<T>(RecordTable<T> table, RecordQuery query, Written written)
        where T : struct, ITelemetryRecord => Over(query, part => new(
        $"SELECT distinct({InfluxQl.Identifier(Session)}) FROM {InfluxQl.Identifier(table.Name)} WHERE {Span(table, part, written)} "
        + $"AND {InfluxQl.Identifier(Session)} <> '' GROUP BY {InfluxQl.Identifier(Points.Device)}",
        ["distinct"], [Points.Device]));

    /// <summary>What the index has to know of all that is in a measurement, by device and kind: time, <see cref="Points.Told"/>, and one
    /// more column.</summary>
    public static InfluxSpanQuery Known(string measurement, string? column, Written written) => new(
        Instant.Min, Instant.Max, (from, until) => Select(
            measurement, column is null ? Points.Told : [.. Points.Told, column], $"{Between(from, until)} AND {Of(written)}", ByKind));

    /// <summary>A condition: time in [from, until).</summary>
    public static string Between(Instant from, Instant until) =>
        InfluxQl.Between(InfluxQl.Nanoseconds(from.Milliseconds), InfluxQl.Nanoseconds(until.Milliseconds));

    private static InfluxSpanQuery Over(RecordQuery query, Func<RecordQuery, InfluxQuery> question) =>
        new(query.From, query.Until, (from, until) => question(query with { From = from, Until = until }));

    private static InfluxQuery RecordsIn<T>(RecordTable<T> table, RecordQuery query, Written written)
        where T : struct, ITelemetryRecord => Select(table.Name, [.. Points.Stamp, .. table.Names], Span(table, query, written), ByPort);

    private static string Of(Written written) => InfluxQl.AnyOf(Points.Instance, [written.Instance])
        + string.Create(CultureInfo.InvariantCulture, $" AND {InfluxQl.Identifier(Points.Position)} < {written.Before}");

    private static InfluxQuery Select(string measurement, string[] fields, string where, string[] by) => new(
        $"SELECT {Listed(fields)} FROM {InfluxQl.Identifier(measurement)} WHERE {where} GROUP BY {Listed(by)}", [Time, .. fields], by);

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Select(InfluxQl.Identifier));

    private static string Span<T>(RecordTable<T> table, RecordQuery query, Written written)
        where T : struct, ITelemetryRecord => string.Concat(
        InfluxQl.AnyOf(Points.Kind, [Points.WordOf(query.Kind)]),
        query.Devices is null ? "" : $" AND {InfluxQl.AnyOf(Points.Device, query.Devices)}",
        $" AND {Between(query.From, query.Until)}",
        query.KnownAt >= Instant.Max
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" AND {InfluxQl.Identifier(Points.Received)} <= {query.KnownAt.Milliseconds}"),
        $" AND {Of(written)}",
        Only(table));

    // A field that is not there compares as false.
    private static string Only<T>(RecordTable<T> table) where T : struct, ITelemetryRecord => table.Only switch
    {
        null => "",
        { Value: { } value } only => string.Create(CultureInfo.InvariantCulture, $" AND {InfluxQl.Identifier(only.Column)} = {value}"),
        { } only => string.Create(CultureInfo.InvariantCulture, $" AND {InfluxQl.Identifier(only.Column)} >= -{double.MaxValue:F1}"),
    };

    /// <summary>What a server has written and committed.</summary>
    /// <param name="Before">The position in its journal.</param>
    internal readonly record struct Written(string Instance, long Before);
}
