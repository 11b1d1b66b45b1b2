namespace SmartCity.Simulator.Mqtt;

/// <summary>Who connects, and what the broker shall say when the connection breaks.</summary>
internal sealed record MqttSession(string ClientId, MqttWill? Will)
{
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    public MqttLogin? Login { get; init; }
}

/// <summary>Who we are at a broker that wants to know.</summary>
internal sealed record MqttLogin(string User, string Password);

/// <summary>The last word of a device, published retained by the broker.</summary>
/// <param name="Payload">Asked for on every connect.</param>
internal sealed record MqttWill(string Topic, Func<byte[]> Payload);

/// <summary>The broker refused us or does not speak MQTT 5; the message says what it said.</summary>
internal sealed class MqttException(string message) : Exception(message);

/// <summary>What the broker said of one message. Reasons of 0x80 and up are refusals.</summary>
internal readonly record struct PubAck(ushort PacketId, byte Reason)
{
    public bool Refused => Reason >= 0x80;
}
