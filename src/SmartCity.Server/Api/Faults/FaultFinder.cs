using System.Globalization;
using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Charging;
using SmartCity.Storage.Registry;
using DomainFault = SmartCity.Domain.Faults.Fault;

namespace SmartCity.Server.Api.Faults;

/// <summary>Finds the one fault that an id names.</summary>
internal sealed class FaultFinder(RegistryStore registry, HistoryLoader loader, ChargingRules rules)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <summary>The fault as known at the evaluation, and its compound. Where late data moved its beginning, the fault that held
    /// at the moment the id tells.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task<(DomainFault Fault, string Compound)> FindAsync(
        string faultId, Instant evaluation, CancellationToken cancellation) =>
        await TryFindAsync(faultId, evaluation, cancellation) ?? throw Missing(faultId);

    /// <summary>The same; null when there is none.</summary>
    public async Task<(DomainFault Fault, string Compound)?> TryFindAsync(
        string faultId, Instant evaluation, CancellationToken cancellation)
    {
        if (Parse(faultId) is not { } id || id.Raised > evaluation || evaluation - id.Raised > Periods.LengthMax)
        {
            return null;
        }
        var known = await registry.AsKnownAtAsync(evaluation, cancellation);
        var scope = AssetScope.City with { Piles = new HashSet<string>(StringComparer.Ordinal) { id.Pile } };
        var (from, until) = (id.Raised - Moment, evaluation + Moment);
        var piles = ScopedPiles.Of(known, scope, PileGrouping.None, from, until).Piles;
        var parts = id.Derived ? HistoryParts.Statuses | HistoryParts.Meters : HistoryParts.None;
        (DomainFault Fault, string Compound)? found = null;
        await loader.ReadOnlyAsync(
            new HistoryQuery(piles, from, until, evaluation, parts, rules),
            (_, history) =>
            {
                var log = FaultLog.Of(history.Faults, evaluation);
                var offline = OfflineSpans.Of(history, evaluation);
                var faults = FaultHistory.Of(history, log, offline, id.Derived, rules.Thresholds, evaluation);
                if (Pick(faults, faultId, id, evaluation) is { } fault)
                {
                    found = (fault, history.Versions[FaultHistory.NearestVersion(history, fault.Raised)].CompoundId);
                }
            },
            cancellation);
        return found;
    }

    private static DomainFault? Pick(IReadOnlyList<DomainFault> faults, string faultId, SeenFault id, Instant evaluation)
    {
        var shown = faults.Where(fault => fault.IsTransient || fault.CountsAt(evaluation)).ToList();
        return shown.Find(fault => fault.Id == faultId) ?? shown.Find(id.Is);
    }

    /// <summary>What an id says, as something that was seen at the moment it tells; null when it is none.</summary>
    private static SeenFault? Parse(string id)
    {
        var derived = id.EndsWith('d');
        var parts = (derived ? id[..^1] : id).Split('/');
        return parts.Length >= 4 && Number(parts[^3], out var port) && Number(parts[^2], out var code) && Number(parts[^1], out var ms)
            && port <= int.MaxValue && code <= int.MaxValue && ms <= Instant.Max.Milliseconds
            ? new SeenFault(
                string.Join('/', parts[..^3]), (int)port, (int)code, new Instant(ms), new Instant(ms) + Moment, derived)
            : null;
    }

    private static bool Number(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static NotFoundException Missing(string id) => new(
        "fault", id.Length <= 100 ? id : id[..100] + "...",
        "Take the id from ListFaults (smartcity faults --output csv); where late data moved a fault's beginning it has a new one.");
}
