namespace SmartCity.Domain.Charging;

/// <summary>Why a port shows its derived status. The numbers are those of the wire.</summary>
public enum StatusCause : byte
{
    /// <summary>Its own last word.</summary>
    Reported = 1,

    /// <summary>The last word of port 0.</summary>
    Pile = 2,

    /// <summary>A reported fault of MAJOR or above on the port or its pile.</summary>
    Fault = 3,

    /// <summary>The pile was not heard for too long.</summary>
    Silence = 4,

    /// <summary>It had not reported yet.</summary>
    NoReport = 5,
}
