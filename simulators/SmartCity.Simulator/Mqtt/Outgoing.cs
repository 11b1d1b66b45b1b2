namespace SmartCity.Simulator.Mqtt;

/// <summary>A message as it goes out; the bytes of a resend are the same.</summary>
internal sealed record Outgoing(ReadOnlyMemory<byte> Topic, ReadOnlyMemory<byte> Payload, string? ContentType, bool Retain)
{
    public const string Protobuf = "application/x-protobuf";

    /// <summary>Called once, when the broker has acknowledged it.</summary>
    public Action? Acked { get; init; }
}
