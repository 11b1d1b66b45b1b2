using System.ComponentModel.DataAnnotations;

namespace SmartCity.Storage.Journal;

/// <summary>Limits of the journal.</summary>
public sealed class JournalOptions
{
    /// <summary>Bytes on disk at which the journal takes no more, until the store has caught up. Default 4 GiB.</summary>
    [Range(16L << 20, 1L << 50)]
    public long BytesMax { get; set; } = 4L << 30;
}
