using Grpc.Core;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Live;
using SmartCity.Storage.Telemetry;
using DomainTruck = SmartCity.Domain.Registry.Truck;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Answers where trucks are now. SanitationService hands its live calls to it.</summary>
internal sealed class LiveTrucks(LiveCity city, Qualities qualities)
{
    /// <summary>The most streams that are served at a time.</summary>
    public const int WatchersMax = 1_000;

    private int watchers;

    /// <summary>The trucks in a scope, by id.</summary>
    public ValueTask<ListTrucksResponse> ListAsync(ListTrucksRequest request, CancellationToken cancellation)
    {
        EnsureRebuilt();
        cancellation.ThrowIfCancellationRequested();
        var now = city.Now;
        var map = city.MapAt(now);
        List<(Place<DomainTruck> Place, TruckState Truck)> trucks =
            [.. map.TrucksIn(Scopes.From(request.Scope, map.Registry)).Select(place => (place, city.Truck(place.Asset.Id, now)))];
        var (page, next) = Pages.Take(trucks, request.PageSize, request.PageToken, request);
        var response = new ListTrucksResponse { NextPageToken = next, Quality = QualityOf(trucks, now) };
        response.Trucks.AddRange(page.Select(row => MessageOf(row.Place.Asset, row.Truck)));
        return ValueTask.FromResult(response);
    }

    /// <summary>Sends the trucks in a scope, then every change, until the client goes away.</summary>
    public async Task WatchAsync(
        WatchTrucksRequest request, IServerStreamWriter<WatchTrucksResponse> stream, CancellationToken cancellation)
    {
        EnsureRebuilt();
        var watch = new TruckStream(city, Scopes.From(request.Scope, city.MapAt(city.Now).Registry), request.ResumeToken);
        if (Interlocked.Increment(ref watchers) > WatchersMax)
        {
            Interlocked.Decrement(ref watchers);
            throw new LimitReachedException(
                $"{WatchersMax} streams are open already. Close some, or ask ListTrucks from time to time.");
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

    private void EnsureRebuilt()
    {
        if (!city.Rebuilt.IsCompletedSuccessfully)
        {
            throw new StoreUnavailableException("The live state is still being read from the store. Try again in a few seconds.");
        }
    }

    private DataQuality QualityOf(List<(Place<DomainTruck> Place, TruckState Truck)> trucks, Instant now)
    {
        // A truck without a tracker is no silent device.
        var tracked = trucks.Where(row => row.Place.Asset.Tracked).ToList();
        var silent = tracked.Count(row => row.Truck.Stale);
        var latest = trucks.Select(row => row.Truck.LatestReceived).Max();
        return qualities.Of(
            tracked.Count == 0 ? null : 1 - ((double)silent / tracked.Count), now, latest, tracked.Count, silent);
    }

    /// <summary>A truck as the wire has it.</summary>
    public static Protocol.V1.Truck MessageOf(DomainTruck truck, TruckState state)
    {
        var message = new Protocol.V1.Truck
        {
            TruckId = truck.Id,
            Plate = truck.Plate,
            RouteId = truck.RouteId ?? "",
            Position = state.Position is { } at ? new Protocol.V1.GeoPoint { Lat = at.Lat, Lon = at.Lon } : null,
            PositionTime = state.PositionTime.ToTimestamp(),
            LastHeardTime = state.LastHeard.ToTimestamp(),
            Stale = state.Stale,
            PointId = state.Point ?? "",
        };
        if (state.SpeedKmh is { } speed)
        {
            message.SpeedKmh = speed;
        }
        if (state.HeadingDeg is { } heading)
        {
            message.HeadingDeg = heading;
        }
        return message;
    }
}
