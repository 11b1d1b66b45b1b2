using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

// Questions about many devices, cut into parts of which each fits in memory.
public abstract partial class TelemetryIndex
{
    /// <summary>The records of all parts, device by device. While one part is used the next is read.</summary>
    /// <param name="read">Reads a part; null for a device without records.</param>
    private protected static async IAsyncEnumerable<List<T>> ReadPartsAsync<T>(
        IReadOnlyList<QueryPart> parts, Func<QueryPart, Task<List<T>?[]>> read)
        where T : struct, ITelemetryRecord
    {
        var reading = ReadAsync(0);
        try
        {
            for (var next = 1; next <= parts.Count; next++)
            {
                var runs = await reading;
                reading = ReadAsync(next);
                for (var i = 0; i < runs.Length; i++)
                {
                    if (runs[i] is { } records)
                    {
                        runs[i] = null; // Whoever takes the records decides how long they live.
                        yield return records;
                    }
                }
            }
        }
        finally
        {
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        Task<List<T>?[]> ReadAsync(int part) => part >= parts.Count
            ? Task.FromResult<List<T>?[]>([])
            : Task.Run(() => read(parts[part]), CancellationToken.None);
    }

    // The query cut by devices into parts of which each fits in memory.
    private protected async ValueTask<List<QueryPart>> PartsAsync(
        Func<DuckDbSession, string> sizes, RecordQuery query, long rowsMax, CancellationToken cancellation,
        int devicesMax = int.MaxValue)
    {
        using var reading = await QueryAsync(sizes, cancellation);
        var parts = new List<QueryPart>();
        var devices = new List<string>();
        var rows = long.MaxValue;
        while (reading.Next())
        {
            var (device, count) = (reading.Keys.Device(reading.Rows.Int32()), reading.Rows.Int64());
            if (rows > rowsMax - count || devices.Count == devicesMax)
            {
                devices = [];
                parts.Add(new QueryPart(query with { Devices = devices }, []));
                rows = 0;
            }
            devices.Add(device);
            parts[^1].Sizes.Add((int)count);
            rows += count;
        }
        return parts;
    }

    // How many records each device of the query has, by device.
    private protected readonly record struct QueryPart(RecordQuery Query, List<int> Sizes);
}
