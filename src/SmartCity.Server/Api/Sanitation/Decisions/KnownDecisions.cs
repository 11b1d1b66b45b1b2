using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry.Decisions;

namespace SmartCity.Server.Api.Sanitation.Decisions;

/// <summary>People's decisions as the verdicts take them, as they were known at a moment.</summary>
internal sealed class KnownDecisions(DecisionStore store)
{
    // A moved window of a neighbouring date may cut acceptance; nothing moves by more than a day.
    private const int MarginDays = 10;

    // What a person entered belongs to no power-up of a truck.
    private static readonly Instant NoBoot = new(-1);

    /// <summary>How far decisions have come.</summary>
    public Task<DecisionsChange> ReadChangeAsync(CancellationToken cancellation) => store.ReadChangeAsync(cancellation);

    /// <summary>All exceptions that can matter on a range of dates, also those that do not hold.</summary>
    public async Task<IReadOnlyList<ObligationException>> ExceptionsAsync(
        RegistrySnapshot registry, DateOnly first, DateOnly last, Instant knownAt, CancellationToken cancellation)
    {
        var declared = await store.ExceptionsAsync(first.AddDays(-MarginDays), last.AddDays(MarginDays), knownAt, cancellation);
        var places = new Dictionary<string, ScopedPoints>(StringComparer.Ordinal);
        return [.. declared.SelectMany(d => Of(d, registry, places))];
    }

    /// <summary>What people entered about collections in [from, until), and what supervisors decided about that and about what
    /// trucks sent.</summary>
    public async Task<(IReadOnlyList<EvidenceRecord> Entered, IReadOnlyList<EvidenceAcceptance> Decided)> ConfirmationsAsync(
        Instant from, Instant until, Instant knownAt, CancellationToken cancellation)
    {
        var confirmations = await store.ConfirmationsAsync(from, until, knownAt, cancellation);
        var rulings = await store.RulingsAsync(from, until, knownAt, cancellation);
        var records = confirmations.Select(c => (Confirmation: c, Record: ToEvidence(c))).ToList();
        return (
            [.. records.Select(r => r.Record)],
            [
                .. records.SelectMany(r => r.Confirmation.Decisions.Select(d => ToAcceptance(EvidenceId.Of(r.Record.Stamp), d))),
                .. rulings.Select(r => EvidenceId.TryParse(r.EvidenceId, out var id) ? ToAcceptance(id, r.Decision) : null)
                    .OfType<EvidenceAcceptance>(),
            ]);
    }

    /// <summary>What was decided about evidence that trucks made in [from, until).</summary>
    public Task<IReadOnlyList<EvidenceRuling>> RulingsAsync(
        Instant from, Instant until, Instant knownAt, CancellationToken cancellation) =>
        store.RulingsAsync(from, until, knownAt, cancellation);

    /// <summary>An exception for each of its windows.</summary>
    public static IReadOnlyList<ObligationException> Of(DeclaredException declared, RegistrySnapshot registry) =>
        Of(declared, registry, new Dictionary<string, ScopedPoints>(StringComparer.Ordinal));

    /// <summary>A confirmation as evidence.</summary>
    public static EvidenceRecord ToEvidence(Confirmation said) => new(
        new Stamp(said.TruckId ?? "", said.Collected, said.Recorded, NoBoot, said.Number, 0, StampFlags.Entered),
        EvidenceType.Manual, said.PointId, null, null, null, said.ConfirmedBy, null, said.Location?.Lat, said.Location?.Lon);

    private static EvidenceAcceptance ToAcceptance(EvidenceId id, HumanDecision decision) =>
        new(id.TruckId, id.BootReceived, id.Sequence, id.Index, decision.By, decision.Recorded)
        {
            IsRejection = decision.Kind != DecisionKind.Approve,
        };

    private static IReadOnlyList<ObligationException> Of(
        DeclaredException declared, RegistrySnapshot registry, Dictionary<string, ScopedPoints> places)
    {
        var scope = declared.Scope;
        var approval = declared.Decisions.FirstOrDefault(d => d.Kind == DecisionKind.Approve);
        var end = declared.Decisions.FirstOrDefault(d => d.Kind != DecisionKind.Approve);
        var exception = new ObligationException(
            declared.Id, declared.Kind, declared.Reason, scope.IsCity ? null : Set(scope.Points), null, declared.First,
            declared.Last, declared.DeclaredBy, declared.Declared)
        {
            Within = WithinOf(scope, registry, places),
            RouteIds = scope.Routes.Count > 0 ? Set(scope.Routes) : null,
            TruckIds = scope.Trucks.Count > 0 ? Set(scope.Trucks) : null,
            By = declared.By,
            Approver = approval?.By,
            Approved = approval?.Recorded,
            IsBySupervisor = approval?.IsSupervisor ?? false,
            Ended = end?.Recorded,
            EndedBy = end?.By,
            IsWithdrawn = end?.Kind == DecisionKind.Withdraw,
        };
        return declared.WindowKeys.Count == 0 ? [exception] : [.. declared.WindowKeys.Select(k => exception with { WindowKey = k })];
    }

    private static ScopedPoints? WithinOf(
        ExceptionScope scope, RegistrySnapshot registry, Dictionary<string, ScopedPoints> places)
    {
        var areas = new AssetScope(
            Set(scope.Districts), Set(scope.Subdistricts), Set(scope.Compounds), Set(scope.Grids), Set([]), Set([]), Set([]));
        if (areas.IsCity)
        {
            return null;
        }
        // Many exceptions are about the same few areas, and looking for their points takes a while.
        var key = string.Join(
            '\n', string.Join(',', scope.Districts), string.Join(',', scope.Subdistricts), string.Join(',', scope.Compounds),
            string.Join(',', scope.Grids));
        return places.TryGetValue(key, out var points) ? points : places[key] = new ScopedPoints(registry, areas);
    }

    private static HashSet<string> Set(IReadOnlyList<string> ids) => new(ids, StringComparer.Ordinal);
}
