using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>A collection point's bins as they are at one instant.</summary>
/// <param name="Bins">The last report of each bin that reports, by bin id.</param>
/// <param name="Version">The number of the change that made it so.</param>
internal sealed record PointState(
    string Id, IReadOnlyList<BinRecord> Bins, Instant? LastHeard, Instant? LatestReceived, long Version);
