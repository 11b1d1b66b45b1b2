using System.Runtime.CompilerServices;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

// The last records before a moment.
public sealed partial class DuckDbTelemetryStore
{
    // A port that says something now said something not long before.
    private static readonly TimeSpan[] NotLongBefore = [TimeSpan.FromHours(6), TimeSpan.FromDays(7)];

    /// <inheritdoc/>
    public override async IAsyncEnumerable<T> ReadLastBeforeAsync<T>(
        RecordQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var found = RecordTables.Of<T>() is StatusTable table && query.Kind == DeviceKind.Pile
            ? (List<T>)(object)await LastStatusesAsync(table, query, cancellation)
            : await LastBeforeAsync(RecordTables.Of<T>(), query, Instant.Min, cancellation);
        foreach (var record in found)
        {
            yield return record;
        }
    }

    // Which ports there are is known, and what most of them said last: the store is asked no further back than it takes to find the
    // others.
    private async ValueTask<List<StatusRecord>> LastStatusesAsync(
        StatusTable table, RecordQuery query, CancellationToken cancellation)
    {
        var session = Session();
        var (found, missing) = session.LastStatuses.Before(
            session.Keys.Known(query.Kind, query.Devices), query.From, query.KnownAt);
        for (var i = 0; i <= NotLongBefore.Length && missing.Count > 0; i++)
        {
            var part = query with { Devices = [.. missing.Select(port => port.Device).Distinct()] };
            var since = i < NotLongBefore.Length ? query.From - NotLongBefore[i] : Instant.Min;
            foreach (var record in await LastBeforeAsync(table, part, since, cancellation))
            {
                if (missing.Remove((record.Stamp.Device, record.Port)))
                {
                    found.Add(record);
                }
            }
        }
        found.Sort(static (a, b) => string.CompareOrdinal(a.Stamp.Device, b.Stamp.Device) is not 0 and var order
            ? order
            : a.Port.CompareTo(b.Port));
        return found;
    }

    // Whole, and the reader given back: who walks the answer asks other questions meanwhile, and with a reader held all the while
    // a few of them would wait for one another's for ever. It is one record a port.
    private async ValueTask<List<T>> LastBeforeAsync<T>(
        RecordTable<T> table, RecordQuery query, Instant since, CancellationToken cancellation)
        where T : struct, ITelemetryRecord
    {
        using var reading = await QueryAsync(session => StoreSql.LastBefore(table, query, since, session.Keys), cancellation);
        var last = new LastRecords<T>(table);
        while (reading.Next())
        {
            last.Add(reading.Rows, reading.Keys);
        }
        return last.Found;
    }
}
