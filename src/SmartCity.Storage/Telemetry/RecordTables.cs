using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>The tables of records. Doubles stay doubles: sums of energy must not depend on how they were stored.</summary>
internal static class RecordTables
{
    private static readonly object[] All =
    [
        new StatusTable(), new MeterTable(), new EnergyView(), new SensorView(), new SessionTable(), new FaultTable(), new ConnTable(),
        new GoneView(),
        new PositionTable(), new EvidenceTable(), new BinTable(),
    ];

    /// <summary>The table of a type of records.</summary>
    public static RecordTable<T> Of<T>() where T : struct, ITelemetryRecord =>
        Found<T>.Table ?? throw new ArgumentException($"No table keeps {typeof(T)}.");

    private static class Found<T> where T : struct, ITelemetryRecord
    {
        public static readonly RecordTable<T>? Table = All.OfType<RecordTable<T>>().SingleOrDefault();
    }
}

internal sealed class StatusTable() : RecordTable<StatusRecord>(
    "status", "status UTINYINT NOT NULL, session VARCHAR, vendor_status VARCHAR")
{
    public override int PortOf(in StatusRecord record) => record.Port;

    public override void Write(in StatusRecord record, RecordAppender row) =>
        row.Add((byte)record.Status).Add(record.SessionId).Add(record.VendorStatus);

    public override StatusRecord Read(in Stamp stamp, int port, RecordReader row) =>
        new(stamp, port, (PortStatus)row.Byte(), row.TextOrNull(), row.TextOrNull());
}

internal sealed class MeterTable() : RecordTable<MeterRecord>(
    "meter",
    "session VARCHAR, voltage_v DOUBLE, current_a DOUBLE, power_w DOUBLE, session_energy_wh DOUBLE, "
    + "register_wh DOUBLE, port_temp_c DOUBLE, ambient_temp_c DOUBLE, leakage_ma DOUBLE")
{
    public override int PortOf(in MeterRecord record) => record.Port;

    public override string? SessionOf(in MeterRecord record) => record.SessionId;

    public override void Write(in MeterRecord record, RecordAppender row) => row
        .Add(record.SessionId).Add(record.VoltageV).Add(record.CurrentA).Add(record.PowerW)
        .Add(record.SessionEnergyWh).Add(record.RegisterWh).Add(record.PortTempC).Add(record.AmbientTempC).Add(record.LeakageMa);

    public override MeterRecord Read(in Stamp stamp, int port, RecordReader row) => new(
        stamp, port, row.TextOrNull(), row.DoubleOrNull(), row.DoubleOrNull(), row.DoubleOrNull(), row.DoubleOrNull(),
        row.DoubleOrNull(), row.DoubleOrNull(), row.DoubleOrNull(), row.DoubleOrNull());
}

/// <summary>The energy of meter samples; not a table of its own.</summary>
internal sealed class EnergyView() : RecordTable<EnergySample>(
    "meter", "session VARCHAR, session_energy_wh DOUBLE")
{
    public override Condition? Only => new("session_energy_wh", null);

    public override int PortOf(in EnergySample record) => record.Port;

    public override void Write(in EnergySample record, RecordAppender row) =>
        throw new InvalidOperationException("Energy samples are read from meter records and never written.");

    public override EnergySample Read(in Stamp stamp, int port, RecordReader row) => new(stamp, port, row.TextOrNull(),
        row.Double());
}

/// <summary>What meter samples say about heat and power; not a table of its own.</summary>
internal sealed class SensorView() : RecordTable<SensorSample>(
    "meter", "power_w DOUBLE, port_temp_c DOUBLE, ambient_temp_c DOUBLE")
{
    public override int PortOf(in SensorSample record) => record.Port;

    public override void Write(in SensorSample record, RecordAppender row) =>
        throw new InvalidOperationException("Sensor samples are read from meter records and never written.");

    public override SensorSample Read(in Stamp stamp, int port, RecordReader row) =>
        new(stamp, port, row.DoubleOrNull(), row.DoubleOrNull(), row.DoubleOrNull());
}

internal sealed class SessionTable() : RecordTable<SessionRecord>(
    "session",
    "session VARCHAR NOT NULL, event UTINYINT NOT NULL, start_time BIGINT, end_time BIGINT, "
    + "energy_wh DOUBLE, max_power_w DOUBLE, stop_reason UTINYINT NOT NULL, vendor_reason VARCHAR")
{
    public override int PortOf(in SessionRecord record) => record.Port;

    public override string? SessionOf(in SessionRecord record) => record.SessionId;

    public override void Write(in SessionRecord record, RecordAppender row) => row
        .Add(record.SessionId).Add((byte)record.Event).Add(record.StartTime?.Milliseconds)
        .Add(record.EndTime?.Milliseconds).Add(record.EnergyWh).Add(record.MaxPowerW).Add((byte)record.StopReason)
        .Add(record.VendorReason);

    public override SessionRecord Read(in Stamp stamp, int port, RecordReader row) => new(
        stamp, port, row.Text(), (SessionEvent)row.Byte(), InstantOrNull(row), InstantOrNull(row), row.DoubleOrNull(),
        row.DoubleOrNull(), (StopReason)row.Byte(), row.TextOrNull());

    private static Instant? InstantOrNull(RecordReader row) => row.Int64OrNull() is { } time ? new Instant(time) : null;
}

