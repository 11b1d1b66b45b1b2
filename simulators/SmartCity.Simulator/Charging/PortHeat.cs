using SmartCity.Protocol.V1;
using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Charging;

/// <summary>How warm a socket is.</summary>
internal static class PortHeat
{
    /// <summary>How long before it trips a bad contact begins to heat up.</summary>
    public const long FeverMs = 15 * CityTime.MinuteMs;

    private const double WarmUpMs = 20.0 * CityTime.MinuteMs;

    /// <summary>The temperature of the socket during a session. A bad contact trips at <see cref="Assumptions.TripC"/>.</summary>
    public static double TempC(Session session, long at, double ambientC, double watts)
    {
        var warmth = 1 - Math.Exp((session.Start - at) / WarmUpMs);
        var sound = ambientC + Assumptions.CabinetOverAmbientC + (watts * Assumptions.PortHeatCPerW * warmth);
        return session.Stop == StopReason.OverTemperature
            ? sound + (Math.Max(0, Assumptions.TripC - sound) * Math.Max(0, 1 - ((session.End - at) / (double)FeverMs)))
            : sound;
    }
}
