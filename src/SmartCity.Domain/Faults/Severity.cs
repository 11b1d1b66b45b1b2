namespace SmartCity.Domain.Faults;

/// <summary>How bad a fault is. Numbers are those of the wire (FaultSeverity in fault.proto).</summary>
public enum Severity : byte
{
    /// <summary>Worth knowing. 提示</summary>
    Info = 1,

    /// <summary>Degraded; charging goes on. 轻微</summary>
    Minor = 2,

    /// <summary>Out of service. 严重</summary>
    Major = 3,

    /// <summary>Danger to life. 危急</summary>
    Critical = 4,
}
