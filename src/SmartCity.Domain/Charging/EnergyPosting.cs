using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>Energy that counts at one moment on one port, and samples that could not be counted.</summary>
/// <param name="MicroWh">Millionths of a watt-hour; negative when a settlement takes back.</param>
/// <param name="Suspects">Suspect samples; they bring no energy.</param>
public readonly record struct EnergyPosting(int Port, Instant At, long MicroWh, int Suspects);
