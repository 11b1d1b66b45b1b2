using System.ComponentModel.DataAnnotations;

namespace SmartCity.Server.Stores;

/// <summary>Which store keeps the readings.</summary>
public enum StoreKind
{
    /// <summary>DuckDB in this process; nothing to install.</summary>
    Embedded = 0,
}

/// <summary>Where data lives. Section <c>Store</c>; the directory is the top-level <c>DataDirectory</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The directory of journal, store and dead letters; made when absent.</summary>
    [Required]
    public string DataDirectory { get; set; } = "data";

    /// <summary>Which store keeps the readings.</summary>
    [EnumDataType(typeof(StoreKind))]
    public StoreKind Kind { get; set; } = StoreKind.Embedded;
}
