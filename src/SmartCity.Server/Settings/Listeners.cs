using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using SmartCity.Server.Mqtt;

namespace SmartCity.Server.Settings;

/// <summary>The three doors: MQTT, gRPC, web. Knows their real ports once they are open.</summary>
internal sealed class Listeners
{
    private ListenOptions? mqtt;
    private ListenOptions? grpc;
    private ListenOptions? web;

    /// <summary>Where the embedded broker listens; null without one.</summary>
    public IPEndPoint? Mqtt => mqtt?.IPEndPoint;

    /// <summary>Where gRPC answers.</summary>
    public IPEndPoint Grpc => grpc?.IPEndPoint ?? throw new InvalidOperationException("The listeners are not open yet.");

    /// <summary>Where the dashboard answers.</summary>
    public IPEndPoint Web => web?.IPEndPoint ?? throw new InvalidOperationException("The listeners are not open yet.");

    /// <summary>Sets the doors up.</summary>
    public void Configure(KestrelServerOptions kestrel, IConfiguration configuration)
    {
        kestrel.AddServerHeader = false;
        var broker = kestrel.ApplicationServices.GetRequiredService<EmbeddedBroker>();
        if (Of(configuration, "Mqtt", new MqttOptions().Listen) is { } mqttAddress)
        {
            kestrel.Listen(mqttAddress, listener =>
            {
                mqtt = listener;
                broker.Attach(listener);
            });
        }
        kestrel.Listen(Of(configuration, "Grpc", new GrpcOptions().Listen)!, listener =>
        {
            grpc = listener;
            listener.Protocols = HttpProtocols.Http2;
        });
        kestrel.Listen(Of(configuration, "Web", new WebOptions().Listen)!, listener =>
        {
            web = listener;
            listener.Protocols = HttpProtocols.Http1;
        });
    }

    /// <summary>Which of the doors somebody else has taken, and how to choose another one.</summary>
    public static IEnumerable<string> Taken(IConfiguration configuration) =>
        from door in new[]
        {
            (Section: "Mqtt", Default: new MqttOptions().Listen), (Section: "Grpc", Default: new GrpcOptions().Listen),
            (Section: "Web", Default: new WebOptions().Listen),
        }
        let address = Of(configuration, door.Section, door.Default)
        where address is not null && !CanBind(address, out _)
        select Problem(address, door.Section);

    private static string Problem(IPEndPoint address, string section)
    {
        CanBind(address, out var error);
        return error == SocketError.AddressAlreadyInUse
            ? $"{section}:Listen: port {address.Port} is taken by another program. Stop it, or choose another port: "
                + $"--{section}:Listen={address.Address}:{address.Port + 10}"
            : $"{section}:Listen: cannot listen on {address} ({error}).";
    }

    private static IPEndPoint? Of(IConfiguration configuration, string section, string standard) =>
        ListenAddress.TryParse(configuration[$"{section}:Listen"] ?? standard, out var address) ? address : null;

    private static bool CanBind(IPEndPoint address, out SocketError error)
    {
        using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(address);
            probe.Listen();
            error = SocketError.Success;
            return true;
        }
        catch (SocketException e)
        {
            error = e.SocketErrorCode;
            return false;
        }
    }
}
