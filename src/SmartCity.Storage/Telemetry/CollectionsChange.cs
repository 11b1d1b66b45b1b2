using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>How far the records of trucks and points about some days (UTC) have come.</summary>
/// <param name="Revision">Another number than before once there are more, or the store was reopened.</param>
/// <param name="LatestReceived">When the newest of them was accepted; null without any.</param>
public readonly record struct CollectionsChange(long Revision, Instant? LatestReceived);
