using Microsoft.Extensions.Logging;

namespace SmartCity.Storage.DuckDb;

/// <summary>Keeps readings in a DuckDB file in this process, in the transaction of their index.</summary>
/// <param name="path">The file; others begin with its name.</param>
public sealed partial class DuckDbTelemetryStore(string path, DuckDbOptions options, ILogger<DuckDbTelemetryStore> logger)
    : TelemetryIndex(path, options, logger)
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "telemetry.duckdb";

    /// <inheritdoc/>
    public override string Kind => "DuckDB";

    private protected override bool KeepsRecords => true;
}
