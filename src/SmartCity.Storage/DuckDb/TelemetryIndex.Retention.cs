using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

// What was deleted on purpose. That there were such messages stays known: they are not stored a second time, and not missing.
public abstract partial class TelemetryIndex
{
    /// <inheritdoc/>
    public Instant DeletedUntil(Channel channel) => _session?.Deleted.Of(channel) ?? Instant.Min;

    /// <inheritdoc/>
    public async ValueTask<(Instant? Heard, Instant? Record)> ReadFirstAsync(Channel channel, CancellationToken cancellation) =>
        (await FirstInAsync("heard", cancellation), await ReadFirstRecordAsync(TableOf(channel), cancellation));

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(Channel channel, Instant until, CancellationToken cancellation)
    {
        var table = TableOf(channel);
        EnsureDeletes();
        await WriteAsync(
            session =>
            {
                session.Writer.Execute("BEGIN TRANSACTION");
                session.Deleted.Raise(channel, until, session.Writer);
                if (KeepsRecords)
                {
                    session.Writer.Execute($"DELETE FROM {table} WHERE time < {until.Milliseconds}");
                }
                session.Writer.Execute("COMMIT");
                session.Deleted.Committed();
                return until;
            },
            cancellation);
        await DeleteElsewhereAsync(table, until, cancellation);
    }

    /// <summary>The time of the earliest record of a table that holds such records; null when it is empty.</summary>
    private protected virtual ValueTask<Instant?> ReadFirstRecordAsync(string table, CancellationToken cancellation) =>
        FirstInAsync(table, cancellation);

    /// <summary>Finds out before anything is told whether the place of the records can delete at all.</summary>
    /// <exception cref="StoreUnavailableException">It cannot; the message says what to do.</exception>
    private protected virtual void EnsureDeletes()
    {
    }

    /// <summary>Deletes where the records lie, if that is not the index's file. Answers say already that they are gone.</summary>
    private protected virtual ValueTask DeleteElsewhereAsync(string table, Instant until, CancellationToken cancellation) => default;

    private async ValueTask<Instant?> FirstInAsync(string table, CancellationToken cancellation)
    {
        using var reading = await QueryAsync(_ => $"SELECT min(time) FROM {table}", cancellation);
        return reading.Next() && reading.Rows.Int64OrNull() is { } first ? new Instant(first) : null;
    }

    // The others say what collections and repairs were judged by, or take no room worth it.
    private static string TableOf(Channel channel) => channel switch
    {
        Channel.Meter => RecordTables.Of<MeterRecord>().Name,
        Channel.Position => RecordTables.Of<PositionRecord>().Name,
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "only meter values and positions are deleted"),
    };
}
