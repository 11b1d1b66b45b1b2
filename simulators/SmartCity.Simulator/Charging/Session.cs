using SmartCity.Protocol.V1;

namespace SmartCity.Simulator.Charging;

/// <summary>
/// One charge from plug to plug. Power is flat until <see cref="TaperFrom"/>, falls exponentially to
/// <see cref="Assumptions.TailW"/> at <see cref="FloatFrom"/>, and floats until the end. Times are ms since the epoch.
/// </summary>
internal sealed record Session(int Port, string Id, long PluggedIn, long Start)
{
    public required double PlateauW { get; init; }

    public required long TaperFrom { get; init; }

    public required long FloatFrom { get; init; }

    public required long End { get; init; }

    public required long Unplugged { get; init; }

    public required StopReason Stop { get; init; }

    /// <summary>When the pile says that it ended: later than <see cref="End"/> when the mains went.</summary>
    public required long EndReported { get; init; }

    public required long Settled { get; init; }

    /// <summary>The settlement came twice, half an hour apart.</summary>
    public required bool SettledTwice { get; init; }

    private double TaperMs => (FloatFrom - TaperFrom) / Math.Max(1e-9, Math.Log(PlateauW / Assumptions.TailW));

    public double EnergyWh => EnergyAt(End);

    public double PowerAt(long at) => at < Start || at >= End ? 0
        : at < TaperFrom ? PlateauW
        : at < FloatFrom ? PlateauW * Math.Exp((TaperFrom - at) / TaperMs)
        : Assumptions.FloatW;

    /// <summary>What went into the battery until <paramref name="at"/>: the integral of the power.</summary>
    public double EnergyAt(long at)
    {
        const double hour = District.CityTime.HourMs;
        at = Math.Min(at, End);
        var flat = PlateauW * Math.Max(0, Math.Min(at, TaperFrom) - Start) / hour;
        var taper = at <= TaperFrom ? 0
            : PlateauW * TaperMs * (1 - Math.Exp((TaperFrom - Math.Min(at, FloatFrom)) / TaperMs)) / hour;
        return flat + taper + (Assumptions.FloatW * Math.Max(0, at - FloatFrom) / hour);
    }
}
