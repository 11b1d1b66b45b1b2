using System.Buffers;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.Mqtt;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>The one door into the journal, whichever broker a message came by.</summary>
internal sealed class Intake(JournalLog journal, TimeProvider clock)
{
    // Enough of a payload that is too large to see what sent it.
    private const int KeptOfTooLarge = 4 * 1024;

    /// <summary>Completes when the message is on disk; only then may it be acknowledged.</summary>
    public ValueTask<long> AppendAsync(
        string topic, in ReadOnlySequence<byte> payload, string? contentType, string clientId, CancellationToken cancellation)
    {
        var bytes = (int)payload.Length;
        var kept = bytes <= UplinkLimits.PayloadBytesMax ? payload : payload.Slice(0, KeptOfTooLarge);
        var memory = kept.IsSingleSegment && kept.Length == bytes ? kept.First : kept.ToArray();
        return journal.AppendAsync(
            new JournalEntry(topic, memory, bytes, contentType, clientId, Instant.From(clock.GetUtcNow()), null), cancellation);
    }
}