internal sealed class FaultTable() : RecordTable<FaultRecord>(
    "fault", "code INTEGER NOT NULL, event UTINYINT NOT NULL, value DOUBLE, vendor_code VARCHAR, info VARCHAR")
{
    public override int PortOf(in FaultRecord record) => record.Port;

    public override void Write(in FaultRecord record, RecordAppender row) => row
        .Add(record.Code).Add((byte)record.Event).Add(record.Value).Add(record.VendorCode).Add(record.Info);

    public override FaultRecord Read(in Stamp stamp, int port, RecordReader row) => new(
        stamp, port, row.Int32(), (FaultEvent)row.Byte(), row.DoubleOrNull(), row.TextOrNull(), row.TextOrNull());
}

internal sealed class ConnTable() : RecordTable<ConnRecord>(
    "conn", "online UTINYINT NOT NULL, will UTINYINT NOT NULL, firmware VARCHAR, report_interval_s DOUBLE, signal_csq INTEGER")
{
    public override void Write(in ConnRecord record, RecordAppender row) => row
        .Add((byte)(record.Online ? 1 : 0)).Add((byte)(record.Will ? 1 : 0)).Add(record.Firmware).Add(record.ReportIntervalS)
        .Add(record.SignalCsq);

    public override ConnRecord Read(in Stamp stamp, int port, RecordReader row) => new(
        stamp, row.Byte() != 0, row.Byte() != 0, row.TextOrNull(), row.DoubleOrNull(), row.Int32OrNull());
}

/// <summary>Connections that ended; not a table of its own.</summary>
internal sealed class GoneView() : RecordTable<GoneRecord>("conn", "online UTINYINT NOT NULL")
{
    public override Condition? Only => new("online", 0);

    public override void Write(in GoneRecord record, RecordAppender row) =>
        throw new InvalidOperationException("They are read from connection records and never written.");

    public override GoneRecord Read(in Stamp stamp, int port, RecordReader row) => new(stamp);
}

internal sealed class PositionTable() : RecordTable<PositionRecord>(
    "position", "lat DOUBLE NOT NULL, lon DOUBLE NOT NULL, speed_kmh DOUBLE, heading_deg DOUBLE, accuracy_m DOUBLE, "
        + "fix_valid UTINYINT")
{
    public override void Write(in PositionRecord record, RecordAppender row) => row
        .Add(record.Lat).Add(record.Lon).Add(record.SpeedKmh).Add(record.HeadingDeg).Add(record.AccuracyM)
        .Add(record.FixValid is { } valid ? (byte?)(valid ? 1 : 0) : null);

    public override PositionRecord Read(in Stamp stamp, int port, RecordReader row) => new(
        stamp, row.Double(), row.Double(), row.DoubleOrNull(), row.DoubleOrNull(), row.DoubleOrNull(),
        row.ByteOrNull() is { } valid ? valid != 0 : null);
}

internal sealed class EvidenceTable() : RecordTable<EvidenceRecord>(
    "evidence",
    "type UTINYINT NOT NULL, point VARCHAR, epc VARCHAR, net_kg DOUBLE, count INTEGER, crew VARCHAR, photo_ref VARCHAR, "
    + "lat DOUBLE, lon DOUBLE")
{
    public override void Write(in EvidenceRecord record, RecordAppender row) => row
        .Add((byte)record.Type).Add(record.PointId).Add(record.Epc).Add(record.NetKg).Add(record.Count).Add(record.CrewId)
        .Add(record.PhotoRef).Add(record.Lat).Add(record.Lon);

    public override EvidenceRecord Read(in Stamp stamp, int port, RecordReader row) => new(
        stamp, (EvidenceType)row.Byte(), row.TextOrNull(), row.TextOrNull(), row.DoubleOrNull(), row.Int32OrNull(),
        row.TextOrNull(), row.TextOrNull(), row.DoubleOrNull(), row.DoubleOrNull());
}

internal sealed class BinTable() : RecordTable<BinRecord>("bin", "bin VARCHAR, fill_ratio DOUBLE, temp_c DOUBLE, status VARCHAR")
{
    public override void Write(in BinRecord record, RecordAppender row) =>
        row.Add(record.BinId).Add(record.FillRatio).Add(record.TempC).Add(record.Status);

    public override BinRecord Read(in Stamp stamp, int port, RecordReader row) =>
        new(stamp, row.TextOrNull(), row.DoubleOrNull(), row.DoubleOrNull(), row.TextOrNull());
}
