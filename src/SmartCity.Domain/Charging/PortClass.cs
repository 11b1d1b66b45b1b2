using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>What a port is to somebody who comes and looks for a free one.</summary>
internal enum PortClass
{
    /// <summary>Not commissioned.</summary>
    None,

    /// <summary>AVAILABLE.</summary>
    Free,

    /// <summary>Occupied or reserved.</summary>
    Taken,

    /// <summary>UNAVAILABLE or FAULTED.</summary>
    Broken,

    /// <summary>OFFLINE.</summary>
    Offline,

    /// <summary>Nothing is known.</summary>
    Unknown,
}

/// <summary>Tells the class of a status.</summary>
internal static class PortClasses
{
    public static PortClass Of(PortStatus status) => status switch
    {
        PortStatus.Available => PortClass.Free,
        PortStatus.Unknown => PortClass.Unknown,
        PortStatus.Offline => PortClass.Offline,
        PortStatus.Unavailable or PortStatus.Faulted => PortClass.Broken,
        _ => PortClass.Taken,
    };
}
