using Google.Protobuf;
using SmartCity.Domain.Telemetry;
using Wire = SmartCity.Protocol.V1;

namespace SmartCity.Server.Ingest;

/// <summary>The device's words become the domain's: the only place that knows both.</summary>
internal static class RecordMapping
{
    /// <summary>When the device says it measured.</summary>
    public static Instant TimeOf(IMessage record) => new(record switch
    {
        Wire.MeterRecord r => r.Time,
        Wire.StatusRecord r => r.Time,
        Wire.SessionRecord r => r.Time,
        Wire.FaultRecord r => r.Time,
        Wire.ConnRecord r => r.Time,
        Wire.PositionRecord r => r.Time,
        Wire.EvidenceRecord r => r.Time,
        Wire.BinRecord r => r.Time,
        _ => throw Unknown(record),
    });

    /// <summary>The port a record is about; null when its kind has none.</summary>
    public static int? PortOf(IMessage record) => record switch
    {
        Wire.MeterRecord r => r.Port,
        Wire.StatusRecord r => r.Port,
        Wire.SessionRecord r => r.Port,
        Wire.FaultRecord r => r.Port,
        _ => null,
    };

    public static MeterRecord Meter(Wire.MeterRecord r, Stamp stamp) => new(
        stamp, r.Port, Text(r.SessionId), r.HasVoltageV ? r.VoltageV : null, r.HasCurrentA ? r.CurrentA : null,
        r.HasPowerW ? r.PowerW : null, r.HasSessionEnergyWh ? r.SessionEnergyWh : null, r.HasRegisterWh ? r.RegisterWh : null,
        r.HasPortTempC ? r.PortTempC : null, r.HasAmbientTempC ? r.AmbientTempC : null, r.HasLeakageMa ? r.LeakageMa : null);

    public static StatusRecord Status(Wire.StatusRecord r, Stamp stamp) =>
        new(stamp, r.Port, (PortStatus)r.Status, Text(r.SessionId), Text(r.VendorStatus));

    public static SessionRecord Session(Wire.SessionRecord r, Stamp stamp) => new(
        stamp, r.Port, r.SessionId, (SessionEvent)r.Event, r.HasStartTime ? new Instant(r.StartTime) : null,
        r.HasEndTime ? new Instant(r.EndTime) : null, r.HasEnergyWh ? r.EnergyWh : null, r.HasMaxPowerW ? r.MaxPowerW : null,
        (StopReason)r.StopReason, Text(r.VendorReason));

    public static FaultRecord Fault(Wire.FaultRecord r, Stamp stamp) =>
        new(stamp, r.Port, r.Code, (FaultEvent)r.Event, r.HasValue ? r.Value : null, Text(r.VendorCode), Text(r.Info));

    public static ConnRecord Conn(Wire.ConnRecord r, Stamp stamp, bool will) => new(
        stamp, r.Online, will, Text(r.Firmware), r.HasReportIntervalS ? r.ReportIntervalS : null,
        r.HasSignalCsq ? r.SignalCsq : null);

    public static PositionRecord Position(Wire.PositionRecord r, Stamp stamp) => new(
        stamp, r.Lat, r.Lon, r.HasSpeedKmh ? r.SpeedKmh : null, r.HasHeadingDeg ? r.HeadingDeg : null,
        r.HasAccuracyM ? r.AccuracyM : null, r.HasFixValid ? r.FixValid : null);

    public static EvidenceRecord Evidence(Wire.EvidenceRecord r, Stamp stamp) => new(
        stamp, (EvidenceType)r.Type, Text(r.PointId), Text(r.Epc), r.HasNetKg ? r.NetKg : null, r.HasCount ? r.Count : null,
        Text(r.CrewId), Text(r.PhotoRef), r.HasLat ? r.Lat : null, r.HasLon ? r.Lon : null);

    public static BinRecord Bin(Wire.BinRecord r, Stamp stamp) => new(
        stamp, Text(r.BinId), r.HasFillRatio ? r.FillRatio : null, r.HasTempC ? r.TempC : null, Text(r.Status));

    private static string? Text(string text) => text.Length == 0 ? null : text;

    private static InvalidOperationException Unknown(IMessage record) =>
        new($"There is no domain record for {record.Descriptor.Name}.");
}
