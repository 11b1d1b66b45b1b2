namespace SmartCity.Server.Settings;

/// <summary>Where the registry of assets is kept.</summary>
internal sealed class RegistryOptions
{
    /// <summary>A connection string of PostgreSQL, or of SQLite; empty: registry.db in the data directory.</summary>
    public string ConnectionString { get; set; } = "";
}
