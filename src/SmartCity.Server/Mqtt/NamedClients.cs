using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.AspNetCore;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Server;

namespace SmartCity.Server.Mqtt;

/// <summary>Gives a name to MQTT 3.1.1 clients that come without one and want a clean session, as the standard has it
/// [MQTT-3.1.3-6]. MQTTnet lets the broker name MQTT 5 clients only; tools such as <c>mosquitto_pub</c> come without a name.</summary>
internal sealed class NamedClients(MqttConnectionHandler connections) : IMqttServerAdapter
{
    public Func<IMqttChannelAdapter, Task> ClientHandler
    {
        get => connections.ClientHandler;
        set => connections.ClientHandler = channel => value(new NamingChannel(channel));
    }

    public Task StartAsync(MqttServerOptions options, IMqttNetLogger logger) => connections.StartAsync(options, logger);

    public Task StopAsync() => connections.StopAsync();

    public void Dispose() => connections.Dispose();

    /// <summary>A name that nobody else has.</summary>
    public static string NewName() => $"unnamed-{Guid.NewGuid():N}";

    private sealed class NamingChannel(IMqttChannelAdapter channel) : IMqttChannelAdapter
    {
        private bool named;

        public long BytesReceived => channel.BytesReceived;

        public long BytesSent => channel.BytesSent;

        public X509Certificate2? ClientCertificate => channel.ClientCertificate;

        public EndPoint? RemoteEndPoint => channel.RemoteEndPoint;

        public EndPoint? LocalEndPoint => channel.LocalEndPoint;

        public bool IsSecureConnection => channel.IsSecureConnection;

        public MqttPacketFormatterAdapter PacketFormatterAdapter => channel.PacketFormatterAdapter;

        public Task ConnectAsync(CancellationToken cancellationToken) => channel.ConnectAsync(cancellationToken);

        public Task DisconnectAsync(CancellationToken cancellationToken) => channel.DisconnectAsync(cancellationToken);

        public void ResetStatistics() => channel.ResetStatistics();

        public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) =>
            channel.SendPacketAsync(packet, cancellationToken);

        // Only the first packet can be a CONNECT; all others go through untouched.
        public Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken) =>
            named ? channel.ReceivePacketAsync(cancellationToken) : ReceiveFirstAsync(cancellationToken);

        public void Dispose() => channel.Dispose();

        private async Task<MqttPacket> ReceiveFirstAsync(CancellationToken cancellationToken)
        {
            var packet = await channel.ReceivePacketAsync(cancellationToken);
            named = true;
            if (packet is MqttConnectPacket { CleanSession: true } connect && string.IsNullOrEmpty(connect.ClientId)
                && channel.PacketFormatterAdapter.ProtocolVersion != MqttProtocolVersion.V500)
            {
                connect.ClientId = NewName();
            }
            return packet;
        }
    }
}
