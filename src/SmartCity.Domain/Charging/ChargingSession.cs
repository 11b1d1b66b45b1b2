using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Charging;

/// <summary>One charge on one port, as known at the evaluation.</summary>
public sealed record ChargingSession(string Pile, int Port, string Id)
{
    /// <summary>When it began: STARTED, else a start time given, else its earliest record.</summary>
    public required Instant Start { get; init; }

    /// <summary>When the battery was full; null when nobody said so.</summary>
    public Instant? ChargeDone { get; init; }

    /// <summary>When it ended; null while open.</summary>
    public Instant? End { get; init; }

    /// <summary>Millionths of a watt-hour: whole numbers add up exactly in any order.</summary>
    public required long EnergyMicroWh { get; init; }

    /// <summary>The highest power that was reported, W.</summary>
    public double? MaxPowerW { get; init; }

    /// <summary>Why it stopped; <see cref="StopReason.Abnormal"/> when the server closed it.</summary>
    public StopReason StopReason { get; init; }

    /// <summary>The vendor's word for the reason.</summary>
    public string? VendorReason { get; init; }

    /// <summary>A SETTLED record gave the energy.</summary>
    public bool Settled { get; init; }

    /// <summary>It is over and the pile never gave its total: the energy is what the samples showed.</summary>
    public bool Estimated { get; init; }

    /// <summary>Samples of it that could not be counted.</summary>
    public int Suspects { get; init; }

    /// <summary>When its last record was made.</summary>
    public Instant Last { get; init; }

    /// <summary>A STARTED record gave the start; else a later record may still move it.</summary>
    public bool StartReported { get; init; }
}
