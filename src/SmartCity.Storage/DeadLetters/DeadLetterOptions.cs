using System.ComponentModel.DataAnnotations;

namespace SmartCity.Storage.DeadLetters;

/// <summary>Limits of the dead-letter list. At the list's own limit the oldest replayed letters go. What finds no room after that
/// is summarised: counted, with the last one as a sample. So ingest never waits for the list.</summary>
public sealed class DeadLetterOptions
{
    /// <summary>Letters kept.</summary>
    [Range(1, 100_000_000)]
    public long CountMax { get; set; } = 1_000_000;

    /// <summary>Bytes of the payloads kept. Default 2 GiB.</summary>
    [Range(1L << 16, 1L << 50)]
    public long BytesMax { get; set; } = 2L << 30;

    /// <summary>Letters of one device that wait; of devices that nobody registered, those of one MQTT client.</summary>
    [Range(1, 100_000_000)]
    public long CountPerDeviceMax { get; set; } = 10_000;

    /// <summary>The same for their payloads. Default 64 MiB.</summary>
    [Range(1L << 16, 1L << 50)]
    public long BytesPerDeviceMax { get; set; } = 64L << 20;
}
