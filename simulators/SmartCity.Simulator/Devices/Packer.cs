using Google.Protobuf;
using SmartCity.Protocol.Mqtt;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Devices;

/// <summary>
/// Puts the records of a device's day into messages. Power-up and numbers follow from the device, the day and the way of packing
/// alone, so that whoever sends a day again sends the same messages.
/// </summary>
internal static class Packer
{
    private const int PastRecordsMax = 200, OutboxRecordsMax = 20;

    /// <summary>The power-up of a day that is sent once it is over.</summary>
    public static string PastBoot(int day) => CityTime.Digits(day) + "-past";

    /// <summary>The power-up of a day that is sent while it happens.</summary>
    public static string LiveBoot(int day) => CityTime.Digits(day) + "-live";

    /// <summary>The whole day from the outbox: few, large messages. What the link lost stays lost.</summary>
    public static List<DeviceMessage> Past(DeviceDay day)
    {
        var messages = new MessageList(day, PastBoot(day.Day));
        var open = new Dictionary<UplinkChannel, List<IMessage>>();
        foreach (var record in day.Records)
        {
            if (!day.IsLost(record.At))
            {
                messages.Gather(open, record, PastRecordsMax, CityTime.StartOf(day.Day + 1));
            }
        }
        messages.Flush(open, CityTime.StartOf(day.Day + 1));
        return messages.Messages;
    }

    /// <summary>
    /// The day as it is sent live: a message for what was measured on one channel at one moment; what was measured without a link
    /// follows in larger messages. Ordered by the time of sending.
    /// </summary>
    public static List<DeviceMessage> Live(DeviceDay day)
    {
        var messages = new MessageList(day, LiveBoot(day.Day));
        for (var i = 0; i < day.Records.Count;)
        {
            var gap = day.GapAt(day.Records[i].At);
            var end = i + 1;
            while (end < day.Records.Count && day.GapAt(day.Records[end].At) == gap
                && (gap is not null || IsSameMoment(day.Records[i], day.Records[end])))
            {
                end++;
            }
            if (gap is null)
            {
                messages.Add(day.Records[i].Channel, Range(day, i, end), day.Records[i].At, buffered: false);
            }
            else if (gap.Value.Fate != OutboxFate.Lost)
            {
                messages.AddOutbox(day, i, end, gap.Value, OutboxRecordsMax);
            }
            i = end;
        }
        return [.. messages.Messages.OrderBy(m => m.SendAt)];
    }

    private static bool IsSameMoment(Produced a, Produced b) => a.At == b.At && a.Channel == b.Channel;

    private static List<IMessage> Range(DeviceDay day, int from, int until)
    {
        var records = new List<IMessage>(until - from);
        for (var i = from; i < until; i++)
        {
            records.Add(day.Records[i].Record);
        }
        return records;
    }

    private sealed class MessageList(DeviceDay day, string boot)
    {
        public List<DeviceMessage> Messages { get; } = [];

        public void Add(UplinkChannel channel, IReadOnlyList<IMessage> records, long sendAt, bool buffered) =>
            Messages.Add(new DeviceMessage(
                day.Kind, day.Device, channel, boot, (ulong)Messages.Count + 1, sendAt, buffered, day.ClockOffset, records));

        public void Gather(Dictionary<UplinkChannel, List<IMessage>> open, Produced record, int most, long sendAt)
        {
            if (!open.TryGetValue(record.Channel, out var records))
            {
                open[record.Channel] = records = [];
            }
            records.Add(record.Record);
            if (records.Count == most)
            {
                open.Remove(record.Channel);
                Add(record.Channel, records, sendAt, buffered: true);
            }
        }

        public void Flush(Dictionary<UplinkChannel, List<IMessage>> open, long sendAt)
        {
            foreach (var (channel, records) in open.OrderBy(o => o.Key))
            {
                Add(channel, records, sendAt, buffered: true);
            }
        }

        // Numbered as they were measured; a newest-first outbox sends the last number first.
        public void AddOutbox(DeviceDay of, int from, int until, LinkGap gap, int most)
        {
            var first = Messages.Count;
            var open = new Dictionary<UplinkChannel, List<IMessage>>();
            for (var i = from; i < until; i++)
            {
                Gather(open, of.Records[i], most, gap.Until);
            }
            Flush(open, gap.Until);
            for (var i = first; gap.Fate == OutboxFate.NewestFirst && i < Messages.Count; i++)
            {
                Messages[i] = Messages[i] with { SendAt = gap.Until + Messages.Count - i };
            }
        }
    }
}
