using System.ComponentModel.DataAnnotations;

namespace SmartCity.Server.Settings;

/// <summary>Where telemetry is kept.</summary>
internal sealed class StoreOptions
{
    /// <summary>The only kind so far is Embedded: a DuckDB file in the data directory.</summary>
    [RegularExpression("(?i)^Embedded$", ErrorMessage = "takes Embedded")]
    public string Kind { get; set; } = "Embedded";
}
