using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>A pile with its ports as they are at one instant.</summary>
/// <param name="Ports">The registered ports, from 1.</param>
/// <param name="LastHeard">When it was last heard, by event time; null when never.</param>
/// <param name="LatestReceived">When its newest record came in; null without records.</param>
/// <param name="Offline">It is silent for too long.</param>
/// <param name="Version">The highest of its ports' versions.</param>
internal sealed record PileState(
    string Id, IReadOnlyList<PortState> Ports, Instant? LastHeard, Instant? LatestReceived, bool Offline, long Version);
