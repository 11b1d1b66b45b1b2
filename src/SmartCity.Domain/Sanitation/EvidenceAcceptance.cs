using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>A supervisor looked at a confirmation or picture and believes it, wherever and whenever it was made; or does not.</summary>
/// <param name="TruckId">Who sent it; with the next three this names one record, whatever its copies.</param>
/// <param name="BootReceived">The power-up it was made in (<see cref="Stamp.BootReceived"/>).</param>
/// <param name="Accepted">When it was accepted, or rejected; nothing is before. Of several decisions the last one holds.</param>
public sealed record EvidenceAcceptance(
    string TruckId, Instant BootReceived, long Sequence, ushort Index, string Supervisor, Instant Accepted)
{
    /// <summary>The supervisor does not believe it: it counts for nothing.</summary>
    public bool IsRejection { get; init; }
}

/// <summary>What supervisors decided about confirmations and pictures by a moment: the last decision about each.</summary>
internal sealed class EvidenceRulings
{
    private readonly Dictionary<(string, Instant, long, ushort), EvidenceAcceptance> last = [];

    public EvidenceRulings(IEnumerable<EvidenceAcceptance> decisions, Instant evaluation)
    {
        // Of two decisions in one moment the one that was recorded later holds; the sort keeps their order.
        foreach (var decision in decisions.Where(d => d.Accepted <= evaluation).OrderBy(d => d.Accepted))
        {
            last[(decision.TruckId, decision.BootReceived, decision.Sequence, decision.Index)] = decision;
        }
    }

    public EvidenceAcceptance? Of(in Stamp stamp) =>
        last.GetValueOrDefault((stamp.Device, stamp.BootReceived, stamp.Sequence, stamp.Index));
}
