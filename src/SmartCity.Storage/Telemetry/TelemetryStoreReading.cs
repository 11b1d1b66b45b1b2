using System.Runtime.CompilerServices;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>Other ways to ask a store.</summary>
public static class TelemetryStoreReading
{
    /// <summary>Streams what <see cref="ITelemetryStore.ReadDevicesAsync"/> reads, record by record.</summary>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        this ITelemetryStore store, RecordQuery query, [EnumeratorCancellation] CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        await foreach (var device in store.ReadDevicesAsync<T>(query, cancellation))
        {
            foreach (var record in device)
            {
                yield return record;
            }
        }
    }
}
