using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>A truck as it is at one instant. <c>sanitation.proto</c> says what each value means.</summary>
/// <param name="Fix">The last usable position; null before the first.</param>
/// <param name="SpeedKmh">As reported, else as the last two usable positions imply.</param>
/// <param name="Stale">There was no usable position for too long.</param>
/// <param name="Point">The collection point it stands at.</param>
/// <param name="Version">The number of the change that made it so.</param>
internal sealed record TruckState(
    string Id, PositionRecord? Fix, double? SpeedKmh, bool Stale, string? Point, Instant? LastHeard, Instant? LatestReceived,
    long Version)
{
    /// <summary>Whether somebody who watches would see no difference.</summary>
    public bool Shows(TruckState other) =>
        this with { LastHeard = other.LastHeard, LatestReceived = other.LatestReceived, Version = other.Version } == other;
}

/// <summary>A collection point's bins as they are at one instant.</summary>
/// <param name="Bins">The last report of each bin that reports, by bin id.</param>
/// <param name="Version">The number of the change that made it so.</param>
internal sealed record PointState(
    string Id, IReadOnlyList<BinRecord> Bins, Instant? LastHeard, Instant? LatestReceived, long Version);
