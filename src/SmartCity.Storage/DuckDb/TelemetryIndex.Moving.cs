using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Moving;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

// Messages as they came, to be moved elsewhere.
public abstract partial class TelemetryIndex
{
    // About 50 MB in memory.
    private const long RecordsPerSpan = 100_000;

    /// <summary>Spans of received time, in order and each within one day (UTC), in which everything came that has a record in
    /// [from, until). Each can be read at once.</summary>
    /// <param name="knownAt">Nothing that was accepted later counts.</param>
    public async ValueTask<IReadOnlyList<(Instant From, Instant Until)>> ReadReceivedSpansAsync(
        Instant from, Instant until, Instant knownAt, CancellationToken cancellation)
    {
        var hours = new HashSet<long>();
        using (var reading = await QueryAsync(_ => MovingSql.HoursHeard(from, until), cancellation))
        {
            while (reading.Next())
            {
                hours.Add(reading.Rows.Int64());
            }
        }
        // That a device is gone is not heard of it.
        foreach (var kind in Enum.GetValues<DeviceKind>().Where(kind => kind != default))
        {
            await foreach (var gone in this.ReadAsync<GoneRecord>(new RecordQuery(kind, null, from, until, knownAt), cancellation))
            {
                hours.Add(MovingSql.HourOf(gone.Stamp.Received));
            }
        }
        var spans = new List<(Instant From, Instant Until)>();
        var records = long.MaxValue;
        using var minutes = await QueryAsync(_ => MovingSql.Minutes(hours, knownAt), cancellation);
        while (minutes.Next())
        {
            var (minute, count) = (new Instant(minutes.Rows.Int64() * 60_000), minutes.Rows.Int64());
            var end = Instant.Earlier(minute + TimeSpan.FromMinutes(1), knownAt + TimeSpan.FromMilliseconds(1));
            if (records > RecordsPerSpan - count || SessionDays.DayOf(spans[^1].From) != SessionDays.DayOf(minute))
            {
                spans.Add((minute, end));
                records = 0;
            }
            spans[^1] = (spans[^1].From, end);
            records += count;
        }
        return spans;
    }

    /// <summary>All messages received in [from, until), without those that the store takes meanwhile.</summary>
    public async ValueTask<ReceivedMessages> ReadReceivedAsync(Instant from, Instant until, CancellationToken cancellation)
    {
        var messages = new MessageAssembly(await ReadHeadsAsync(from, until, cancellation));
        await AssembleAsync(messages, from, until, cancellation);
        if (messages.HasUnknown)
        {
            messages.LeaveOut(await ReadHeadsAsync(from, until, cancellation));
        }
        var (whole, empty) = messages.Take();
        return new ReceivedMessages(whole, empty);
    }

    /// <summary>The position that belongs to what was read before: <see cref="Committed"/> follows a moment later.</summary>
    private protected async ValueTask<long> ReadPositionAsync(CancellationToken cancellation)
    {
        using var reading = await QueryAsync(_ => "SELECT position FROM progress", cancellation);
        return reading.Next() ? reading.Rows.Int64() : 0;
    }

    private async ValueTask<List<MessageHead>> ReadHeadsAsync(Instant from, Instant until, CancellationToken cancellation)
    {
        var heads = new List<MessageHead>();
        using var reading = await QueryAsync(_ => MovingSql.Heads(from, until), cancellation);
        var row = reading.Rows;
        while (reading.Next())
        {
            heads.Add(new MessageHead(
                (DeviceKind)row.Byte(), row.Text(), row.Text(), new Instant(row.Int64()), row.Int64(), row.UInt64(),
                new Instant(row.Int64()), row.Int32(), row.Byte() != 0, row.Byte() != 0));
        }
        return heads;
    }

    /// <summary>Copies the file as of one moment, while it is written to. No checkpoint may be asked for meanwhile.</summary>
    /// <returns>The journal position up to which everything is settled in the copy.</returns>
    /// <exception cref="StoreUnavailableException">The disk refuses, or the store is being reopened.</exception>
    public async Task<long> CopyAsync(string to, CancellationToken cancellation)
    {
        await ExecuteAsync("ATTACH '" + ParquetFiles.Literal(to) + "' AS copied", cancellation);
        try
        {
            await ExecuteAsync(MovingSql.Copy(path), cancellation);
            await ExecuteAsync("CHECKPOINT copied", cancellation);
            using var reading = await QueryAsync(_ => "SELECT position FROM copied.progress", cancellation);
            return reading.Next() ? reading.Rows.Int64() : 0;
        }
        finally
        {
            await ExecuteAsync("DETACH DATABASE IF EXISTS copied", CancellationToken.None);
        }
    }

    // On a thread of its own: it may take minutes.
    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        using var done = await Task.Factory.StartNew(
            async () => await QueryAsync(_ => sql, cancellation), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap();
    }

    /// <summary>Adds the records received in [from, until).</summary>
    private protected abstract ValueTask AssembleAsync(
        MessageAssembly messages, Instant from, Instant until, CancellationToken cancellation);

    /// <summary>Which devices of which kind were heard on which day, of what was received in a span.</summary>
    private protected async ValueTask<ILookup<(DeviceKind Kind, long Day), string>> ReadDaysHeardAsync(
        Instant from, Instant until, CancellationToken cancellation)
    {
        var heard = new List<(DeviceKind Kind, long Day, string Device)>();
        using var reading = await QueryAsync(_ => MovingSql.DaysHeard(from, until), cancellation);
        while (reading.Next())
        {
            heard.Add(((DeviceKind)reading.Rows.Byte(), reading.Rows.Int64(), reading.Rows.Text()));
        }
        return heard.ToLookup(one => (one.Kind, one.Day), one => one.Device);
    }
}
