using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>Knows which messages are in the store, exactly, with bounded memory.</summary>
public sealed class MessageLedger(ITelemetryStore store)
{
    /// <summary>Rebuilds the ledger from the open store. Call once before the rest.</summary>
    public ValueTask LoadAsync(CancellationToken cancellation) => throw new NotSupportedException(store.Kind);

    /// <summary>The fate of each message, in their order, judged together: the second of two equal ones is a duplicate.</summary>
    public ValueTask<IReadOnlyList<MessageFate>> JudgeAsync(
        IReadOnlyList<TelemetryMessage> messages, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Remembers messages that the store took.</summary>
    public void Commit(IReadOnlyList<TelemetryMessage> stored) => throw new NotSupportedException();

    /// <summary>When the first message of the power-up was received; <paramref name="received"/> if this is the first. For the
    /// stamps of messages that have a record to store. 0 with an empty <paramref name="boot"/>.</summary>
    public Instant BootReceived(DeviceKind kind, string device, string boot, Instant received) => throw new NotSupportedException();
}
