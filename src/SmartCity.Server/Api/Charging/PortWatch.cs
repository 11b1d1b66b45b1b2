using Google.Protobuf;
using Grpc.Core;
using SmartCity.Domain.Registry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Live;

namespace SmartCity.Server.Api.Charging;

/// <summary>
/// One stream of ports. It keeps no queue: it remembers the number of the last change it sent and looks for ports that changed
/// since, after the client took what was sent before. So a slow client skips states, and never holds memory.
/// </summary>
internal sealed class PortWatch(LiveCity city, AssetScope scope, string resumeToken)
{
    /// <summary>The most ports of one message, which clients with default limits can still take.</summary>
    public const int PortsMax = 2_000;

    private readonly ulong scopeHash = ResumeToken.HashOf(scope);

    /// <summary>Sends until the client goes away.</summary>
    public async Task RunAsync(IServerStreamWriter<WatchPortsResponse> stream, CancellationToken cancellation)
    {
        var sent = ResumeToken.Parse(resumeToken)?.ContinuesAt(city, scopeHash);
        var first = true;
        while (true)
        {
            // Read before the ports: what changes while they are read is sent once more rather than never.
            var upTo = city.Changes.Current;
            var now = city.Now;
            var map = city.MapAt(now);
            // Whatever was numbered before the map was drawn is seen by reading the ports after it.
            var reached = Math.Max(upTo, map.Version);
            // What left the scope cannot be told as a change, so a new map means a new snapshot.
            var snapshot = sent is not { } seen || map.Version > seen;
            var ports = ChangedAfter(map, snapshot ? -1 : sent!.Value, now);
            if (snapshot || ports.Count > 0 || first)
            {
                await SendAsync(stream, ports, snapshot, new ResumeToken(city.Epoch, reached, scopeHash), cancellation);
            }
            (sent, first) = (reached, false);
            await city.Changes.WaitBeyondAsync(reached, cancellation);
        }
    }

    private List<Port> ChangedAfter(CityMap map, long seen, Domain.Telemetry.Instant now)
    {
        var changed = new List<Port>();
        foreach (var place in map.PilesIn(scope))
        {
            var pile = city.Pile(place.Asset.Id, now);
            if (pile.Version > seen)
            {
                changed.AddRange(
                    pile.Ports.Where(port => port.Version > seen).Select(port => PortMessages.Of(place, pile, port)));
            }
        }
        return changed;
    }

    private static async Task SendAsync(
        IServerStreamWriter<WatchPortsResponse> stream, List<Port> ports, bool snapshot, ResumeToken token,
        CancellationToken cancellation)
    {
        var start = 0;
        do
        {
            var message = new WatchPortsResponse { Snapshot = snapshot && start == 0 };
            message.Ports.AddRange(ports.Skip(start).Take(PortsMax));
            start += PortsMax;
            // Only after the last part can a client go on from here.
            message.ResumeToken = start >= ports.Count ? token.ToString() : "";
            await stream.WriteAsync(message, cancellation);
        }
        while (start < ports.Count);
    }
}
