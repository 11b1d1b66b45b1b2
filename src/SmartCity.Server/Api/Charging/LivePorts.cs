using Grpc.Core;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Live;
using SmartCity.Storage.Telemetry;
using Pile = SmartCity.Domain.Registry.Pile;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;
using WireStatus = SmartCity.Protocol.V1.PortStatus;

namespace SmartCity.Server.Api.Charging;

/// <summary>Answers what ports are doing now. ChargingService hands its live calls to it.</summary>
internal sealed class LivePorts(LiveCity city, Qualities qualities)
{
    /// <summary>The most streams that are served at a time.</summary>
    public const int WatchersMax = 1_000;

    private int watchers;

    /// <summary>The ports in a scope, by pile and port.</summary>
    public ValueTask<ListPortsResponse> ListAsync(ListPortsRequest request, CancellationToken cancellation)
    {
        EnsureRebuilt();
        cancellation.ThrowIfCancellationRequested();
        var now = city.Now;
        var piles = ReadPiles(Scopes.From(request.Scope, city.MapAt(now).Registry), now);
        var wanted = StatusesOf(request);
        var ports = new List<(Place<Pile> Place, PileState Pile, PortState Port)>();
        foreach (var (place, pile) in piles)
        {
            ports.AddRange(pile.Ports.Where(port => wanted.Count == 0 || wanted.Contains((WireStatus)port.Status))
                .Select(port => (place, pile, port)));
        }
        var (page, next) = Pages.Take(ports, request.PageSize, request.PageToken, request);
        var response = new ListPortsResponse { NextPageToken = next, Quality = QualityOf(piles, now) };
        response.Ports.AddRange(page.Select(row => PortMessages.Of(row.Place, row.Pile, row.Port)));
        return ValueTask.FromResult(response);
    }

    /// <summary>Sends the ports in a scope, then every change, until the client goes away.</summary>
    public async Task WatchAsync(
        WatchPortsRequest request, IServerStreamWriter<WatchPortsResponse> stream, CancellationToken cancellation)
    {
        EnsureRebuilt();
        var watch = new PortWatch(city, Scopes.From(request.Scope, city.MapAt(city.Now).Registry), request.ResumeToken);
        if (Interlocked.Increment(ref watchers) > WatchersMax)
        {
            Interlocked.Decrement(ref watchers);
            throw new LimitReachedException(
                $"{WatchersMax} streams are open already. Close some, or ask ListPorts from time to time.");
        }
        try
        {
            await watch.RunAsync(stream, cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref watchers);
        }
    }

    private List<(Place<Pile> Place, PileState Pile)> ReadPiles(AssetScope scope, Instant now) =>
        [.. city.MapAt(now).PilesIn(scope).Select(place => (place, city.Pile(place.Asset.Id, now)))];

    private DataQuality QualityOf(List<(Place<Pile> Place, PileState Pile)> piles, Instant now)
    {
        int ports = 0, seen = 0;
        Instant? latest = null;
        foreach (var (_, pile) in piles)
        {
            ports += pile.Ports.Count;
            seen += pile.Ports.Count(port => port.Status is not (PortStatus.Unknown or PortStatus.Offline));
            latest = pile.LatestReceived is { } received ? Instant.Later(received, latest ?? Instant.Min) : latest;
        }
        return qualities.Of(
            ports == 0 ? null : (double)seen / ports, now, latest, piles.Count,
            piles.Count(row => row.Pile.Offline || row.Pile.LastHeard is null));
    }

    private static HashSet<WireStatus> StatusesOf(ListPortsRequest request)
    {
        foreach (var status in request.Statuses)
        {
            if (!Enum.IsDefined(status))
            {
                throw new InvalidQueryException(
                    "statuses", $"{(int)status} is not a port status. See PortStatus for the numbers.");
            }
        }
        return [.. request.Statuses];
    }

    private void EnsureRebuilt()
    {
        if (!city.Rebuilt.IsCompletedSuccessfully)
        {
            throw new StoreUnavailableException("The live state is still being read from the store. Try again in a few seconds.");
        }
    }
}
