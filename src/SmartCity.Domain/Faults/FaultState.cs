namespace SmartCity.Domain.Faults;

/// <summary>How far the repair of a fault has come. Numbers are those of the wire (FaultState in fault.proto).</summary>
public enum FaultState : byte
{
    /// <summary>Nobody has acted on it, whether it is over or not. 待确认</summary>
    Open = 1,

    /// <summary>Somebody knows. 已确认</summary>
    Acknowledged = 2,

    /// <summary>Somebody is to repair it. 已派单</summary>
    Assigned = 3,

    /// <summary>The repairer says it is mended. 已处理</summary>
    Resolved = 4,

    /// <summary>Telemetry agrees, or somebody answers for it. 已关闭</summary>
    Closed = 5,

    /// <summary>Nobody has acted on it, and what was resolved or closed shortly before was the same. 复发</summary>
    Reopened = 6,
}

/// <summary>What a person does about a fault. Numbers are those of the wire (FaultStep in fault.proto).</summary>
public enum FaultStep : byte
{
    /// <summary>Somebody knows.</summary>
    Acknowledge = 1,

    /// <summary>Somebody is to repair it.</summary>
    Assign = 2,

    /// <summary>It is mended, says a person.</summary>
    Resolve = 3,

    /// <summary>Nothing is left to do.</summary>
    Close = 4,
}
