using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Microsoft.Extensions.Options;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.Mqtt;
using SmartCity.Server.Settings;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Moving;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Telemetry;
using Wire = SmartCity.Protocol.V1;

namespace SmartCity.Server.Ingest;

/// <summary>Turns what came in into what is stored: reads it, asks the registry, dates it. Safe for several threads.</summary>
internal sealed class Decoder(RegistryStore registry, MessageLedger ledger, IOptions<TelemetryOptions> options)
{
    private readonly TimeSpan lateMax = TimeSpan.FromDays(options.Value.LateDays);

    /// <summary>What was set aside before a crash at positions that are read again now: it stays so, whatever the registry
    /// has learned since, and waits for its replay.</summary>
    public IReadOnlySet<(long Position, int? RecordIndex)> Settled { get; set; } = new HashSet<(long, int?)>();

    /// <summary>Never throws: what breaks it is set aside like anything unreadable.</summary>
    public Decoded Decode(JournalMessage source)
    {
        try
        {
            return DecodeOne(source);
        }
        catch (Exception e) // Ours to mend; until then this one message must not stop all others, now and after each start.
        {
            var device = UplinkTopic.TryParse(source.Entry.Topic, out var topic, out _) ? topic.DeviceId : "";
            return new SetAside(source).Whole(
                device, DeadLetterReason.Undecodable,
                $"the server failed on it: please report this, and replay it with a version that mends it ({e})");
        }
    }

    private Decoded DecodeOne(JournalMessage source)
    {
        var entry = source.Entry;
        var aside = new SetAside(source);
        if (Settled.Count > 0 && Settled.Contains((source.Position, null)))
        {
            return new Decoded(source, [], []);
        }
        if (entry.Topic == MovedEntries.Topic)
        {
            return Moved(source);
        }
        if (!UplinkTopic.TryParse(entry.Topic, out var topic, out var problem))
        {
            return aside.Whole("", DeadLetterReason.BadTopic, problem);
        }
        if (entry.PayloadBytes > UplinkLimits.PayloadBytesMax)
        {
            return aside.Whole(
                topic.DeviceId, DeadLetterReason.TooLarge,
                $"the payload has {entry.PayloadBytes} bytes, {UplinkLimits.PayloadBytesMax} is the most: split it");
        }
        var uplink = UplinkCodec.Decode(topic, entry.Payload, entry.ContentType);
        if (uplink.MessageProblem is { } whole)
        {
            return aside.Whole(topic.DeviceId, (DeadLetterReason)whole.Reason, whole.Text);
        }
        var known = registry.Current;
        if (!known.Knows((DeviceKind)topic.Kind, topic.DeviceId))
        {
            return aside.Whole(
                topic.DeviceId, DeadLetterReason.UnknownDevice,
                $"no {Topics.Word(topic.Kind)} {topic.DeviceId} is registered: import it, and what waits is replayed by itself");
        }
        if (uplink.Seq > long.MaxValue)
        {
            return aside.Whole(topic.DeviceId, DeadLetterReason.OutOfRange, $"seq {uplink.Seq} is above {long.MaxValue}");
        }
        return Read(source, uplink, known, aside);
    }

    // It was judged when it first came, where it comes from: neither its age nor its ports are looked at again.
    private Decoded Moved(JournalMessage source)
    {
        var message = LineMessages.Parse(Encoding.UTF8.GetString(source.Entry.Payload.Span), source.Position);
        ledger.BootReceived(message.Kind, message.Device, message.Boot, message.BootReceived);
        return new Decoded(source, [message], [], message.ClockRefused);
    }

    private Decoded Read(JournalMessage source, Uplink uplink, RegistrySnapshot known, SetAside aside)
    {
        var device = uplink.Topic.DeviceId;
        foreach (var problem in uplink.Problems)
        {
            aside.Record(device, problem.RecordIndex, (DeadLetterReason)problem.Reason, problem.Text);
        }
        var good = Good(source, uplink, known, aside);
        if (good.Count == 0 && aside.IsOneReason)
        {
            return aside.Together(device);
        }
        IReadOnlyList<TelemetryMessage> messages = (good.Count, uplink.Seq) switch
        {
            (0, _) => [],
            (_, { } seq) => [Counted(source, uplink, good, (long)seq)],
            _ => [.. good.Select(record => Uncounted(source, uplink, record))],
        };
        return new Decoded(
            source, messages, aside.Drafts, good.Count(record => (record.Flags & StampFlags.ClockRefused) != 0));
    }

    private List<(UplinkRecord Record, Instant Time, StampFlags Flags)> Good(
        JournalMessage source, Uplink uplink, RegistrySnapshot known, SetAside aside)
    {
        var entry = source.Entry;
        var device = uplink.Topic.DeviceId;
        var received = entry.Replay?.FirstReceived ?? entry.Received;
        Instant? sentAt = uplink.SentAt is { } sent ? new Instant(sent) : null;
        var good = new List<(UplinkRecord, Instant, StampFlags)>(uplink.Records.Count);
        foreach (var record in uplink.Records)
        {
            if ((entry.Replay?.RecordIndex is { } only && only != record.Index)
                || (Settled.Count > 0 && Settled.Contains((source.Position, record.Index))))
            {
                continue;
            }
            var (time, flags) = EventTime.Of(RecordMapping.TimeOf(record.Content), sentAt, received);
            flags |= uplink.Buffered ? StampFlags.Buffered : StampFlags.None;
            if (IsWill(uplink, record))
            {
                // It has the time of the connection that it ends, however old that is. Who reads looks back no further than this.
                time = Instant.Later(time, received - lateMax);
            }
            if (time < received - lateMax)
            {
                aside.Record(
                    device, record.Index, DeadLetterReason.TooOld,
                    $"measured at {time}, more than {lateMax.Days} days before it came (Telemetry:LateDays)");
            }
            else if (RecordMapping.PortOf(record.Content) is > 0 and var port && known.FindPile(device, time) is { } pile
                && port > pile.Ports)
            {
                aside.Record(
                    device, record.Index, DeadLetterReason.UnknownPort,
                    $"pile {device} has {pile.Ports} ports by the registry, not {port}: import it with the right number of ports");
            }
            else
            {
                good.Add((record, time, flags));
            }
        }
        return good;
    }

