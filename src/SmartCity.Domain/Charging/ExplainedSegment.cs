using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>A port had one derived status during [From, Until), and why.</summary>
/// <param name="FaultCodes">The faults that made it FAULTED, by number; empty with other causes.</param>
/// <param name="VendorStatus">What it said instead of a status we know.</param>
public sealed record ExplainedSegment(
    int Port, Instant From, Instant Until, PortStatus Status, StatusCause Cause, IReadOnlyList<int> FaultCodes,
    string? VendorStatus);
