using Google.Protobuf.Reflection;
using SmartCity.Protocol.V1;

namespace SmartCity.Protocol.Mqtt;

/// <summary>The fields of every channel's records.</summary>
internal static class RecordShapes
{
    private static readonly RecordShape<ConnMessage, ConnRecord> Conn = new(
        ConnMessage.Parser,
        new TimeField<ConnRecord>("time", r => r.Time, (r, v) => r.Time = v) { Required = true },
        new FlagField<ConnRecord>("online", r => r.HasOnline ? r.Online : null, (r, v) => r.Online = v) { Required = true },
        new TextField<ConnRecord>("firmware", r => r.Firmware, (r, v) => r.Firmware = v),
        new NumberField<ConnRecord>(
            "reportIntervalS", RecordRanges.Finite, r => r.HasReportIntervalS ? r.ReportIntervalS : null,
            (r, v) => r.ReportIntervalS = v),
        new WholeField<ConnRecord>(
            "signalCsq", RecordRanges.AnyWhole, r => r.HasSignalCsq ? r.SignalCsq : null, (r, v) => r.SignalCsq = v));

    private static readonly RecordShape<StatusMessage, StatusRecord> Status = new(
        StatusMessage.Parser,
        new TimeField<StatusRecord>("time", r => r.Time, (r, v) => r.Time = v) { Required = true },
        new WholeField<StatusRecord>("port", RecordRanges.PortOrPile, r => r.Port, (r, v) => r.Port = v),
        new EnumField<StatusRecord>(
            "status", Words("PortStatus"), r => (int)r.Status,
            (r, v) => r.Status = (PortStatus)v)
        {
            Required = true,
            Instead = r => r.VendorStatus.Length > 0,
            VendorText = r => r.VendorStatus,
            KeepVendorText = (r, v) => r.VendorStatus = v,
        },
        new TextField<StatusRecord>("sessionId", r => r.SessionId, (r, v) => r.SessionId = v),
        new TextField<StatusRecord>("vendorStatus", r => r.VendorStatus, (r, v) => r.VendorStatus = v));

    private static readonly RecordShape<MeterMessage, MeterRecord> Meter = new(
        MeterMessage.Parser,
        new TimeField<MeterRecord>("time", r => r.Time, (r, v) => r.Time = v) { Required = true },
        new WholeField<MeterRecord>("port", RecordRanges.Port, r => r.Port, (r, v) => r.Port = v),
        new TextField<MeterRecord>("sessionId", r => r.SessionId, (r, v) => r.SessionId = v),
        new NumberField<MeterRecord>(
            "voltageV", RecordRanges.Voltage, r => r.HasVoltageV ? r.VoltageV : null, (r, v) => r.VoltageV = v),
        new NumberField<MeterRecord>(
            "currentA", RecordRanges.Current, r => r.HasCurrentA ? r.CurrentA : null, (r, v) => r.CurrentA = v),
        new NumberField<MeterRecord>(
            "powerW", RecordRanges.Power, r => r.HasPowerW ? r.PowerW : null, (r, v) => r.PowerW = v),
        new NumberField<MeterRecord>(
            "sessionEnergyWh", RecordRanges.SessionEnergy, r => r.HasSessionEnergyWh ? r.SessionEnergyWh : null,
            (r, v) => r.SessionEnergyWh = v),
        new NumberField<MeterRecord>(
            "registerWh", RecordRanges.Register, r => r.HasRegisterWh ? r.RegisterWh : null, (r, v) => r.RegisterWh = v),
        new NumberField<MeterRecord>(
            "portTempC", RecordRanges.Temperature, r => r.HasPortTempC ? r.PortTempC : null, (r, v) => r.PortTempC = v),
        new NumberField<MeterRecord>(
            "ambientTempC", RecordRanges.Temperature, r => r.HasAmbientTempC ? r.AmbientTempC : null,
            (r, v) => r.AmbientTempC = v),
        new NumberField<MeterRecord>(
            "leakageMa", RecordRanges.Finite, r => r.HasLeakageMa ? r.LeakageMa : null, (r, v) => r.LeakageMa = v));

    private static readonly RecordShape<SessionMessage, SessionRecord> Session = new(
        SessionMessage.Parser,
        new TimeField<SessionRecord>("time", r => r.Time, (r, v) => r.Time = v) { Required = true },
        new WholeField<SessionRecord>("port", RecordRanges.Port, r => r.Port, (r, v) => r.Port = v),
        new TextField<SessionRecord>("sessionId", r => r.SessionId, (r, v) => r.SessionId = v) { Required = true },
        new EnumField<SessionRecord>(
            "event", Words("SessionEvent"), r => (int)r.Event,
            (r, v) => r.Event = (SessionEvent)v)
        { Required = true },
        new TimeField<SessionRecord>("startTime", r => r.HasStartTime ? r.StartTime : null, (r, v) => r.StartTime = v),
        new TimeField<SessionRecord>("endTime", r => r.HasEndTime ? r.EndTime : null, (r, v) => r.EndTime = v),
        new NumberField<SessionRecord>(
            "energyWh", RecordRanges.SessionEnergy, r => r.HasEnergyWh ? r.EnergyWh : null, (r, v) => r.EnergyWh = v),
        new NumberField<SessionRecord>(
            "maxPowerW", RecordRanges.Power, r => r.HasMaxPowerW ? r.MaxPowerW : null, (r, v) => r.MaxPowerW = v),
        new EnumField<SessionRecord>(
            "stopReason", Words("StopReason"), r => (int)r.StopReason,
            (r, v) => r.StopReason = (StopReason)v)
        {
            VendorText = r => r.VendorReason,
            KeepVendorText = (r, v) => r.VendorReason = v,
        },
        new TextField<SessionRecord>("vendorReason", r => r.VendorReason, (r, v) => r.VendorReason = v));

