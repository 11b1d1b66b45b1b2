using System.Buffers;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.Mqtt;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>The one door into the journal, whichever broker a message came by.</summary>
internal sealed class Intake(JournalLog journal, IngestProgress progress, TimeProvider clock)
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
        // Only an import writes there: what a device sends under that name is set aside like any other wrong topic.
        topic = topic == MovedEntries.Topic ? topic + "/device" : topic;
        var entry = new JournalEntry(topic, memory, bytes, contentType, clientId, Instant.From(clock.GetUtcNow()), null);
        return progress.Passed.IsCompleted ? journal.AppendAsync(entry, cancellation) : AppendLaterAsync(entry, cancellation);
    }

    private async ValueTask<long> AppendLaterAsync(JournalEntry entry, CancellationToken cancellation)
    {
        await progress.Passed.WaitAsync(cancellation);
        return await journal.AppendAsync(entry, cancellation);
    }
}
