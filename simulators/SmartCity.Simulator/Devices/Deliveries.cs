using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Devices;

/// <summary>What the radio does to the messages of a device's day: a few arrive twice, a few are overtaken.</summary>
internal static class Deliveries
{
    private const int OvertakenBy = 20;

    /// <summary>The messages in the order in which they are sent; the same day is always disturbed in the same way.</summary>
    public static List<DeviceMessage> Of(List<DeviceMessage> messages, int seed, string device, int day)
    {
        var random = Seeds.Stream(seed, device + "/radio", day);
        var sent = new List<(double Place, DeviceMessage Message)>(messages.Count + 4);
        for (var i = 0; i < messages.Count; i++)
        {
            var (late, twice) = (random.Chance(Assumptions.SentLate), random.Chance(Assumptions.SentTwice));
            sent.Add(late ? Delayed(messages, i, random) : (i, messages[i]));
            if (twice)
            {
                sent.Add(Delayed(messages, i, random));
            }
        }
        return [.. sent.OrderBy(s => s.Place).Select(s => s.Message)];
    }

    // Together with a later message of the same day, so that nothing is sent before it was measured.
    private static (double Place, DeviceMessage Message) Delayed(List<DeviceMessage> messages, int index, Random random)
    {
        var after = Math.Min(messages.Count - 1, index + random.Next(OvertakenBy));
        var at = Math.Max(messages[index].SendAt, messages[after].SendAt);
        return (after + 0.5, messages[index] with { SendAt = at, Buffered = true });
    }
}
