using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Charging;

/// <summary>The streams of one question; null where nothing is asked for.</summary>
internal sealed record HistorySources(
    IAsyncEnumerable<StatusRecord>? Statuses, IAsyncEnumerable<StatusRecord>? StatusesBefore,
    IAsyncEnumerable<SessionRecord>? Sessions, IAsyncEnumerable<EnergySample>? Samples, IAsyncEnumerable<MeterRecord>? Meters,
    IAsyncEnumerable<FaultRecord> Faults, IAsyncEnumerable<Silence>? Silences, IAsyncEnumerable<ConnRecord> Conns);

/// <summary>Walks all streams side by side, pile by pile.</summary>
internal sealed class HistoryStreams(HistorySources sources) : IAsyncDisposable
{
    private readonly DeviceCursor<StatusRecord>? statuses = Records(sources.Statuses);
    private readonly DeviceCursor<StatusRecord>? statusesBefore = Records(sources.StatusesBefore);
    private readonly DeviceCursor<SessionRecord>? sessions = Records(sources.Sessions);
    private readonly DeviceCursor<EnergySample>? samples = Records(sources.Samples);
    private readonly DeviceCursor<MeterRecord>? meters = Records(sources.Meters);
    private readonly DeviceCursor<FaultRecord>? faults = Records(sources.Faults);
    private readonly DeviceCursor<ConnRecord>? conns = Records(sources.Conns);
    private readonly DeviceCursor<Silence>? silences =
        sources.Silences is { } all ? new(all.GetAsyncEnumerator(), static s => s.Device) : null;

    /// <summary>Fills the history of the next pile, in ordinal order of ids.</summary>
    public async Task FillAsync(PileHistory history, HistoryLoader.Latest latest)
    {
        await FillAsync(statusesBefore, history.Id, history.Statuses, latest);
        await FillAsync(statuses, history.Id, history.Statuses, latest);
        await FillAsync(sessions, history.Id, history.Sessions, latest);
        await FillAsync(samples, history.Id, history.Samples, latest);
        await FillAsync(meters, history.Id, history.Meters, latest);
        await FillAsync(faults, history.Id, history.Faults, latest);
        await (silences?.TakeAsync(history.Id, history.Silences.Add) ?? ValueTask.CompletedTask);
        await (conns?.TakeAsync(history.Id, conn => NoteConn(history, conn, latest)) ?? ValueTask.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable?[] all = [statuses, statusesBefore, sessions, samples, meters, faults, conns, silences];
        foreach (var cursor in all)
        {
            await (cursor?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private static async ValueTask FillAsync<T>(DeviceCursor<T>? cursor, string id, List<T> into, HistoryLoader.Latest latest)
        where T : struct, ITelemetryRecord
    {
        if (cursor is not null)
        {
            await cursor.TakeAsync(id, record =>
            {
                into.Add(record);
                latest.Note(record.Stamp);
            });
        }
    }

    private static void NoteConn(PileHistory history, in ConnRecord conn, HistoryLoader.Latest latest)
    {
        latest.Note(conn.Stamp);
        if (!conn.Online)
        {
            history.Wills.Add(conn.Stamp.Received);
        }
    }

    private static DeviceCursor<T>? Records<T>(IAsyncEnumerable<T>? source) where T : struct, ITelemetryRecord =>
        source is null ? null : new DeviceCursor<T>(source.GetAsyncEnumerator(), static r => r.Stamp.Device);
}
