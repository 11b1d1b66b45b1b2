using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Registry.Decisions;

/// <summary>How far people's decisions have come.</summary>
/// <param name="Revision">Another number than before once there are more.</param>
/// <param name="Latest">When the newest was recorded; null without any.</param>
public readonly record struct DecisionsChange(long Revision, Instant? Latest);
