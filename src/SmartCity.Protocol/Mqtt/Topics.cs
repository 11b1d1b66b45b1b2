using System.Buffers;

namespace SmartCity.Protocol.Mqtt;

/// <summary>The words and topics of the MQTT contract, beside <see cref="UplinkTopic"/>.</summary>
public static class Topics
{
    /// <summary>What every topic of the contract begins with.</summary>
    public const string Root = "smartcity/v1/";

    /// <summary>What the topics of normalized states begin with; the district follows.</summary>
    public const string StateRoot = Root + "state/";

    /// <summary>
    /// What to subscribe to for everything that devices send, wrong channels included. The down topics of
    /// <see cref="IsDown"/> match too: subscribe with No Local, or leave them out on arrival.
    /// </summary>
    public static IReadOnlyList<string> UplinkFilters { get; } =
    [
        Root + "+/pile/+/+", Root + "+/truck/+/+", Root + "+/point/+/+",
        Root + "+/pile/+/+/pb", Root + "+/truck/+/+/pb", Root + "+/point/+/+/pb",
    ];

    internal static SearchValues<char> IdCharacters { get; } =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    /// <summary>Where a device takes commands.</summary>
    public static string Commands(string area, UplinkKind kind, string deviceId) => $"{Root}{area}/{Word(kind)}/{deviceId}/cmd";

    /// <summary>Where a device is told why something it sent was set aside.</summary>
    public static string Errors(string area, UplinkKind kind, string deviceId) => $"{Root}{area}/{Word(kind)}/{deviceId}/errors";

    /// <summary>Where the server publishes a device's normalized state, retained.</summary>
    public static string State(string area, UplinkKind kind, string deviceId) => $"{StateRoot}{area}/{Word(kind)}/{deviceId}";

    /// <summary>Whether a topic is one that the server publishes (commands, errors, state): nothing to ingest.</summary>
    public static bool IsDown(ReadOnlySpan<char> topic) =>
        topic.StartsWith(Root, StringComparison.Ordinal)
        && (topic[Root.Length..].StartsWith("state/", StringComparison.Ordinal)
            || topic.EndsWith("/cmd", StringComparison.Ordinal)
            || topic.EndsWith("/errors", StringComparison.Ordinal));

    /// <summary>The word of a kind in topics.</summary>
    public static string Word(UplinkKind kind) => kind switch
    {
        UplinkKind.Pile => "pile",
        UplinkKind.Truck => "truck",
        UplinkKind.Point => "point",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of device."),
    };

    /// <summary>The word of a channel in topics.</summary>
    public static string Word(UplinkChannel channel) => channel switch
    {
        UplinkChannel.Conn => "conn",
        UplinkChannel.Status => "status",
        UplinkChannel.Meter => "meter",
        UplinkChannel.Session => "session",
        UplinkChannel.Fault => "fault",
        UplinkChannel.Position => "position",
        UplinkChannel.Evidence => "evidence",
        UplinkChannel.Bin => "bin",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "No such channel."),
    };

    internal static UplinkKind KindOf(ReadOnlySpan<char> word) => word switch
    {
        "pile" => UplinkKind.Pile,
        "truck" => UplinkKind.Truck,
        "point" => UplinkKind.Point,
        _ => default,
    };

    internal static UplinkChannel ChannelOf(ReadOnlySpan<char> word) => word switch
    {
        "conn" => UplinkChannel.Conn,
        "status" => UplinkChannel.Status,
        "meter" => UplinkChannel.Meter,
        "session" => UplinkChannel.Session,
        "fault" => UplinkChannel.Fault,
        "position" => UplinkChannel.Position,
        "evidence" => UplinkChannel.Evidence,
        "bin" => UplinkChannel.Bin,
        _ => default,
    };

    internal static string ChannelsOf(UplinkKind kind) =>
        string.Join(", ", Enum.GetValues<UplinkChannel>().Where(c => UplinkTopic.Has(kind, c)).Select(Word));
}
