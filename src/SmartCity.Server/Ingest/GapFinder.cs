using System.Collections.Concurrent;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.Mqtt;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Ingest;

/// <summary>Finds the messages that never came: a broker that drops what it has no room for tells nobody, but the numbers of the
/// device's messages do.</summary>
internal sealed class GapFinder(MessageLedger ledger, ITelemetryStore store, DeadLetterStore deadLetters)
{
    private const int LettersPerPage = 1_000;

    // Devices whose earlier dead letters are known to the ledger.
    private readonly ConcurrentDictionary<string, bool> read = new(StringComparer.Ordinal);

    /// <summary>What is set aside did come. Call once the messages of the same time are in the ledger.</summary>
    public void SetAside(IEnumerable<DeadLetterDraft> dead)
    {
        foreach (var draft in dead)
        {
            // The numbers of devices that nobody registered are made up for all we know.
            if (draft.Reason != DeadLetterReason.UnknownDevice
                && UplinkTopic.TryParse(draft.Topic, out var topic, out _)
                && UplinkCodec.Decode(topic, draft.Payload, draft.ContentType) is { Seq: <= long.MaxValue and var seq } uplink)
            {
                ledger.SetAside((DeviceKind)topic.Kind, topic.DeviceId, uplink.Boot, (long)seq);
            }
        }
    }

    /// <summary>What is missing as far as memory knows: of a power-up with very many holes about.</summary>
    public IReadOnlyList<MessageGap> Find()
    {
        var gaps = ledger.Gaps();
        var unread = gaps.Select(gap => gap.Device).Distinct().Where(device => !read.ContainsKey(device)).ToList();
        unread.ForEach(ReadLetters);
        return unread.Count > 0 ? ledger.Gaps() : gaps;
    }

    /// <summary>All that is missing, by device and then when the power-up was first heard.</summary>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    public async ValueTask<List<MessageGap>> FindAllAsync(CancellationToken cancellation)
    {
        var gaps = new List<MessageGap>();
        foreach (var gap in Find())
        {
            if (!gap.IsPartial)
            {
                gaps.Add(gap);
                continue;
            }
            await foreach (var receipt in store.ReadReceiptsAsync([gap.Device], cancellation))
            {
                if (receipt.Kind == gap.Kind && receipt.Boot == gap.Boot && ledger.GapOf(receipt) is { } whole)
                {
                    gaps.Add(whole);
                }
            }
        }
        gaps.Sort(static (a, b) => string.CompareOrdinal(a.Device, b.Device) is var byDevice and not 0
            ? byDevice
            : a.FirstReceived.CompareTo(b.FirstReceived));
        return gaps;
    }

    private void ReadLetters(string device)
    {
        long? before = null;
        while (deadLetters.List(new DeadLetterQuery(device, BeforeId: before, Take: LettersPerPage)) is { Count: > 0 } page)
        {
            SetAside(page.Select(letter => letter.Draft));
            before = page[^1].Id;
        }
        read[device] = true;
    }
}
