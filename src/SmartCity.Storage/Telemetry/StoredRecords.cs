using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>Looks for the very records of a replayed message.</summary>
internal static class StoredRecords
{
    /// <summary>Whether each of its records is in the store, by device, power-up, sequence and index.</summary>
    public static ValueTask<bool> ContainsAsync(ITelemetryStore store, TelemetryMessage message,
        CancellationToken cancellation) =>
        message switch
        {
            TelemetryMessage<StatusRecord> m => ContainsAsync(store, m, cancellation),
            TelemetryMessage<MeterRecord> m => ContainsAsync(store, m, cancellation),
            TelemetryMessage<SessionRecord> m => ContainsAsync(store, m, cancellation),
            TelemetryMessage<FaultRecord> m => ContainsAsync(store, m, cancellation),
            TelemetryMessage<ConnRecord> m => ContainsAsync(store, m, cancellation),
            TelemetryMessage<PositionRecord> m => ContainsAsync(store, m, cancellation),
            TelemetryMessage<EvidenceRecord> m => ContainsAsync(store, m, cancellation),
            TelemetryMessage<BinRecord> m => ContainsAsync(store, m, cancellation),
            _ => throw new ArgumentException($"No store keeps {message.GetType()}.", nameof(message)),
        };

    private static async ValueTask<bool> ContainsAsync<T>(
        ITelemetryStore store, TelemetryMessage<T> message, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        foreach (var record in message.Records)
        {
            if (!await ContainsAsync<T>(store, message.Kind, record.Stamp, cancellation))
            {
                return false;
            }
        }
        return true;
    }

    private static async ValueTask<bool> ContainsAsync<T>(
        ITelemetryStore store, DeviceKind kind, Stamp stamp, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        // A record dated by its arrival has another time each time it arrives.
        var query = (stamp.Flags & StampFlags.ClockRefused) == 0
            ? new RecordQuery(kind, [stamp.Device], stamp.Time, stamp.Time + TimeSpan.FromMilliseconds(1), Instant.Max)
            : new RecordQuery(kind, [stamp.Device], Instant.Min, Instant.Max, Instant.Max);
        await foreach (var stored in store.ReadAsync<T>(query, cancellation))
        {
            var other = stored.Stamp;
            if (other.Sequence == stamp.Sequence && other.Index == stamp.Index && other.BootReceived == stamp.BootReceived)
            {
                return true;
            }
        }
        return false;
    }
}
