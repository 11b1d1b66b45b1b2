using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Live;

/// <summary>A port as it is at one instant. <c>charging.proto</c> says what each value means.</summary>
/// <param name="Since">Since when the derived status holds; null when that is not known.</param>
/// <param name="FaultCodes">Reported faults of the port and of its pile that are open and past their debounce, ascending.</param>
/// <param name="Version">The number of the change that made it so.</param>
internal sealed record PortState(
    int Port, PortStatus Status, PortStatus LastKnown, Instant? Since, bool Stale, string? Session, MeterRecord? LastMeter,
    string? VendorStatus, IReadOnlyList<int> FaultCodes, long Version)
{
    /// <summary>The last meter sample still tells what the port gives now.</summary>
    public bool MeterCurrent { get; init; }

    /// <summary>Whether somebody who watches would see no difference.</summary>
    public bool Shows(PortState other) =>
        this with { FaultCodes = other.FaultCodes, Version = other.Version } == other
        && FaultCodes.SequenceEqual(other.FaultCodes);
}
