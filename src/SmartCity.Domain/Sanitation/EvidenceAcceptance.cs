using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>A supervisor looked at a confirmation or picture and believes it, wherever and whenever it was made.</summary>
/// <param name="TruckId">Who sent it; with the next three this names one record, whatever its copies.</param>
/// <param name="BootReceived">The power-up it was made in (<see cref="Stamp.BootReceived"/>).</param>
/// <param name="Accepted">When it was accepted; nothing is before.</param>
public sealed record EvidenceAcceptance(
    string TruckId, Instant BootReceived, long Sequence, ushort Index, string Supervisor, Instant Accepted)
{
    internal bool IsOf(in Stamp stamp) => TruckId == stamp.Device && BootReceived == stamp.BootReceived
        && Sequence == stamp.Sequence && Index == stamp.Index;
}
