using Microsoft.Extensions.Logging;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

// An index that knows less than InfluxDB was told is made again; beside a database that was told nothing it belongs to another one.
public sealed partial class InfluxTelemetryStore
{
    private volatile bool _isAgreed;
    private long _told;

    private protected override bool MayAnswer => _isAgreed;

    /// <inheritdoc/>
    public override async ValueTask<long> OpenAsync(CancellationToken cancellation)
    {
        await connection.EnsureReadyAsync(cancellation);
        var position = await base.OpenAsync(cancellation);
        if (_isAgreed && position >= _told)
        {
            return position;
        }
        _isAgreed = false;
        var told = await ToldAsync(cancellation);
        if (told is null && position > 0)
        {
            throw new StoreUnavailableException(
                $"The InfluxDB database {options.RollupDatabase} has nothing of this server ({options.Instance}), and {IndexPath} was "
                + "written beside one that had. Correct Store:InfluxDb:Url, :Database, :RollupDatabase or :Instance, or put the lost "
                + "database back. To begin with an empty one, stop the server and move that file away.");
        }
        if (position < (told?.Position ?? 0))
        {
            await RebuildAsync(told!, cancellation);
            position = await base.OpenAsync(cancellation);
        }
        _isAgreed = true;
        if (told is null)
        {
            await TellAsync(new StoredProgress(position, await ReadCountsAsync(cancellation)), cancellation);
        }
        _told = Math.Max(_told, told?.Position ?? 0);
        return position;
    }

    /// <inheritdoc/>
    public override async ValueTask<long> CheckpointAsync(CancellationToken cancellation)
    {
        var position = await base.CheckpointAsync(cancellation);
        if (position > _told)
        {
            await TellAsync(new StoredProgress(position, await ReadCountsAsync(cancellation)), cancellation);
        }
        return position;
    }

    private async ValueTask<StoredProgress?> ToldAsync(CancellationToken cancellation)
    {
        StoredProgress? told = null;
        await foreach (var series in connection.QueryAsync(
            options.RollupDatabase, StoredProgress.Furthest(options.Instance), cancellation))
        {
            var found = series.Count > 0 ? StoredProgress.Read(series) : null;
            told = found?.Position > (told?.Position ?? -1) ? found : told;
        }
        return told;
    }

    private async ValueTask TellAsync(StoredProgress progress, CancellationToken cancellation)
    {
        using var lines = new LineBatch();
        progress.Write(lines, options.Instance, clock.GetUtcNow());
        await connection.WriteAsync(options.RollupDatabase, lines, cancellation);
        _told = progress.Position;
    }

    private async ValueTask RebuildAsync(StoredProgress told, CancellationToken cancellation)
    {
        var part = IndexPath + ".rebuilding";
        File.Delete(part);
        File.Delete(part + ".wal");
        Log.Rebuilding(logger, IndexPath);
        await using (var index = new InfluxTelemetryStore(part, IndexOptions, options, clock, logger))
        {
            var rows = await index.RestoreFromPointsAsync(told, cancellation);
            Log.Rebuilt(logger, IndexPath, rows);
        }
        await ReplaceAsync(part, cancellation);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The index {Path} is missing or knows less than InfluxDB: it is made again, which takes "
            + "minutes for a year of a district. What comes in waits in the journal")]
        public static partial void Rebuilding(ILogger logger, string path);

        [LoggerMessage(LogLevel.Information, "{Problem}")]
        public static partial void Refused(ILogger logger, string problem);

        [LoggerMessage(LogLevel.Information, "The index {Path} is made again, of {Points} points")]
        public static partial void Rebuilt(ILogger logger, string path, long points);
    }
}
