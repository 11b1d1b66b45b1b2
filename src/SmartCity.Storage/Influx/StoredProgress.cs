using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>How far a server had come when its index was last made durable, as InfluxDB was told: the journal may be cut before that,
/// so an index that knows less has to be made again.</summary>
internal sealed record StoredProgress(long Position, IngestCounts Counts)
{
    private const string Measurement = "progress";
    private const string Instance = "instance";

    private static readonly string[] Fields =
        ["position", "stored", "records", "duplicates", "dead", "dead_records", "conflicts", "clock_refused", "damaged"];

    /// <summary>The furthest of a server, of each part of the time that is asked for; not the newest, since its clock may have been
    /// ahead.</summary>
    public static InfluxSpanQuery Furthest(string instance) => new(Instant.Min, Instant.Max, (from, until) => new(
        $"SELECT max({InfluxQl.Identifier(Fields[0])}), {string.Join(", ", Fields[1..].Select(InfluxQl.Identifier))} "
        + $"FROM {InfluxQl.Identifier(Measurement)} WHERE {PointQueries.Between(from, until)} "
        + $"AND {InfluxQl.AnyOf(Instance, [instance])}",
        ["max", .. Fields[1..]]));

    public static StoredProgress Read(InfluxSeries series)
    {
        var values = Enumerable.Range(0, Fields.Length).Select(column => series.Int64(0, column) ?? 0).ToArray();
        return new StoredProgress(
            values[0],
            new IngestCounts(values[1], values[2], values[3], values[4], values[5], values[6], values[7], values[8]));
    }

    public void Write(LineBatch lines, string instance, DateTimeOffset now)
    {
        long[] values =
        [
            Position, Counts.Stored, Counts.Records, Counts.Duplicates, Counts.Dead, Counts.DeadRecords, Counts.Conflicts,
            Counts.ClockRefusedRecords, Counts.Damaged,
        ];
        lines.Begin(Measurement);
        lines.Tag(Instance, instance);
        foreach (var (field, value) in Fields.Zip(values))
        {
            lines.Field(field, value);
        }
        lines.End((now - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
    }
}
