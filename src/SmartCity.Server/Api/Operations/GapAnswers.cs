using Microsoft.Extensions.Options;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Server.Api.Operations;

/// <summary>Which messages never came, for the wire.</summary>
internal sealed class GapAnswers(GapFinder finder, IOptions<MqttOptions> mqtt, TimeProvider clock)
{
    private const int SeqRangesMax = 1_000;

    // As long as the broker keeps what comes while we are away. A gap that is older is history.
    private static readonly TimeSpan Recent = TimeSpan.FromDays(7);

    // Who shares a device's messages with other servers misses most of its numbers.
    private bool IsBlind => mqtt.Value.SharedGroup.Length > 0;

    /// <summary>Adds the warning to a status.</summary>
    public void CountInto(GetIngestStatusResponse status)
    {
        if (IsBlind)
        {
            return;
        }
        var since = Instant.From(clock.GetUtcNow()) - Recent;
        var recent = finder.Find().Where(gap => gap.LastReceived >= since).ToList();
        status.MessagesMissing = Sum(recent);
        status.DevicesWithGaps = recent.Select(gap => (gap.Kind, gap.Device)).Distinct().Count();
    }

    /// <summary>Lists them.</summary>
    public async Task<ListGapsResponse> ListAsync(ListGapsRequest request, CancellationToken cancellation)
    {
        if (IsBlind)
        {
            throw new WrongStateException(
                "gap list", mqtt.Value.SharedGroup,
                "With Mqtt:SharedGroup other servers take a part of each device's messages, so that this one cannot tell which are "
                    + "missing. With Mqtt:Areas instead it can.");
        }
        var devices = request.DeviceIds.ToHashSet(StringComparer.Ordinal);
        var gaps = (await finder.FindAllAsync(cancellation))
            .Where(gap => devices.Count == 0 || devices.Contains(gap.Device)).ToList();
        var (page, next) = Pages.Take(
            gaps, request.PageSize, request.PageToken, Pages.FingerprintOf(request),
            bytesOf: static gap => Of(gap).CalculateSize());
        return new ListGapsResponse { Gaps = { page.Select(Of) }, TotalMissing = Sum(gaps), NextPageToken = next };
    }

    private static long Sum(List<MessageGap> gaps) =>
        gaps.Aggregate(0L, (sum, gap) => (long)Int128.Min((Int128)sum + gap.Count, long.MaxValue));

    private static Gap Of(MessageGap gap) => new()
    {
        DeviceId = gap.Device,
        Boot = gap.Boot,
        Missing = gap.Count,
        Seqs =
        {
            gap.Missing.Take(SeqRangesMax).Select(hole => new SeqRange { First = (ulong)hole.First, Last = (ulong)hole.Last }),
        },
        SeqsTruncated = gap.Missing.Count > SeqRangesMax,
        FirstReceivedTime = gap.FirstReceived.ToTimestamp(),
        LastReceivedTime = gap.LastReceived.ToTimestamp(),
    };
}
