using System.Buffers;
using System.Net;
using System.Text;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Mqtt;

namespace SmartCity.Simulator.Devices;

/// <summary>The connections of all devices: one each, its client id the device's id.</summary>
internal sealed class DeviceFleet : IAsyncDisposable
{
    private const int OutstandingMax = 4000;
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(20);
    private readonly Dictionary<string, DeviceLink> links;
    private readonly SemaphoreSlim room = new(OutstandingMax);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private readonly TimeProvider clock;

    public DeviceFleet(IEnumerable<CityDevice> devices, DnsEndPoint broker, int seed, TimeProvider clock, MqttLogin? login = null)
    {
        this.clock = clock;
        links = devices.ToDictionary(d => d.Id, d => new DeviceLink(
            broker, SessionOf(d, clock) with { Login = login }, Counters, clock, Seeds.Stream(seed, d.Id + "/retry")));
        running = Task.WhenAll([.. links.Values.Select(link => link.RunAsync(stopping.Token)), PingAsync()]);
    }

    public LinkCounters Counters { get; } = new();

    /// <summary>Hands a message to its device; waits while too many of all devices are unacknowledged.</summary>
    /// <param name="now">The true time of the simulation.</param>
    public async ValueTask PostAsync(
        DeviceMessage message, long now, bool buffered, bool protobuf, CancellationToken cancellation)
    {
        await room.WaitAsync(cancellation);
        links[message.Device].Post(new Outgoing(
            Encoding.UTF8.GetBytes(message.Topic), message.Encode(now, buffered, protobuf),
            protobuf ? UplinkCodec.ProtobufContentType : null, message.Retain && !buffered)
        {
            Acked = () => room.Release(),
        });
    }

    /// <summary>Waits until all that was posted is acknowledged.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        while (Counters.AckedCount < Counters.PostedCount)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, cancellation);
        }
    }

    public void Drop(string device) => links[device].Drop();

    public void Resume(string device) => links[device].Resume();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        foreach (var link in links.Values)
        {
            link.Dispose();
        }
        stopping.Dispose();
        room.Dispose();
    }

    private async Task PingAsync()
    {
        using var timer = new PeriodicTimer(PingEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                foreach (var link in links.Values)
                {
                    link.PingWhenIdle();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The fleet is being put away.
        }
    }

    private static MqttSession SessionOf(CityDevice device, TimeProvider clock)
    {
        var topic = new UplinkTopic(DistrictPlan.DistrictId, device.Kind, device.Id, UplinkChannel.Conn);
        return new MqttSession(device.Id, new MqttWill(topic.ToString(), () => WillPayload(clock)));
    }

    private static byte[] WillPayload(TimeProvider clock)
    {
        var will = new ConnMessage
        {
            Records = { new ConnRecord { Time = clock.GetUtcNow().ToUnixTimeMilliseconds(), Online = false } },
        };
        var bytes = new ArrayBufferWriter<byte>();
        UplinkWriter.WriteJson(will, bytes);
        return bytes.WrittenSpan.ToArray();
    }
}
