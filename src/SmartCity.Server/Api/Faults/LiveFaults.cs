using Grpc.Core;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Ingest;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api.Faults;

/// <summary>Serves streams of faults.</summary>
internal sealed class LiveFaults(
    FaultListAnswers faults, FaultFinder finder, IncidentReader incidents, RegistryStore registry, RepairLog repairs,
    OldestBehind oldestBehind, TimeProvider clock)
{
    /// <summary>The most streams that are served at a time: each asks the store again and again.</summary>
    public const int WatchersMax = 20;

    private int watchers;

    /// <summary>Sends the open faults in a scope, then every change, until the client goes away.</summary>
    public async Task WatchAsync(
        WatchFaultsRequest request, IServerStreamWriter<WatchFaultsResponse> stream, CancellationToken cancellation)
    {
        var scope = ResumeToken.HashOf(Scopes.From(request.Scope, registry.Current));
        var token = KnowledgeToken.Parse(request.ResumeToken, "faults");
        var look = new FaultLook(faults, finder, incidents, registry, repairs, request.Scope);
        var watch = new FaultWatch(look, oldestBehind, clock, scope);
        if (Interlocked.Increment(ref watchers) > WatchersMax)
        {
            Interlocked.Decrement(ref watchers);
            throw new LimitReachedException(
                $"{WatchersMax} streams of faults are open already. Close some, or ask ListFaults from time to time.");
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
