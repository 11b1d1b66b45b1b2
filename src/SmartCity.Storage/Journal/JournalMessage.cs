using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Journal;

/// <summary>A message as it came in.</summary>
/// <param name="Topic">The MQTT topic.</param>
/// <param name="Payload">The payload as sent; cut to 4 KiB when it was over the limit.</param>
/// <param name="PayloadBytes">The payload's real size.</param>
/// <param name="ContentType">The MQTT 5 content type, if any.</param>
/// <param name="ClientId">The MQTT client that sent it; empty when an external broker does not tell.</param>
/// <param name="Received">When it came in, by our clock.</param>
/// <param name="Replay">Set when it is a dead letter sent through ingest again.</param>
public sealed record JournalEntry(
    string Topic, ReadOnlyMemory<byte> Payload, int PayloadBytes, string? ContentType, string ClientId, Instant Received,
    Replay? Replay);

/// <summary>What a replayed message is.</summary>
/// <param name="DeadLetterId">The dead letter.</param>
/// <param name="FirstReceived">When the message first came in: its device's clock is judged against this.</param>
/// <param name="RecordIndex">The one record that was set aside; null for the whole message.</param>
public sealed record Replay(long DeadLetterId, Instant FirstReceived, int? RecordIndex);

/// <summary>A journaled message and its place. Positions count messages from 0; a hole is what was damaged on disk.</summary>
public readonly record struct JournalMessage(long Position, JournalEntry Entry);
