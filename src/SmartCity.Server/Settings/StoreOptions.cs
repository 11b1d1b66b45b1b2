using System.ComponentModel.DataAnnotations;

namespace SmartCity.Server.Settings;

/// <summary>Where telemetry is kept.</summary>
internal sealed class StoreOptions
{
    /// <summary>Embedded: a DuckDB file in the data directory. InfluxDb: the InfluxDB of the section Store:InfluxDb, and an index of it in
    /// the data directory.</summary>
    [RegularExpression("(?i)^(Embedded|InfluxDb)$", ErrorMessage = "takes Embedded or InfluxDb")]
    public string Kind { get; set; } = "Embedded";

    /// <summary>Whether the telemetry goes to InfluxDB.</summary>
    internal bool IsInflux => Kind.Equals("InfluxDb", StringComparison.OrdinalIgnoreCase);
}
