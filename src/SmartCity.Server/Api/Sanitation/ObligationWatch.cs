using Grpc.Core;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using Verdict = SmartCity.Protocol.V1.Verdict;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>
/// One stream of verdicts. It looks again and again, and sends what differs from the look before; so it says what ListObligations
/// says, whatever came late. Between two looks it rests four times as long as a look took.
/// </summary>
internal sealed class ObligationWatch(ObligationLook look, Func<long> messagesBehind, TimeProvider clock, AssetScope scope)
{
    /// <summary>The shortest rest between two looks.</summary>
    public static readonly TimeSpan RestMin = TimeSpan.FromSeconds(2);

    /// <summary>A token that is older starts with a snapshot.</summary>
    public static readonly TimeSpan ResumeMax = TimeSpan.FromDays(1);

    private const int ChangesMax = 2_000;

    // A message gets its time before it is on disk.
    private static readonly TimeSpan OnItsWay = TimeSpan.FromSeconds(5);

    private readonly ulong scopeHash = ResumeToken.HashOf(scope);
    private ObligationView? sent;
    private Instant known;

    /// <summary>Sends until the client goes away.</summary>
    public async Task RunAsync(
        KnowledgeToken? token, IServerStreamWriter<WatchObligationsResponse> stream, CancellationToken cancellation)
    {
        var now = Now;
        known = now - OnItsWay;
        if (token is { } at && at.Scope == scopeHash && at.Known <= now && now - at.Known <= ResumeMax)
        {
            known = at.Known;
            sent = await look.AtAsync(scope, known, null, cancellation);
        }
        for (var first = true; ; first = false)
        {
            var started = clock.GetTimestamp();
            await LookAsync(first, stream, cancellation);
            await Task.Delay(Rest.After(clock.GetElapsedTime(started), RestMin), clock, cancellation);
        }
    }

    private Instant Now => Instant.From(clock.GetUtcNow());

    private async Task LookAsync(
        bool always, IServerStreamWriter<WatchObligationsResponse> stream, CancellationToken cancellation)
    {
        var isAllStored = messagesBehind() == 0;
        var found = await look.AtAsync(scope, Now, sent, cancellation);
        if (isAllStored)
        {
            known = Instant.Later(known, found.At - OnItsWay);
        }
        List<ObligationChange> news;
        List<string> gone = [];
        if (sent is { } before)
        {
            news = [.. (await look.ChangesAsync(before, found, cancellation)).Select(c => new ObligationChange
            {
                Obligation = SanitationMessages.Of(c.Outcome),
                Change = SanitationMessages.Of(c.Change),
                VerdictBefore = (Verdict)(c.Before?.Verdict ?? 0),
            })];
            // Dates that are over are not told any more, which does not mean that they are gone.
            gone = [.. before.Outcomes.Values.Select(o => o.Obligation)
                .Where(o => o.ServiceDate >= found.First && !found.Outcomes.ContainsKey(o.Id)).Select(o => o.Id)];
        }
        else
        {
            news = [.. found.Outcomes.Values.OrderBy(o => o.Obligation.ServiceDate).ThenBy(o => o.Obligation.Start)
                .ThenBy(o => o.Obligation.Id, StringComparer.Ordinal)
                .Select(o => new ObligationChange { Obligation = SanitationMessages.Of(o) })];
        }
        if (always || news.Count + gone.Count > 0)
        {
            await SendAsync(stream, sent is null, news, gone, cancellation);
        }
        sent = found;
    }

    private async Task SendAsync(
        IServerStreamWriter<WatchObligationsResponse> stream, bool snapshot, List<ObligationChange> news, List<string> gone,
        CancellationToken cancellation)
    {
        var start = 0;
        do
        {
            var message = new WatchObligationsResponse { Snapshot = snapshot && start == 0 };
            message.Changes.AddRange(news.Skip(start).Take(ChangesMax));
            message.GoneObligationIds.AddRange(start == 0 ? gone : []);
            start += ChangesMax;
            // Only after the last part can a client go on from here.
            message.ResumeToken = start >= news.Count ? new KnowledgeToken(known, scopeHash).ToString() : "";
            await stream.WriteAsync(message, cancellation);
        }
        while (start < news.Count);
    }
}
