namespace SmartCity.Domain.Faults;

/// <summary>How bad a fault is. Numbers are those of the wire (FaultSeverity in fault.proto).</summary>
public enum Severity : byte
{
    /// <summary>Worth knowing. 提示</summary>
    Info = 1,

    /// <summary>Degraded; charging goes on. 次要</summary>
    Minor = 2,

    /// <summary>Out of service. 重要</summary>
    Major = 3,

    /// <summary>Danger to life. 紧急</summary>
    Critical = 4,
}
