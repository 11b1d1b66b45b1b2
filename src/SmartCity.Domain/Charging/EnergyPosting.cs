using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>Energy that counts at one moment on one port, or a sample that could not be counted.</summary>
/// <param name="MicroWh">Millionths of a watt-hour; negative when a settlement takes back.</param>
/// <param name="Suspect">One suspect sample, without energy.</param>
public readonly record struct EnergyPosting(int Port, Instant At, long MicroWh, bool Suspect);
