using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api;

/// <summary>Says beside an answer how much of what happened it has seen.</summary>
/// <param name="messagesBehind">Messages acknowledged and not yet in the store.</param>
internal sealed class Qualities(Func<long> messagesBehind)
{
    /// <summary>The quality of an answer.</summary>
    /// <param name="completeness">Share of what was asked about that was seen, 0..1; null when there was nothing to see.</param>
    /// <param name="asOf">The answer uses what was known at this instant.</param>
    /// <param name="latestReceived">Received time of the newest record used; null without records.</param>
    /// <param name="devices">Devices the answer is about.</param>
    /// <param name="silent">Of those, the ones silent for longer than they may be.</param>
    /// <param name="deletedUntil">Records of before were needed and are deleted; null: none.</param>
    public DataQuality Of(
        double? completeness, Instant asOf, Instant? latestReceived, int devices, int silent, Instant? deletedUntil = null)
    {
        var quality = new DataQuality
        {
            AsOf = asOf.ToTimestamp(),
            LatestReceivedTime = latestReceived.ToTimestamp(),
            DeletedUntilTime = deletedUntil.ToTimestamp(),
            Devices = devices,
            DevicesSilent = silent,
            BacklogMessages = messagesBehind(),
        };
        if (completeness is { } share)
        {
            quality.Completeness = Math.Clamp(share, 0, 1);
        }
        return quality;
    }
}
