namespace SmartCity.Domain.Telemetry;

// Numbers are those of the wire (protos/smartcity/v1/telemetry.proto); a test compares them.

/// <summary>What a port is doing.</summary>
public enum PortStatus : byte
{
    /// <summary>No report, or one we could not read.</summary>
    Unknown = 0,

    /// <summary>Free. 空闲</summary>
    Available = 1,

    /// <summary>A charger is in, nothing started. 占用</summary>
    Plugged = 2,

    /// <summary>充电中</summary>
    Charging = 3,

    /// <summary>Trickle. 浮充</summary>
    Floating = 4,

    /// <summary>Load shed by the pile.</summary>
    SuspendedByPile = 5,

    /// <summary>Full and still plugged. 已充满未拔</summary>
    FinishedPlugged = 6,

    /// <summary>预约</summary>
    Reserved = 7,

    /// <summary>Taken out of service. 停用</summary>
    Unavailable = 8,

    /// <summary>故障</summary>
    Faulted = 9,

    /// <summary>Silent for too long; only the server says so. 离线</summary>
    Offline = 10,
}

/// <summary>A step in the life of a session.</summary>
public enum SessionEvent : byte
{
    /// <summary>A step we could not read.</summary>
    Unknown = 0,

    /// <summary>Charging began.</summary>
    Started = 1,

    /// <summary>The battery is full; the plug is still in.</summary>
    ChargeDone = 2,

    /// <summary>The session ended.</summary>
    Ended = 3,

    /// <summary>The plug was drawn.</summary>
    Unplugged = 4,

    /// <summary>The pile sent its final account. 结算</summary>
    Settled = 5,
}

/// <summary>Why a session stopped.</summary>
public enum StopReason : byte
{
    /// <summary>Not said, or not readable.</summary>
    Unknown = 0,

    /// <summary>Full.</summary>
    Full = 1,

    /// <summary>Time ran out.</summary>
    TimeLimit = 2,

    /// <summary>Energy limit.</summary>
    EnergyLimit = 3,

    /// <summary>Money ran out.</summary>
    AmountLimit = 4,

    /// <summary>The rider drew the plug.</summary>
    UserUnplugged = 5,

    /// <summary>Stopped at the pile.</summary>
    UserLocal = 6,

    /// <summary>Stopped from afar.</summary>
    Remote = 7,

    /// <summary>Stopped by an administrator.</summary>
    AdminForced = 8,

    /// <summary>Too much load.</summary>
    Overload = 9,

    /// <summary>No charger, or too little power.</summary>
    PowerTooLow = 10,

    /// <summary>Too hot.</summary>
    OverTemperature = 11,

    /// <summary>Smoke or fire.</summary>
    Smoke = 12,

    /// <summary>Too much current.</summary>
    OverCurrent = 13,

    /// <summary>Leakage current.</summary>
    Leakage = 14,

    /// <summary>Water.</summary>
    Water = 15,

    /// <summary>Mains lost.</summary>
    PowerLoss = 16,

    /// <summary>Emergency stop pressed.</summary>
    EmergencyStop = 17,

    /// <summary>The pile restarted.</summary>
    Reboot = 18,

    /// <summary>Another reason; see the vendor's word.</summary>
    Other = 19,

    /// <summary>Given by the server to a session that never said how it ended.</summary>
    Abnormal = 20,
}

/// <summary>Which way a fault changed.</summary>
public enum FaultEvent : byte
{
    /// <summary>Not readable.</summary>
    Unknown = 0,

    /// <summary>The fault appeared.</summary>
    Raised = 1,

    /// <summary>The fault went away.</summary>
    Cleared = 2,
}

/// <summary>What shows that a collection point was served.</summary>
public enum EvidenceType : byte
{
    /// <summary>Not readable.</summary>
    Unknown = 0,

    /// <summary>The reader on the lift saw a bin's tag.</summary>
    RfidLift = 1,

    /// <summary>The scale moved.</summary>
    WeightDelta = 2,

    /// <summary>The lift moved.</summary>
    LiftActuation = 3,

    /// <summary>Somebody said so.</summary>
    Manual = 4,

    /// <summary>Somebody took a picture.</summary>
    Photo = 5,
}

/// <summary>What a device is.</summary>
public enum DeviceKind : byte
{
    /// <summary>充电桩</summary>
    Pile = 1,

    /// <summary>清运车</summary>
    Truck = 2,

    /// <summary>收集点</summary>
    Point = 3,
}

/// <summary>The uplink channels of devices: one record type each.</summary>
public enum Channel : byte
{
    /// <summary>Online, offline, Will.</summary>
    Conn = 1,

    /// <summary>Port status of piles.</summary>
    Status = 2,

    /// <summary>Port sensors of piles.</summary>
    Meter = 3,

    /// <summary>Session steps of piles.</summary>
    Session = 4,

    /// <summary>Faults of piles.</summary>
    Fault = 5,

    /// <summary>Positions of trucks.</summary>
    Position = 6,

    /// <summary>Evidence from trucks.</summary>
    Evidence = 7,

    /// <summary>Bins of points.</summary>
    Bin = 8,
}
