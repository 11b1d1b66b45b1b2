using SmartCity.Protocol.V1;

namespace SmartCity.Simulator.Charging;

/// <summary>A fault of a port as it truly was, [From, Until). Port 0 is the pile.</summary>
/// <param name="Transient">Too short to matter: the port goes on working.</param>
internal readonly record struct PortFault(int Port, int Code, long From, long Until, bool Transient)
{
    public const int Smoke = 101, OverTemperature = 102, OverPower = 204, MainsLoss = 209, LooseContact = 501, SpringStuck = 502;

    /// <summary>Why a session stops when the port fails like this.</summary>
    public StopReason Stops => Code switch
    {
        Smoke => StopReason.Smoke,
        OverTemperature => StopReason.OverTemperature,
        OverPower => StopReason.Overload,
        MainsLoss => StopReason.PowerLoss,
        _ => StopReason.Other,
    };
}
