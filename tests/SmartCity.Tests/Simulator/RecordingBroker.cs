using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using SmartCity.Protocol.Mqtt;

namespace SmartCity.Tests.Simulator;

/// <summary>One message as it reached the broker.</summary>
internal sealed record Delivery(string ClientId, string Topic, byte[] Payload, string? ContentType)
{
    public Uplink Decode() => UplinkTopic.TryParse(Topic, out var topic, out var problem)
        ? UplinkCodec.Decode(topic, Payload, ContentType)
        : throw new InvalidOperationException(problem);
}

/// <summary>An MQTT broker in this process that keeps what it is sent and answers as the test wishes.</summary>
internal sealed class RecordingBroker : IAsyncDisposable
{
    private MqttServer server = null!;

    private RecordingBroker(int port) => EndPoint = new DnsEndPoint("127.0.0.1", port);

    public DnsEndPoint EndPoint { get; }

    public ConcurrentQueue<Delivery> Deliveries { get; } = new();

    /// <summary>Decides the PUBACK of each message; the default is success.</summary>
    public Func<Delivery, Task<MqttPubAckReasonCode>> Answer { get; set; } = _ => Task.FromResult(MqttPubAckReasonCode.Success);

    /// <summary>Off: messages are counted in <see cref="Count"/> only.</summary>
    public bool Keeps { get; set; } = true;

    public long Count => Volatile.Read(ref count);

    private long count;

    public static async Task<RecordingBroker> StartAsync()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var broker = new RecordingBroker(((IPEndPoint)probe.LocalEndpoint).Port);
        probe.Stop();
        await broker.OpenAsync();
        return broker;
    }

    public async Task OpenAsync()
    {
        server = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder()
            .WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback)
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None).WithDefaultEndpointPort(EndPoint.Port).Build());
        server.InterceptingPublishAsync += TakeAsync;
        await server.StartAsync();
    }

    /// <summary>Breaks every connection and stops listening; <see cref="OpenAsync"/> listens again.</summary>
    public async Task CloseAsync()
    {
        await server.StopAsync();
        server.Dispose();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task TakeAsync(InterceptingPublishEventArgs e)
    {
        Interlocked.Increment(ref count);
        e.ProcessPublish = false;
        if (Keeps)
        {
            var message = e.ApplicationMessage;
            var delivery = new Delivery(
                e.ClientId, message.Topic, System.Buffers.BuffersExtensions.ToArray(message.Payload), message.ContentType);
            Deliveries.Enqueue(delivery);
            e.Response.ReasonCode = await Answer(delivery);
        }
    }
}
