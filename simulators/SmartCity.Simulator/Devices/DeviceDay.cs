using Google.Protobuf;
using SmartCity.Protocol.Mqtt;

namespace SmartCity.Simulator.Devices;

/// <summary>One record as its device made it. <see cref="At"/> is the true time; the record itself has the device's.</summary>
internal readonly record struct Produced(long At, UplinkChannel Channel, IMessage Record);

/// <summary>What the outbox does with what was measured while the radio link was away.</summary>
internal enum OutboxFate
{
    OldestFirst,
    NewestFirst,
    Lost,
}

/// <summary>A time without a radio link, [From, Until).</summary>
internal readonly record struct LinkGap(long From, long Until, OutboxFate Fate)
{
    public bool Contains(long at) => at >= From && at < Until;
}

/// <summary>All that one device measures on one local day, oldest first, and when it could not send.</summary>
/// <param name="ClockOffset">What its clock is ahead, in ms; records have it applied.</param>
internal sealed record DeviceDay(
    UplinkKind Kind, string Device, int Day, IReadOnlyList<Produced> Records, IReadOnlyList<LinkGap> Gaps, long ClockOffset);
