using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>The streams of one question, a list for each pile; null where nothing is asked for.</summary>
internal sealed record HistorySources(
    IAsyncEnumerable<List<StatusRecord>>? Statuses, IAsyncEnumerable<StatusRecord>? StatusesBefore,
    IAsyncEnumerable<List<SessionRecord>>? Sessions, IAsyncEnumerable<List<EnergySample>>? Samples,
    IAsyncEnumerable<List<SensorSample>>? Sensors, IAsyncEnumerable<List<FaultRecord>>? Faults,
    IAsyncEnumerable<Silence>? Silences, IAsyncEnumerable<List<GoneRecord>>? Gone);

/// <summary>Walks all streams side by side, pile by pile.</summary>
internal sealed class HistoryStreams(HistorySources sources) : IAsyncDisposable
{
    private readonly DeviceCursor<List<StatusRecord>>? statuses = Records(sources.Statuses);
    private readonly DeviceCursor<StatusRecord>? statusesBefore =
        sources.StatusesBefore is { } all ? new(all.GetAsyncEnumerator(), static s => s.Stamp.Device) : null;
    private readonly DeviceCursor<List<SessionRecord>>? sessions = Records(sources.Sessions);
    private readonly DeviceCursor<List<EnergySample>>? samples = Records(sources.Samples);
    private readonly DeviceCursor<List<SensorSample>>? sensors = Records(sources.Sensors);
    private readonly DeviceCursor<List<FaultRecord>>? faults = Records(sources.Faults);
    private readonly DeviceCursor<List<GoneRecord>>? gone = Records(sources.Gone);
    private readonly DeviceCursor<Silence>? silences =
        sources.Silences is { } all ? new(all.GetAsyncEnumerator(), static s => s.Device) : null;

    /// <summary>Fills the history of the next pile, in ordinal order of ids.</summary>
    public async Task FillAsync(PileHistory history)
    {
        await (statusesBefore?.TakeAsync(history.Id, history.Statuses.Add) ?? ValueTask.CompletedTask);
        await FillAsync(statuses, history.Id, history.Statuses);
        await FillAsync(sessions, history.Id, history.Sessions);
        // These are long: they are handed over, not copied.
        await (samples?.TakeAsync(history.Id, own => history.Samples = own) ?? ValueTask.CompletedTask);
        await (sensors?.TakeAsync(history.Id, own => history.Sensors = own) ?? ValueTask.CompletedTask);
        await FillAsync(faults, history.Id, history.Faults);
        await (silences?.TakeAsync(history.Id, history.Silences.Add) ?? ValueTask.CompletedTask);
        await (gone?.TakeAsync(history.Id, own => history.Wills.AddRange(own.Select(g => g.Stamp.Received)))
            ?? ValueTask.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable?[] all = [statuses, statusesBefore, sessions, samples, sensors, faults, gone, silences];
        foreach (var cursor in all)
        {
            await (cursor?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static ValueTask FillAsync<T>(DeviceCursor<List<T>>? cursor, string id, List<T> into)
        where T : struct, ITelemetryRecord => cursor?.TakeAsync(id, into.AddRange) ?? ValueTask.CompletedTask;

    private static DeviceCursor<List<T>>? Records<T>(IAsyncEnumerable<List<T>>? source) where T : struct, ITelemetryRecord =>
        source is null ? null : new DeviceCursor<List<T>>(source.GetAsyncEnumerator(), static r => r[0].Stamp.Device);
}
