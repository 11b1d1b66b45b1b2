using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Influx;

// Days as points. The last point written of a device and day is what holds.
public sealed partial class InfluxTelemetryStore
{
    // One point for each day that was written whole, after its rows.
    private const string Whole = "rollup";
    private const string Measurement = "measurement";
    private static readonly TimeSpan RevisionsMax = TimeSpan.FromHours(12);

    /// <summary>The hashes of the days that were written whole by this server, by measurement and day.</summary>
    /// <exception cref="Telemetry.StoreUnavailableException">Worth another try later.</exception>
    public async ValueTask<Dictionary<(string Measurement, Instant Day), long>> ReadRollupsAsync(
        Instant from, Instant until, CancellationToken cancellation)
    {
        var query = new InfluxSpanQuery(from, until + RevisionsMax, (begin, end) => new InfluxQuery(
            $"SELECT \"day\", \"hash\" FROM \"{Whole}\" WHERE {PointQueries.Between(begin, end)} AND {OfThisServer()} "
            + $"GROUP BY \"{Measurement}\"",
            ["time", "day", "hash"], [Measurement]));
        var found = new Dictionary<(string Measurement, Instant Day), (long Time, long Hash)>();
        await foreach (var series in connection.QueryAsync(options.RollupDatabase, query, cancellation))
        {
            for (var row = 0; row < series.Count; row++)
            {
                var key = (series.Tag(Measurement)!, new Instant(series.Int64(row, 1) ?? 0));
                var time = series.Int64(row, 0) ?? 0;
                if (!found.TryGetValue(key, out var other) || time > other.Time)
                {
                    found[key] = (time, series.Int64(row, 2) ?? 0);
                }
            }
        }
        return found.ToDictionary(one => one.Key, one => one.Value.Hash);
    }

    /// <summary>Writes a day, in the place of what was written of it before.</summary>
    /// <exception cref="Telemetry.StoreUnavailableException">Worth another try later; it may be there in part.</exception>
    public async ValueTask WriteRollupAsync(Rollup rollup, CancellationToken cancellation)
    {
        var time = TimeOf(rollup.Day);
        using var lines = new LineBatch();
        foreach (var row in rollup.Rows.Concat(await GoneAsync(rollup, cancellation)))
        {
            lines.Begin(rollup.Measurement);
            lines.Tag(Points.Device, row.Device);
            lines.Tag(Points.Instance, options.Instance);
            for (var i = 0; i < rollup.Fields.Count; i++)
            {
                lines.Field(rollup.Fields[i], row.Values[i]);
            }
            lines.End(time);
        }
        await connection.WriteAsync(options.RollupDatabase, lines, cancellation);
        lines.Clear();
        lines.Begin(Whole);
        lines.Tag(Points.Instance, options.Instance);
        lines.Tag(Measurement, rollup.Measurement);
        lines.Field("day", rollup.Day.Milliseconds);
        lines.Field("hash", rollup.Hash());
        lines.Field("rows", (long)rollup.Rows.Count);
        lines.Field("computed", Instant.From(clock.GetUtcNow()).Milliseconds);
        lines.End(time);
        await connection.WriteAsync(options.RollupDatabase, lines, cancellation);
    }

    // What has no row any more (its commissioning was corrected) is nothing from now on.
    private async ValueTask<List<RollupRow>> GoneAsync(Rollup rollup, CancellationToken cancellation)
    {
        var there = rollup.Rows.Select(row => row.Device).ToHashSet(StringComparer.Ordinal);
        var query = new InfluxSpanQuery(rollup.Day, rollup.Day + RevisionsMax, (from, until) => new InfluxQuery(
            $"SELECT last({InfluxQl.Identifier(rollup.Fields[0])}) FROM {InfluxQl.Identifier(rollup.Measurement)} "
            + $"WHERE {PointQueries.Between(from, until)} AND {OfThisServer()} GROUP BY \"{Points.Device}\"",
            ["last"], [Points.Device]));
        var gone = new Dictionary<string, RollupRow>(StringComparer.Ordinal);
        await foreach (var series in connection.QueryAsync(options.RollupDatabase, query, cancellation))
        {
            if (series.Count > 0 && series.Tag(Points.Device) is { } device && !there.Contains(device))
            {
                gone[device] = new RollupRow(device, new double[rollup.Fields.Count]);
            }
        }
        return [.. gone.Values];
    }

    // 1.x and 2.x replace a point. What 3.x does with two values of one point is not defined: there each is a point of its own, a
    // nanosecond later for each millisecond that it was made later.
    private long TimeOf(Instant day) =>
        InfluxQl.Nanoseconds(day.Milliseconds)
        + (connection.Replaces ? 0 : Math.Max(0, Instant.From(clock.GetUtcNow()).Milliseconds - day.Milliseconds));

    private string OfThisServer() => InfluxQl.AnyOf(Points.Instance, [options.Instance]);
}
