using System.Runtime.CompilerServices;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Storage.DuckDb;

// When devices were heard, and when not.
public abstract partial class TelemetryIndex
{
    // About 130 MB.
    private const long MomentsPerQuery = 8_000_000;

    // Where a device that is not silent now was heard last before a moment: nearly always in the first.
    private static readonly TimeSpan[] Lately = [TimeSpan.Zero, TimeSpan.FromHours(6), TimeSpan.FromDays(7)];

    /// <inheritdoc/>
    public async IAsyncEnumerable<Silence> ReadSilencesAsync(
        RecordQuery query, TimeSpan longerThan, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (Remembered(query) is { } silences)
        {
            foreach (var silence in silences)
            {
                yield return silence;
            }
            yield break;
        }
        var parts = await PartsAsync(
            session => StoreSql.HeardSizes(query, session.Keys), query, MomentsPerQuery, cancellation);
        foreach (var part in parts)
        {
            var devices = part.Query.Devices!.ToList();
            var runs = devices.ConvertAll(_ => new SilenceRun(longerThan));
            await HearBeforeAsync(part.Query, devices, runs, cancellation);
            using (var reading = await QueryAsync(session => StoreSql.Heard(part.Query, session.Keys), cancellation))
            {
                while (reading.Next())
                {
                    runs[(int)reading.Rows.Int64() - 1].Add(reading.Rows.Int64());
                }
            }
            foreach (var silence in runs.SelectMany((run, i) => run.After(devices[i], query.From)))
            {
                yield return silence;
            }
        }
    }

    // A span in which, as in all time after it, nobody was heard: who is silent now.
    private List<Silence>? Remembered(RecordQuery query)
    {
        var session = Session();
        var devices = session.Keys.Known(query.Kind, query.Devices);
        var keys = session.Keys.Find(query.Kind, devices);
        var times = session.LastHeard.Before(Instant.Earlier(query.From, query.Until), query.KnownAt).ToDictionary();
        return keys.TrueForAll(times.ContainsKey)
            ? [.. devices.Zip(keys, (device, key) => new Silence(device, new Instant(times[key]), null))]
            : null;
    }

    /// <summary>Adds when each device was heard last before the span.</summary>
    private async ValueTask HearBeforeAsync(
        RecordQuery query, List<string> devices, List<SilenceRun> runs, CancellationToken cancellation)
    {
        var session = Session();
        var start = Instant.Earlier(query.From, query.Until);
        var missing = session.Keys.Find(query.Kind, devices).Select((key, place) => (key, place)).ToDictionary();
        foreach (var (device, time) in session.LastHeard.Before(start, query.KnownAt))
        {
            Add(device, time);
        }
        for (var i = 0; i < Lately.Length && missing.Count > 0; i++)
        {
            var from = i + 1 < Lately.Length ? start - Lately[i + 1] : Instant.Min;
            var span = query with { From = from, Until = start - Lately[i] };
            using var reading = await QueryAsync(_ => StoreSql.LastHeard(span, missing.Keys), cancellation);
            while (reading.Next())
            {
                Add(reading.Rows.Int32(), reading.Rows.Int64());
            }
        }

        void Add(int device, long time)
        {
            if (missing.Remove(device, out var place))
            {
                runs[place].Add(time);
            }
        }
    }
}
