using Grpc.Core;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Serves streams of verdicts.</summary>
/// <param name="messagesBehind">Messages acknowledged and not yet in the store.</param>
internal sealed class LiveObligations(
    ObligationLook look, SanitationRequests requests, Func<long> messagesBehind, TimeProvider clock)
{
    /// <summary>The most streams that are served at a time: each judges three days again and again.</summary>
    public const int WatchersMax = 20;

    private int watchers;

    /// <summary>Sends the obligations of the last dates in a scope, then every change, until the client goes away.</summary>
    public async Task WatchAsync(
        WatchObligationsRequest request, IServerStreamWriter<WatchObligationsResponse> stream, CancellationToken cancellation)
    {
        var token = KnowledgeToken.Parse(request.ResumeToken, "obligations");
        var watch = new ObligationWatch(look, messagesBehind, clock, requests.ScopeOfPoints(request.Scope));
        if (Interlocked.Increment(ref watchers) > WatchersMax)
        {
            Interlocked.Decrement(ref watchers);
            throw new LimitReachedException(
                $"{WatchersMax} streams of obligations are open already. Close some, or ask ListObligations from time to time.");
        }
        try
        {
            await watch.RunAsync(token, stream, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref watchers);
        }
    }
}
