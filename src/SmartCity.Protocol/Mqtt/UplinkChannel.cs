namespace SmartCity.Protocol.Mqtt;

/// <summary>What a payload's records are. Numbers are fixed: the domain uses the same.</summary>
public enum UplinkChannel : byte
{
    /// <summary>Online, offline, Will; of every kind of device.</summary>
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
