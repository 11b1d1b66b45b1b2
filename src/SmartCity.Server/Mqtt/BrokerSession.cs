using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Mqtt;

/// <summary>What we ask of the external broker: a session that outlives us, and no more at a time than we can take.</summary>
internal static class BrokerSession
{
    /// <summary>How long the broker may think about an answer.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    /// <summary>How often it is asked for a sign of life; less than the keep-alive that it knows of.</summary>
    public static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10);

    private const uint SessionSeconds = 7 * 24 * 60 * 60;
    private const uint PacketBytesMax = 1024 * 1024;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    /// <summary>For CONNECT.</summary>
    public static MqttClientOptions Connect(BrokerAddress address, MqttOptions options, BrokerTls? tls)
    {
        var builder = new MqttClientOptionsBuilder()
            .WithTcpServer(address.Host, address.Port)
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(options.ClientId)
            .WithCleanStart(false)
            .WithSessionExpiryInterval(SessionSeconds)
            .WithReceiveMaximum((ushort)options.ReceiveMaximum)
            .WithMaximumPacketSize(PacketBytesMax)
            .WithKeepAlivePeriod(KeepAlive)
            .WithTimeout(AnswerMax);
        builder = tls is null ? builder : builder.WithTlsOptions(tls.Configure);
        var user = address.Username ?? options.Username;
        return user.Length == 0
            ? builder.Build()
            : builder.WithCredentials(user, address.Password ?? options.Password).Build();
    }

    /// <summary>For SUBSCRIBE.</summary>
    public static MqttTopicFilter Filter(string topic) => new()
    {
        Topic = topic,
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        NoLocal = !BrokerFilters.IsShared(topic), // Our own notes on `errors` match, too; where it is shared MQTT forbids this.
        // A retained Will that comes again with every connection would be a new one each time.
        RetainHandling = MqttRetainHandling.SendAtSubscribeIfNewSubscriptionOnly,
    };
}
