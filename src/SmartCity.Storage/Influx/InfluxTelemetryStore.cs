using Microsoft.Extensions.Logging;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.Influx;

/// <summary>
/// Keeps readings in InfluxDB: every record and every message is a point there. What the server has to know at once (which messages
/// there are, when devices were heard, digests) is in an index beside it, which can be made again from the points. A batch is
/// written to InfluxDB first and to the index, with the journal position, after that: after a crash in between it is written again,
/// over itself.
/// </summary>
/// <param name="path">The index; other files begin with its name.</param>
public sealed partial class InfluxTelemetryStore(
    string path, DuckDbOptions indexOptions, InfluxOptions options, TimeProvider clock, ILogger<InfluxTelemetryStore> logger)
    : TelemetryIndex(path, indexOptions, logger)
{
    /// <summary>The index's name in the data directory.</summary>
    public const string IndexName = "influx-index.duckdb";

    // The memory of a batch: one that catches up may hold five thousand messages of five hundred records.
    private const int BytesAtOnce = 16 << 20;

    private readonly InfluxConnection connection = new(options, clock);

    /// <inheritdoc/>
    public override string Kind => "InfluxDB";

    private protected override bool KeepsRecords => false;

    /// <inheritdoc/>
    public override async ValueTask AppendAsync(TelemetryBatch batch, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(batch.Messages, isHidden: false, cancellation);
        }
        catch (StoreRefusedException)
        {
            await HideAsync(batch.Messages, cancellation);
            throw;
        }
        await base.AppendAsync(batch, cancellation);
    }

    private async ValueTask WriteAsync(IReadOnlyList<TelemetryMessage> messages, bool isHidden, CancellationToken cancellation)
    {
        using var lines = new LineBatch();
        var points = new PointWriter(lines, options.Instance, isHidden);
        for (var i = 0; i < messages.Count; i++)
        {
            points.Write(messages[i]);
            if (lines.Bytes >= BytesAtOnce || i == messages.Count - 1)
            {
                await connection.WriteAsync(options.Database, lines, cancellation);
                lines.Clear();
            }
        }
    }

    // What was written of them before one line was refused would be read once the position has passed it.
    private async ValueTask HideAsync(IReadOnlyList<TelemetryMessage> messages, CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(messages, isHidden: true, cancellation);
        }
        catch (StoreRefusedException e)
        {
            Log.Refused(logger, e.Message); // The same line again; all others are hidden.
        }
    }

    private protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        connection.Dispose();
    }
}
