using System.Diagnostics.CodeAnalysis;

namespace SmartCity.Protocol.Mqtt;

/// <summary>
/// Where a device publishes: <c>smartcity/v1/{area}/{kind}/{deviceId}/{channel}</c>, with <c>/pb</c> at the end when an
/// MQTT 3.1.1 device sends Protobuf.
/// </summary>
/// <param name="Area">Six-digit GB/T 2260 code of the district; the shard key.</param>
/// <param name="Kind">What the device is.</param>
/// <param name="DeviceId">1..64 of <c>A-Z a-z 0-9 _ -</c>.</param>
/// <param name="Channel">What the payload's records are; one that devices of this kind have.</param>
/// <param name="IsProtobuf">Whether the topic says that the payload is Protobuf.</param>
public readonly record struct UplinkTopic(
    string Area, UplinkKind Kind, string DeviceId, UplinkChannel Channel, bool IsProtobuf = false)
{
    private const string Form = Topics.Root + "{area}/{kind}/{deviceId}/{channel}";
    private const string ProtobufSuffix = "/pb";

    /// <summary>Reads a topic. Otherwise <paramref name="problem"/> tells in a sentence what to publish to instead.</summary>
    public static bool TryParse(string topic, out UplinkTopic uplink, [NotNullWhen(false)] out string? problem)
    {
        uplink = default;
        var protobuf = topic.EndsWith(ProtobufSuffix, StringComparison.Ordinal);
        var rest = protobuf ? topic.AsSpan(0, topic.Length - ProtobufSuffix.Length) : topic;
        Span<Range> levels = stackalloc Range[5];
        if (!rest.StartsWith(Topics.Root, StringComparison.Ordinal) || rest[Topics.Root.Length..].Split(levels, '/') != 4)
        {
            problem = $"publish to {Form}, not to {Quoted(topic)}";
            return false;
        }
        rest = rest[Topics.Root.Length..];
        var area = rest[levels[0]];
        var device = rest[levels[2]];
        problem = Problem(area, rest[levels[1]], device, rest[levels[3]], out var kind, out var channel);
        if (problem is not null)
        {
            return false;
        }
        uplink = new UplinkTopic(area.ToString(), kind, device.ToString(), channel, protobuf);
        return true;
    }

    /// <summary>Whether <paramref name="id"/> may be a device's id.</summary>
    public static bool IsDeviceId(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= UplinkLimits.DeviceIdMax && !id.ContainsAnyExcept(Topics.IdCharacters);

    /// <summary>Whether devices of a kind have a channel.</summary>
    public static bool Has(UplinkKind kind, UplinkChannel channel) => channel switch
    {
        UplinkChannel.Conn => kind is UplinkKind.Pile or UplinkKind.Truck or UplinkKind.Point,
        UplinkChannel.Status or UplinkChannel.Meter or UplinkChannel.Session or UplinkChannel.Fault => kind == UplinkKind.Pile,
        UplinkChannel.Position or UplinkChannel.Evidence => kind == UplinkKind.Truck,
        UplinkChannel.Bin => kind == UplinkKind.Point,
        _ => false,
    };

    /// <summary>The topic as published.</summary>
    public override string ToString() =>
        $"{Topics.Root}{Area}/{Topics.Word(Kind)}/{DeviceId}/{Topics.Word(Channel)}{(IsProtobuf ? ProtobufSuffix : "")}";

    private static string? Problem(
        ReadOnlySpan<char> area, ReadOnlySpan<char> kindWord, ReadOnlySpan<char> device, ReadOnlySpan<char> channelWord,
        out UplinkKind kind, out UplinkChannel channel)
    {
        kind = Topics.KindOf(kindWord);
        channel = Topics.ChannelOf(channelWord);
        if (area.Length != 6 || area.ContainsAnyExceptInRange('0', '9'))
        {
            return $"the area must be the six digits of the district (GB/T 2260, as 220204), got {Quoted(area)}";
        }
        if (kind == default)
        {
            return $"the kind must be pile, truck or point, got {Quoted(kindWord)}";
        }
        if (!IsDeviceId(device))
        {
            return $"the device id must be 1 to 64 letters, digits, _ or -, got {Quoted(device)}";
        }
        return Has(kind, channel)
            ? null
            : $"a {Topics.Word(kind)} sends on {Topics.ChannelsOf(kind)}, got {Quoted(channelWord)}";
    }

    private static string Quoted(ReadOnlySpan<char> text) => text.Length <= 100 ? $"\"{text}\"" : $"\"{text[..100]}...\"";
}
