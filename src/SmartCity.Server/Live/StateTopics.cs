using System.Runtime.CompilerServices;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.Mqtt;

namespace SmartCity.Server.Live;

/// <summary>Tells third parties the state of devices: <c>smartcity/v1/state/{area}/{kind}/{deviceId}</c>.</summary>
internal sealed class StateTopics(LiveCity city, TimeProvider clock)
{
    /// <summary>A device is told about at most this often; what happens in between is told as one.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // The topic needs an area, also for a device that the registry puts into no district.
    private const string NoArea = "000000";

    /// <summary>The state of every device, then of each that changed. A slow reader gets the newest, and costs nothing.</summary>
    public async IAsyncEnumerable<StateChange> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await city.Rebuilt.WaitAsync(cancellation);
        var told = new HashSet<string>(StringComparer.Ordinal);
        var seen = -1L;
        while (true)
        {
            await city.Changes.WaitBeyondAsync(seen, cancellation);
            var upTo = city.Changes.Current;
            var now = city.Now;
            var map = city.MapAt(now);
            // A new map may have moved devices to other topics.
            var all = map.Version > seen;
            var topics = new HashSet<string>(StringComparer.Ordinal);
            foreach (var (topic, version, payload) in States(map, now))
            {
                topics.Add(topic);
                if (all || version > seen)
                {
                    yield return new StateChange(topic, payload());
                }
            }
            foreach (var topic in told.Except(topics))
            {
                yield return new StateChange(topic, []);
            }
            (told, seen) = (topics, Math.Max(upTo, map.Version));
            await Task.Delay(Interval, clock, cancellation);
        }
    }

    private IEnumerable<(string Topic, long Version, Func<byte[]> Payload)> States(CityMap map, Instant now)
    {
        foreach (var place in map.Piles)
        {
            var pile = city.Pile(place.Asset.Id, now);
            yield return (TopicOf(place.District, UplinkKind.Pile, pile.Id), pile.Version, () => StateJson.Of(pile, now));
        }
        foreach (var place in map.Trucks)
        {
            var truck = city.Truck(place.Asset.Id, now);
            yield return (TopicOf(place.District, UplinkKind.Truck, truck.Id), truck.Version, () => StateJson.Of(truck, now));
        }
        foreach (var place in map.Points)
        {
            var point = city.Point(place.Asset.Id, now);
            yield return (TopicOf(place.District, UplinkKind.Point, point.Id), point.Version, () => StateJson.Of(point, now));
        }
    }

    private static string TopicOf(string district, UplinkKind kind, string id) =>
        Topics.State(district.Length == 0 ? NoArea : district, kind, id);
}
