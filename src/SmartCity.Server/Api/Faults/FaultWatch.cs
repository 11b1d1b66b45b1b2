using Grpc.Core;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Ingest;

namespace SmartCity.Server.Api.Faults;

/// <summary>
/// One stream of faults. It asks for the faults again and again, and sends what differs from what it sent before; so it says what
/// ListFaults says, whatever came late. Between two looks it rests four times as long as a look took.
/// </summary>
internal sealed class FaultWatch(FaultLook look, OldestBehind oldestBehind, TimeProvider clock, ulong scope)
{
    /// <summary>The shortest rest between two looks.</summary>
    public static readonly TimeSpan RestMin = TimeSpan.FromSeconds(1);

    /// <summary>A token that is older starts with a snapshot.</summary>
    public static readonly TimeSpan ResumeMax = TimeSpan.FromDays(1);

    private const int FaultsMax = 2_000;

    // What was cleared so shortly before a look may have come after the one before.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    // A message gets its time before it is on disk.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(5);

    private Dictionary<string, Fault> sent = new(StringComparer.Ordinal);
    private Dictionary<string, Fault> followed = new(StringComparer.Ordinal);
    private Instant looked;
    private Instant known;

    /// <summary>Sends until the client goes away.</summary>
    public async Task RunAsync(
        KnowledgeToken? token, IServerStreamWriter<WatchFaultsResponse> stream, CancellationToken cancellation)
    {
        var now = Now;
        var resumes = token is { } at && at.Scope == scope && at.Known <= now && now - at.Known <= ResumeMax;
        looked = known = resumes ? token!.Value.Known : now - OnItsWay;
        if (resumes)
        {
            sent = await look.OpenAsync(known, cancellation);
        }
        for (var first = true; ; first = false)
        {
            var started = clock.GetTimestamp();
            await LookAsync(snapshot: first && !resumes, first, stream, cancellation);
            await Task.Delay(Rest.After(clock.GetElapsedTime(started), RestMin), clock, cancellation);
        }
    }

    private Instant Now => Instant.From(clock.GetUtcNow());

    private async Task LookAsync(
        bool snapshot, bool always, IServerStreamWriter<WatchFaultsResponse> stream, CancellationToken cancellation)
    {
        var now = Now;
        // Under a steady stream there is always something on its way; what was received before it is stored.
        var stored = await oldestBehind(cancellation) is { } behind ? Instant.Earlier(behind, now) : now;
        var found = snapshot
            ? await look.OpenAsync(now, cancellation)
            : await look.SinceAsync(Instant.Earlier(looked, now) - Overlap, now, cancellation);
        // On a resumed stream what was over before, and not known to the client, is no news.
        var news = found.Where(f => snapshot || IsNews(f.Value)).Select(f => f.Value).ToList();
        var gone = new List<string>();
        if (!snapshot)
        {
            await FollowAsync(found, now, news, gone, cancellation);
        }
        known = Instant.Later(known, stored - OnItsWay);
        if (always || news.Count + gone.Count > 0)
        {
            await SendAsync(stream, snapshot, news, gone, cancellation);
        }
        (sent, looked) = (found, now);
    }

    private bool IsNews(Fault fault) => sent.TryGetValue(fault.FaultId, out var before)
        ? !Shown(before).Equals(Shown(fault))
        : fault.ClearedTime is null ? fault.State != FaultState.Closed : Instants.From(fault.ClearedTime, "")!.Value > looked - Overlap;

    // It grows by itself while a fault is open.
    private static Fault Shown(Fault fault)
    {
        var shown = fault.Clone();
        shown.DurationSeconds = 0;
        return shown;
    }

    /// <summary>Finds out what became of faults that a look at the present does not show.</summary>
    private async Task FollowAsync(
        Dictionary<string, Fault> found, Instant now, List<Fault> news, List<string> gone, CancellationToken cancellation)
    {
        var (before, after) = (followed, new Dictionary<string, Fault>(StringComparer.Ordinal));
        // What is recorded in the moment of a look may come after it, and is found by the next.
        var missing = sent.Values.Where(fault => fault.ClearedTime is null).Select(fault => fault.FaultId);
        foreach (var id in missing.Concat(look.ActedOn(looked - Moment, now - Moment)).Distinct().Where(id => !found.ContainsKey(id)))
        {
            var fault = await look.FindAsync(id, now, cancellation);
            if (fault?.FaultId != id && sent.ContainsKey(id))
            {
                gone.Add(id);
            }
            // With a new id it is among those that were found, while it is open.
            if (fault is not null && !found.ContainsKey(fault.FaultId) && after.TryAdd(fault.FaultId, fault)
                && !(before.TryGetValue(fault.FaultId, out var told) && Shown(told).Equals(Shown(fault))))
            {
                news.Add(fault);
            }
        }
        followed = after;
    }

    private async Task SendAsync(
        IServerStreamWriter<WatchFaultsResponse> stream, bool snapshot, List<Fault> news, List<string> gone,
        CancellationToken cancellation)
    {
        var start = 0;
        do
        {
            var message = new WatchFaultsResponse { Snapshot = snapshot && start == 0 };
            message.Faults.AddRange(news.Skip(start).Take(FaultsMax));
            message.GoneFaultIds.AddRange(start == 0 ? gone : []);
            start += FaultsMax;
            // Only after the last part can a client go on from here.
            message.ResumeToken = start >= news.Count ? new KnowledgeToken(known, scope).ToString() : "";
            await stream.WriteAsync(message, cancellation);
        }
        while (start < news.Count);
    }
}
