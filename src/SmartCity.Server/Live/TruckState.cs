using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>A truck as it is at one instant. <c>sanitation.proto</c> says what each value means.</summary>
/// <param name="Position">By the last usable fix; null before the first.</param>
/// <param name="PositionTime">When that fix was made.</param>
/// <param name="SpeedKmh">As reported, else as the last two usable fixes imply.</param>
/// <param name="Stale">There was no usable fix for too long.</param>
/// <param name="Point">The collection point it stands at.</param>
/// <param name="Version">The number of the change that made it so.</param>
internal sealed record TruckState(
    string Id, GeoPoint? Position, Instant? PositionTime, double? SpeedKmh, bool Stale, string? Point, Instant? LastHeard,
    Instant? LatestReceived, long Version)
{
    /// <summary>As reported with the fix, clockwise from north.</summary>
    public double? HeadingDeg { get; init; }

    /// <summary>Whether somebody who watches would see no difference.</summary>
    public bool Shows(TruckState other) =>
        this with { LastHeard = other.LastHeard, LatestReceived = other.LatestReceived, Version = other.Version } == other;
}
