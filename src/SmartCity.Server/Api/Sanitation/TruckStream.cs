using Grpc.Core;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using SmartCity.Server.Live;
using Truck = SmartCity.Protocol.V1.Truck;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>
/// One stream of trucks. It keeps no queue: it remembers the number of the last change it sent and looks for trucks that changed
/// since, after the client took what was sent before. So a slow client skips positions, and never holds memory.
/// </summary>
internal sealed class TruckStream(LiveCity city, AssetScope scope, string resumeToken)
{
    /// <summary>The most trucks of one message, which clients with default limits can still take.</summary>
    public const int TrucksMax = 2_000;

    private readonly ulong scopeHash = ResumeToken.HashOf(scope);

    /// <summary>Sends until the client goes away.</summary>
    public async Task RunAsync(IServerStreamWriter<WatchTrucksResponse> stream, CancellationToken cancellation)
    {
        var sent = ResumeToken.Parse(resumeToken)?.ContinuesAt(city, scopeHash);
        for (var first = true; ; first = false)
        {
            // Read before the trucks: what changes while they are read is sent once more rather than never.
            var upTo = city.Changes.Current;
            var now = city.Now;
            var map = city.MapAt(now);
            // Whatever was numbered before the map was drawn is seen by reading the trucks after it.
            var reached = Math.Max(upTo, map.Version);
            // What left the scope cannot be told as a change, so a new map means a new snapshot.
            var snapshot = sent is not { } seen || map.Version > seen;
            var trucks = ChangedAfter(map, snapshot ? -1 : sent!.Value, now);
            if (snapshot || trucks.Count > 0 || first)
            {
                await SendAsync(stream, trucks, snapshot, new ResumeToken(city.Epoch, reached, scopeHash), cancellation);
            }
            sent = reached;
            await city.Changes.WaitBeyondAsync(reached, cancellation);
        }
    }

    private List<Truck> ChangedAfter(CityMap map, long seen, Instant now)
    {
        var changed = new List<Truck>();
        foreach (var place in map.TrucksIn(scope))
        {
            var state = city.Truck(place.Asset.Id, now);
            if (state.Version > seen)
            {
                changed.Add(LiveTrucks.MessageOf(place.Asset, state));
            }
        }
        return changed;
    }

    private static async Task SendAsync(
        IServerStreamWriter<WatchTrucksResponse> stream, List<Truck> trucks, bool snapshot, ResumeToken token,
        CancellationToken cancellation)
    {
        var start = 0;
        do
        {
            var message = new WatchTrucksResponse { Snapshot = snapshot && start == 0 };
            message.Trucks.AddRange(trucks.Skip(start).Take(TrucksMax));
            start += TrucksMax;
            // Only after the last part can a client go on from here.
            message.ResumeToken = start >= trucks.Count ? token.ToString() : "";
            await stream.WriteAsync(message, cancellation);
        }
        while (start < trucks.Count);
    }
}
