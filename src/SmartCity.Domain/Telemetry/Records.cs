namespace SmartCity.Domain.Telemetry;

// What devices report, as the domain and the stores see it. Units are in the names; null is an absent sensor.

/// <summary>A port (or, as port 0, the pile) says what it is doing from now on.</summary>
public readonly record struct StatusRecord(
    Stamp Stamp, int Port, PortStatus Status, string? SessionId, string? VendorStatus) : ITelemetryRecord;

/// <summary>One sample of a port's sensors.</summary>
public readonly record struct MeterRecord(
    Stamp Stamp, int Port, string? SessionId, double? VoltageV, double? CurrentA, double? PowerW, double? SessionEnergyWh,
    double? RegisterWh, double? PortTempC, double? AmbientTempC, double? LeakageMa) : ITelemetryRecord;

/// <summary>The part of a meter sample that counts energy.</summary>
public readonly record struct EnergySample(Stamp Stamp, int Port, string? SessionId, double SessionEnergyWh) : ITelemetryRecord;

/// <summary>The part of a meter sample that tells how a port and the air around it fare.</summary>
public readonly record struct SensorSample(
    Stamp Stamp, int Port, double? PowerW, double? PortTempC, double? AmbientTempC) : ITelemetryRecord;

/// <summary>A step in the life of a charging session.</summary>
public readonly record struct SessionRecord(
    Stamp Stamp, int Port, string SessionId, SessionEvent Event, Instant? StartTime, Instant? EndTime, double? EnergyWh,
    double? MaxPowerW, StopReason StopReason, string? VendorReason) : ITelemetryRecord;

/// <summary>A fault was raised or cleared on a port (0: the pile).</summary>
public readonly record struct FaultRecord(
    Stamp Stamp, int Port, int Code, FaultEvent Event, double? Value, string? VendorCode, string? Info) : ITelemetryRecord;

/// <summary>The device came online or announced that it is gone.</summary>
public readonly record struct ConnRecord(
    Stamp Stamp, bool Online, bool Will, string? Firmware, double? ReportIntervalS, int? SignalCsq) : ITelemetryRecord;

/// <summary>Word that a device is gone, mostly its Will: a <see cref="ConnRecord"/> that is not online.</summary>
public readonly record struct GoneRecord(Stamp Stamp) : ITelemetryRecord;

/// <summary>Where a truck was, WGS-84.</summary>
public readonly record struct PositionRecord(
    Stamp Stamp, double Lat, double Lon, double? SpeedKmh, double? HeadingDeg, double? AccuracyM, bool? FixValid)
    : ITelemetryRecord;

/// <summary>Something that shows that a truck served a point.</summary>
public readonly record struct EvidenceRecord(
    Stamp Stamp, EvidenceType Type, string? PointId, string? Epc, double? NetKg, int? Count, string? CrewId,
    string? PhotoRef, double? Lat, double? Lon) : ITelemetryRecord;

/// <summary>How full a bin is.</summary>
public readonly record struct BinRecord(
    Stamp Stamp, string? BinId, double? FillRatio, double? TempC, string? Status) : ITelemetryRecord;

/// <summary>Two successive moments at which a device was heard, further apart than was asked for; the last one has no
/// <paramref name="Until"/>.</summary>
public readonly record struct Silence(string Device, Instant From, Instant? Until);
