using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>
/// Recognises resends of a device whose clock is refused. Its records are dated by their arrival, so a resend would look like
/// news; those of believed clocks carry their own time, and need no memory.
/// </summary>
internal sealed class RefusedResends
{
    private const int MessagesMax = 256;
    private readonly Queue<(string Boot, long Sequence, ulong Hash, int Record)> order = new(0);
    private readonly HashSet<(string Boot, long Sequence, ulong Hash, int Record)> seen = new(0);

    /// <summary>Whether the message came before.</summary>
    public bool Contains<T>(TelemetryMessage<T> message) where T : struct, ITelemetryRecord
    {
        if (!IsRefused(message.Records))
        {
            return false;
        }
        var key = (message.Boot, message.Sequence ?? 0, message.Hash, message.OnlyRecord ?? -1);
        if (!seen.Add(key))
        {
            return true;
        }
        order.Enqueue(key);
        if (order.Count > MessagesMax)
        {
            seen.Remove(order.Dequeue());
        }
        return false;
    }

    private static bool IsRefused<T>(IReadOnlyList<T> records) where T : struct, ITelemetryRecord
    {
        for (var i = 0; i < records.Count; i++)
        {
            if ((records[i].Stamp.Flags & StampFlags.ClockRefused) != 0)
            {
                return true;
            }
        }
        return false;
    }
}
