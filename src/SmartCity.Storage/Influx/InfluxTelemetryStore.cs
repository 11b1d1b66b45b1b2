using Microsoft.Extensions.Logging;
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

    private readonly InfluxConnection connection = new(options, clock);

    /// <inheritdoc/>
    public override string Kind => "InfluxDB";

    private protected override bool KeepsRecords => false;

    /// <inheritdoc/>
    public override async ValueTask AppendAsync(TelemetryBatch batch, CancellationToken cancellation)
    {
        if (batch.Messages.Count > 0)
        {
            using var lines = new LineBatch();
            var points = new PointWriter(lines);
            foreach (var message in batch.Messages)
            {
                points.Write(message);
            }
            await connection.WriteAsync(options.Database, lines, cancellation);
        }
        await base.AppendAsync(batch, cancellation);
    }

    private protected override async ValueTask DisposeAsyncCore()
    {
        await base.DisposeAsyncCore();
        connection.Dispose();
    }
}