    private static readonly RecordShape<FaultMessage, FaultRecord> Fault = new(
        FaultMessage.Parser,
        new TimeField<FaultRecord>("time", r => r.Time, (r, v) => r.Time = v) { Required = true },
        new WholeField<FaultRecord>("port", RecordRanges.PortOrPile, r => r.Port, (r, v) => r.Port = v),
        new WholeField<FaultRecord>(
            "code", RecordRanges.AnyWhole, r => r.Code == 0 ? null : r.Code, (r, v) => r.Code = v)
        {
            Required = true,
            Instead = r => r.VendorCode.Length > 0,
        },
        new EnumField<FaultRecord>(
            "event", Words("FaultEvent"), r => (int)r.Event,
            (r, v) => r.Event = (FaultEvent)v)
        { Required = true },
        new NumberField<FaultRecord>("value", RecordRanges.Finite, r => r.HasValue ? r.Value : null, (r, v) => r.Value = v),
        new TextField<FaultRecord>("vendorCode", r => r.VendorCode, (r, v) => r.VendorCode = v),
        new TextField<FaultRecord>("info", r => r.Info, (r, v) => r.Info = v));

    private static readonly RecordShape<PositionMessage, PositionRecord> Position = new(
        PositionMessage.Parser,
        new TimeField<PositionRecord>("time", r => r.Time, (r, v) => r.Time = v) { Required = true },
        new NumberField<PositionRecord>("lat", RecordRanges.Latitude, r => r.Lat, (r, v) => r.Lat = v) { Required = true },
        new NumberField<PositionRecord>("lon", RecordRanges.Longitude, r => r.Lon, (r, v) => r.Lon = v) { Required = true },
        new NumberField<PositionRecord>(
            "speedKmh", RecordRanges.Speed, r => r.HasSpeedKmh ? r.SpeedKmh : null, (r, v) => r.SpeedKmh = v),
        new NumberField<PositionRecord>(
            "headingDeg", RecordRanges.Finite, r => r.HasHeadingDeg ? r.HeadingDeg : null, (r, v) => r.HeadingDeg = v),
        new NumberField<PositionRecord>(
            "accuracyM", RecordRanges.Finite, r => r.HasAccuracyM ? r.AccuracyM : null, (r, v) => r.AccuracyM = v),
        new FlagField<PositionRecord>("fixValid", r => r.HasFixValid ? r.FixValid : null, (r, v) => r.FixValid = v));

    private static readonly RecordShape<EvidenceMessage, EvidenceRecord> Evidence = new(
        EvidenceMessage.Parser,
        new TimeField<EvidenceRecord>("time", r => r.Time, (r, v) => r.Time = v) { Required = true },
        new EnumField<EvidenceRecord>(
            "type", Words("EvidenceType"), r => (int)r.Type,
            (r, v) => r.Type = (EvidenceType)v)
        { Required = true },
        new TextField<EvidenceRecord>("pointId", r => r.PointId, (r, v) => r.PointId = v),
        new TextField<EvidenceRecord>("epc", r => r.Epc, (r, v) => r.Epc = v),
        new NumberField<EvidenceRecord>(
            "netKg", RecordRanges.NetWeight, r => r.HasNetKg ? r.NetKg : null, (r, v) => r.NetKg = v),
        new WholeField<EvidenceRecord>(
            "count", RecordRanges.AnyWhole, r => r.HasCount ? r.Count : null, (r, v) => r.Count = v),
        new TextField<EvidenceRecord>("crewId", r => r.CrewId, (r, v) => r.CrewId = v),
        new TextField<EvidenceRecord>("photoRef", r => r.PhotoRef, (r, v) => r.PhotoRef = v),
        new NumberField<EvidenceRecord>("lat", RecordRanges.Latitude, r => r.HasLat ? r.Lat : null, (r, v) => r.Lat = v),
        new NumberField<EvidenceRecord>("lon", RecordRanges.Longitude, r => r.HasLon ? r.Lon : null, (r, v) => r.Lon = v));

    private static readonly RecordShape<BinMessage, BinRecord> Bin = new(
        BinMessage.Parser,
        new TimeField<BinRecord>("time", r => r.Time, (r, v) => r.Time = v) { Required = true },
        new TextField<BinRecord>("binId", r => r.BinId, (r, v) => r.BinId = v),
        new NumberField<BinRecord>(
            "fillRatio", RecordRanges.Fill, r => r.HasFillRatio ? r.FillRatio : null, (r, v) => r.FillRatio = v)
        { Required = true },
        new NumberField<BinRecord>("tempC", RecordRanges.Temperature, r => r.HasTempC ? r.TempC : null, (r, v) => r.TempC = v),
        new TextField<BinRecord>("status", r => r.Status, (r, v) => r.Status = v));

    private static readonly RecordShape[] ByChannel =
        [Conn, Status, Meter, Session, Fault, Position, Evidence, Bin]; // In the order of UplinkChannel, from 1.

    /// <summary>The shape of a channel's records.</summary>
    public static RecordShape Of(UplinkChannel channel) => ByChannel[(int)channel - 1];

    /// <summary>What writes records of a type.</summary>
    public static IRecordWriter<TRecord> WriterOf<TRecord>() => Writers<TRecord>.Only;

    private static EnumDescriptor Words(string type) => TelemetryReflection.Descriptor.FindTypeByName<EnumDescriptor>(type);

    private static class Writers<TRecord>
    {
        public static readonly IRecordWriter<TRecord> Only = ByChannel.OfType<IRecordWriter<TRecord>>().Single();
    }
}
