using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>A port had one derived status during [From, Until), within one version of its pile.</summary>
/// <param name="Version">The place of that version in the pile's history.</param>
public readonly record struct StatusSegment(int Port, Instant From, Instant Until, PortStatus Status, int Version);
