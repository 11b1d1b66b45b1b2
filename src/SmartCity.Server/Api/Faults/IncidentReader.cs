using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Charging;
using SmartCity.Storage.Registry;
using DomainFault = SmartCity.Domain.Faults.Fault;
using DomainIncident = SmartCity.Domain.Faults.Incident;

namespace SmartCity.Server.Api.Faults;

/// <summary>Finds the incidents that silences are part of. A question may be about a few piles or a moment; whether something
/// happened to a compound is told by all its piles at the time.</summary>
internal sealed class IncidentReader(RegistryStore registry, HistoryLoader loader, ChargingRules rules)
{
    private const int ReadsMax = 16;

    // Silences before and after that may belong to the same.
    private static readonly TimeSpan Around = TimeSpan.FromHours(1);

    /// <summary>The incidents, by the moment they began, of which any of the faults is a member.</summary>
    public async Task<IReadOnlyList<DomainIncident>> OfAsync(
        IEnumerable<(DomainFault Fault, string Compound)> faults, Instant evaluation, CancellationToken cancellation)
    {
        var known = await registry.AsKnownAtAsync(evaluation, cancellation);
        var piles = known.Piles.ToLookup(pile => pile.CompoundId, StringComparer.Ordinal);
        var silences = faults.Where(f => f.Fault.Code.Number == FaultCode.Offline
            && piles[f.Compound].DistinctBy(pile => pile.Id).Count() >= Incidents.PilesMin).ToList();
        var found = new List<DomainIncident>();
        foreach (var (from, until) in SpansOf([.. silences.Select(s => s.Fault.Raised).Order()]))
        {
            var compounds = silences.Where(s => s.Fault.Raised >= from && s.Fault.Raised < until).Select(s => s.Compound)
                .ToHashSet(StringComparer.Ordinal);
            var all = await SilencesAsync(known, compounds, from, until, evaluation, cancellation);
            found.AddRange(Incidents.Of(
                all, (compound, at) => piles[compound].Count(pile => pile.Validity.Contains(at))));
        }
        var ids = silences.Select(s => s.Fault.Id).ToHashSet(StringComparer.Ordinal);
        return [.. found.Where(incident => incident.Members.Any(member => ids.Contains(member.Id)))];
    }

    /// <summary>The OFFLINE faults of one pile that was read.</summary>
    public static IEnumerable<(DomainFault Fault, string Compound)> SilencesOf(PileHistory history, Instant evaluation)
    {
        var reported = FaultLog.Of(history.Faults, evaluation).Faults.Where(f => f.Code.Number == FaultCode.Offline).ToList();
        var offline = DerivedFaults.Offline(history, OfflineSpans.Of(history, evaluation));
        return reported.Concat(DerivedFaults.WithoutReported(offline, reported, evaluation)).Where(f => f.Port == 0)
            .Select(f => (f, history.Versions[FaultHistory.NearestVersion(history, f.Raised)].CompoundId));
    }

    private async Task<List<(DomainFault Fault, string Compound)>> SilencesAsync(
        RegistrySnapshot known, HashSet<string> compounds, Instant from, Instant until, Instant evaluation,
        CancellationToken cancellation)
    {
        var scoped = ScopedPiles.Of(known, AssetScope.City with { Compounds = compounds }, PileGrouping.None, from, until);
        var silences = new List<(DomainFault Fault, string Compound)>();
        await loader.ReadOnlyAsync(
            new HistoryQuery(scoped.Piles, from, until, evaluation, HistoryParts.None, rules),
            // Of what began before, only the piles that are still silent were read.
            (_, history) => silences.AddRange(SilencesOf(history, evaluation).Where(s =>
                s.Fault.Raised >= from && s.Fault.Raised < until && compounds.Contains(s.Compound))),
            cancellation);
        return silences;
    }

    /// <summary>Spans around the moments, few of them: a pile that has been silent for months costs one short look.</summary>
    private static List<(Instant From, Instant Until)> SpansOf(List<Instant> moments)
    {
        for (var gap = Around * 2; ; gap *= 4)
        {
            var spans = new List<(Instant From, Instant Until)>();
            foreach (var moment in moments)
            {
                if (spans.Count > 0 && moment - Around <= spans[^1].Until + gap)
                {
                    spans[^1] = (spans[^1].From, moment + Around);
                }
                else
                {
                    spans.Add((moment - Around, moment + Around));
                }
            }
            if (spans.Count <= ReadsMax)
            {
                return spans;
            }
        }
    }
}
