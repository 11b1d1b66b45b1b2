using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>All that was recorded around one obligation, as it came in, so that any earlier knowledge can be restored.</summary>
/// <param name="Positions">A list for each truck that matters.</param>
internal sealed record NearRecords(
    IReadOnlyList<List<PositionRecord>> Positions, List<EvidenceRecord> Evidence, List<BinRecord> Bins,
    IReadOnlyList<EvidenceAcceptance> Acceptances)
{
    /// <summary>When any of it was received, each moment once, oldest first.</summary>
    public IReadOnlyList<Instant> Arrivals() =>
    [
        .. Positions.SelectMany(p => p).Select(p => p.Stamp.Received).Concat(Evidence.Select(e => e.Stamp.Received))
            .Concat(Bins.Select(b => b.Stamp.Received)).Distinct().Order(),
    ];

    /// <summary>What of it had been received by a moment.</summary>
    public SanitationRecords KnownAt(Instant at, SanitationRules rules) => new(
        [
            .. Positions.Where(p => p.Count > 0).Select(p =>
                TruckTrack.Of(p[0].Stamp.Device, p.FindAll(r => r.Stamp.Received <= at), rules, at)),
        ],
        Evidence.FindAll(e => e.Stamp.Received <= at), Bins.FindAll(b => b.Stamp.Received <= at))
    {
        Acceptances = Acceptances,
    };
}
