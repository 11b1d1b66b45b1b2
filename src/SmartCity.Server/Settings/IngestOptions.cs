using System.ComponentModel.DataAnnotations;

namespace SmartCity.Server.Settings;

/// <summary>Limits on the way from the journal to the store.</summary>
internal sealed class IngestOptions
{
    /// <summary>Messages that go into the store in one transaction at most.</summary>
    [Range(1, 100_000)]
    public int BatchMessages { get; set; } = 5_000;

    /// <summary>How long a message waits at most for others to share its transaction, ms.</summary>
    [Range(1, 1_000)]
    public int BatchDelayMs { get; set; } = 200;

    /// <summary>Decoded messages kept in memory for a slow store; what is beyond is read from the journal again.</summary>
    [Range(1, 1_000_000)]
    public int BufferMessages { get; set; } = 50_000;

    /// <summary>Messages in the store after which it is made durable and the journal may forget them. The store takes nothing
    /// meanwhile: often and short is better than seldom and long.</summary>
    [Range(1, 100_000_000)]
    public int CheckpointMessages { get; set; } = 200_000;

    /// <summary>Seconds after which the same happens anyway.</summary>
    [Range(1, 3_600)]
    public int CheckpointSeconds { get; set; } = 30;
}