    private TelemetryMessage Counted(
        JournalMessage source, Uplink uplink, List<(UplinkRecord Record, Instant Time, StampFlags Flags)> good, long sequence)
    {
        var entry = source.Entry;
        var topic = uplink.Topic;
        var boot = ledger.BootReceived(
            (DeviceKind)topic.Kind, topic.DeviceId, uplink.Boot, entry.Replay?.FirstReceived ?? entry.Received);
        var head = new Head(
            source, uplink, uplink.Boot, sequence, ContentHash.MessageHash(topic.Channel, uplink.Records), boot, sequence,
            entry.Replay?.RecordIndex);
        return Build(head, good);
    }

    // Without a count each record is its own unit: the device may bundle the same records another way when it sends them again.
    private static TelemetryMessage Uncounted(
        JournalMessage source, Uplink uplink, (UplinkRecord Record, Instant Time, StampFlags Flags) good)
    {
        var alone = new UplinkRecord(0, good.Record.Content);
        var hash = ContentHash.MessageHash(uplink.Topic.Channel, [alone]);
        var replay = source.Entry.Replay;
        var only = replay?.RecordIndex;
        if (IsWill(uplink, good.Record))
        {
            // A Will is the same text each time the device is lost; its place in the journal makes it another one. A replayed one
            // is the one of its letter (no position is negative), however often it is replayed: it is looked up like a record.
            Span<byte> mixed = stackalloc byte[16];
            BinaryPrimitives.WriteUInt64LittleEndian(mixed, hash);
            BinaryPrimitives.WriteInt64LittleEndian(mixed[8..], replay is null ? source.Position : ~replay.DeadLetterId);
            hash = XxHash3.HashToUInt64(mixed);
            only ??= replay is null ? null : good.Record.Index;
        }
        return Build(new Head(source, uplink, "", null, hash, default, unchecked((long)hash), only), [good]);
    }

    private static bool IsWill(Uplink uplink, UplinkRecord record) =>
        uplink.Seq is null && record.Content is Wire.ConnRecord { Online: false };

    private static TelemetryMessage Build(
        in Head head, IReadOnlyList<(UplinkRecord Record, Instant Time, StampFlags Flags)> good) => head.Uplink.Topic.Channel switch
        {
            UplinkChannel.Meter => Build<Wire.MeterRecord, MeterRecord>(head, good, RecordMapping.Meter),
            UplinkChannel.Status => Build<Wire.StatusRecord, StatusRecord>(head, good, RecordMapping.Status),
            UplinkChannel.Session => Build<Wire.SessionRecord, SessionRecord>(head, good, RecordMapping.Session),
            UplinkChannel.Fault => Build<Wire.FaultRecord, FaultRecord>(head, good, RecordMapping.Fault),
            UplinkChannel.Position => Build<Wire.PositionRecord, PositionRecord>(head, good, RecordMapping.Position),
            UplinkChannel.Evidence => Build<Wire.EvidenceRecord, EvidenceRecord>(head, good, RecordMapping.Evidence),
            UplinkChannel.Bin => Build<Wire.BinRecord, BinRecord>(head, good, RecordMapping.Bin),
            _ when head.Sequence is null => Build<Wire.ConnRecord, ConnRecord>(
                head, good, static (record, stamp) => RecordMapping.Conn(record, stamp, will: !record.Online)),
            _ => Build<Wire.ConnRecord, ConnRecord>(
                head, good, static (record, stamp) => RecordMapping.Conn(record, stamp, will: false)),
        };

    private static TelemetryMessage<TRecord> Build<TWire, TRecord>(
        in Head head, IReadOnlyList<(UplinkRecord Record, Instant Time, StampFlags Flags)> good, Func<TWire, Stamp, TRecord> map)
        where TRecord : struct, ITelemetryRecord
    {
        var entry = head.Source.Entry;
        var topic = head.Uplink.Topic;
        var records = new TRecord[good.Count];
        for (var i = 0; i < records.Length; i++)
        {
            var (record, time, flags) = good[i];
            var stamp = new Stamp(
                topic.DeviceId, time, entry.Received, head.BootReceived, head.StampSequence, (ushort)record.Index, flags);
            records[i] = map((TWire)record.Content, stamp);
        }
        return new TelemetryMessage<TRecord>(
            (DeviceKind)topic.Kind, topic.DeviceId, (Channel)topic.Channel, head.Boot, head.Sequence, head.Hash, entry.Received,
            head.Source.Position, head.OnlyRecord, records);
    }

    private readonly record struct Head(
        JournalMessage Source, Uplink Uplink, string Boot, long? Sequence, ulong Hash, Instant BootReceived, long StampSequence,
        int? OnlyRecord);
}
