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

internal static class OutboxFates
{
    public static OutboxFate Draw(Random random) => random.NextDouble() switch
    {
        < Assumptions.GapLost => OutboxFate.Lost,
        < Assumptions.GapLost + Assumptions.GapNewestFirst => OutboxFate.NewestFirst,
        _ => OutboxFate.OldestFirst,
    };
}

/// <summary>A time without a radio link, [From, Until).</summary>
internal readonly record struct LinkGap(long From, long Until, OutboxFate Fate)
{
    public bool Contains(long at) => at >= From && at < Until;
}

/// <summary>All that one device measures on one local day, oldest first, and when it could not send.</summary>
/// <param name="ClockOffset">What its clock is ahead, in ms; records have it applied.</param>
internal sealed record DeviceDay(
    UplinkKind Kind, string Device, int Day, IReadOnlyList<Produced> Records, IReadOnlyList<LinkGap> Gaps, long ClockOffset)
{
    /// <summary>Why what was measured at a moment could not be sent at once; null when it could.</summary>
    public LinkGap? GapAt(long at)
    {
        foreach (var gap in Gaps)
        {
            if (gap.Contains(at))
            {
                return gap;
            }
        }
        return null;
    }

    /// <summary>Whether what was measured then never leaves the device.</summary>
    public bool IsLost(long at) => GapAt(at) is { Fate: OutboxFate.Lost };
}
