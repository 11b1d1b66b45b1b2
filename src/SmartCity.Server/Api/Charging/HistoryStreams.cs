using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>The streams of one question, a list for each pile; null where nothing is asked for.</summary>
internal sealed record HistorySources(
    IAsyncEnumerable<List<StatusRecord>>? Statuses, IAsyncEnumerable<StatusRecord>? StatusesBefore,
    IAsyncEnumerable<List<SessionRecord>>? Sessions, IAsyncEnumerable<List<EnergySample>>? Samples,
    IAsyncEnumerable<List<MeterRecord>>? Meters, IAsyncEnumerable<List<FaultRecord>> Faults,
    IAsyncEnumerable<Silence>? Silences, IAsyncEnumerable<List<ConnRecord>> Conns);

/// <summary>Walks all streams side by side, pile by pile.</summary>
internal sealed class HistoryStreams(HistorySources sources) : IAsyncDisposable
{
    private readonly DeviceCursor<List<StatusRecord>>? statuses = Records(sources.Statuses);
    private readonly DeviceCursor<StatusRecord>? statusesBefore =
        sources.StatusesBefore is { } all ? new(all.GetAsyncEnumerator(), static s => s.Stamp.Device) : null;
    private readonly DeviceCursor<List<SessionRecord>>? sessions = Records(sources.Sessions);
    private readonly DeviceCursor<List<EnergySample>>? samples = Records(sources.Samples);
    private readonly DeviceCursor<List<MeterRecord>>? meters = Records(sources.Meters);
    private readonly DeviceCursor<List<FaultRecord>>? faults = Records(sources.Faults);
    private readonly DeviceCursor<List<ConnRecord>>? conns = Records(sources.Conns);
    private readonly DeviceCursor<Silence>? silences =
        sources.Silences is { } all ? new(all.GetAsyncEnumerator(), static s => s.Device) : null;

    /// <summary>Fills the history of the next pile, in ordinal order of ids.</summary>
    public async Task FillAsync(PileHistory history, HistoryLoader.Latest latest)
    {
        await (statusesBefore?.TakeAsync(history.Id, history.Statuses.Add) ?? ValueTask.CompletedTask);
        latest.Note(history.Statuses);
        await FillAsync(statuses, history.Id, history.Statuses, latest);
        await FillAsync(sessions, history.Id, history.Sessions, latest);
        await FillAsync(samples, history.Id, history.Samples, latest);
        await FillAsync(meters, history.Id, history.Meters, latest);
        await FillAsync(faults, history.Id, history.Faults, latest);
        await (silences?.TakeAsync(history.Id, history.Silences.Add) ?? ValueTask.CompletedTask);
        await (conns?.TakeAsync(history.Id, own => NoteConns(history, own, latest)) ?? ValueTask.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable?[] all = [statuses, statusesBefore, sessions, samples, meters, faults, conns, silences];
        foreach (var cursor in all)
        {
            await (cursor?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static async ValueTask FillAsync<T>(
        DeviceCursor<List<T>>? cursor, string id, List<T> into, HistoryLoader.Latest latest) where T : struct, ITelemetryRecord
    {
        if (cursor is not null)
        {
            await cursor.TakeAsync(id, records =>
            {
                into.AddRange(records);
                latest.Note(records);
            });
        }
    }

    private static void NoteConns(PileHistory history, List<ConnRecord> conns, HistoryLoader.Latest latest)
    {
        latest.Note(conns);
        history.Wills.AddRange(conns.Where(conn => !conn.Online).Select(conn => conn.Stamp.Received));
    }

    private static DeviceCursor<List<T>>? Records<T>(IAsyncEnumerable<List<T>>? source) where T : struct, ITelemetryRecord =>
        source is null ? null : new DeviceCursor<List<T>>(source.GetAsyncEnumerator(), static r => r[0].Stamp.Device);
}
