using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>The state of one device, to be published as a retained MQTT message.</summary>
/// <param name="Payload">JSON in UTF-8; empty for a device that is no longer in service, which removes what was retained.</param>
internal readonly record struct StateChange(string Topic, byte[] Payload);

/// <summary>Tells third parties the state of devices: <c>smartcity/v1/state/{area}/{kind}/{deviceId}</c>.</summary>
internal sealed class StateTopics(LiveCity city, TimeProvider clock)
{
    /// <summary>A device is told about at most this often; what happens in between is told as one.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // A device without district has to have some place in the topic.
    private const string NoArea = "000000";

    /// <summary>The state of every device, then of each that changed. Nothing is kept for a slow reader: it gets the newest.</summary>
    public async IAsyncEnumerable<StateChange> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var told = new Dictionary<(DeviceKind Kind, string Id), string>();
        var seen = -1L;
        while (true)
        {
            await city.Changes.WaitBeyondAsync(seen, cancellation);
            var upTo = city.Changes.Current;
            var map = city.MapAt(city.Now);
            var present = new HashSet<string>(StringComparer.Ordinal);
            // A map that is new may have moved devices to other topics.
            foreach (var change in Changed(map, map.Version > seen ? -1 : seen, told, present))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return change;
            }
            seen = Math.Max(upTo, map.Version);
            await Task.Delay(Interval, clock, cancellation);
        }
    }
}
