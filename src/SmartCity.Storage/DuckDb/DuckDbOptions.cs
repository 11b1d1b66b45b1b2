using System.ComponentModel.DataAnnotations;

namespace SmartCity.Storage.DuckDb;

/// <summary>Bounds of the embedded store.</summary>
public sealed class DuckDbOptions
{
    /// <summary>Memory that queries and appends may take together; sorts beyond it go to disk. Default 2 GiB.</summary>
    [Range(128L << 20, 1L << 50)]
    public long MemoryBytesMax { get; set; } = 2L << 30;

    /// <summary>Disk that sorts may take. Default 20 GiB.</summary>
    [Range(0, 1L << 50)]
    public long SpillBytesMax { get; set; } = 20L << 30;

    /// <summary>Processor threads that a query may take.</summary>
    [Range(1, 1_024)]
    public int Threads { get; set; } = 2;

    /// <summary>Queries at one time; further ones wait.</summary>
    [Range(1, 1_024)]
    public int ReadersMax { get; set; } = 16;
}
