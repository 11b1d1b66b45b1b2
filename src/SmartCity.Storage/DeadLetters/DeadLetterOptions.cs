using System.ComponentModel.DataAnnotations;

namespace SmartCity.Storage.DeadLetters;

/// <summary>Limits of the dead-letter list. At a limit the oldest replayed letters go; without one, adding fails and ingest
/// waits.</summary>
public sealed class DeadLetterOptions
{
    /// <summary>Letters kept.</summary>
    [Range(1, 100_000_000)]
    public long CountMax { get; set; } = 1_000_000;

    /// <summary>Bytes of the payloads kept. Default 2 GiB.</summary>
    [Range(1L << 16, 1L << 50)]
    public long BytesMax { get; set; } = 2L << 30;
}
