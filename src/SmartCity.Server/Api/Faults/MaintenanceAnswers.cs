using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using SmartCity.Storage.Registry;
using DomainMaintenance = SmartCity.Domain.Faults.Maintenance;
using Maintenance = SmartCity.Protocol.V1.Maintenance;

namespace SmartCity.Server.Api.Faults;

/// <summary>Declares, lists and cancels maintenance.</summary>
internal sealed class MaintenanceAnswers(Requests requests, RegistryStore registry, RepairLog repairs)
{
    private static readonly TimeSpan LengthMax = TimeSpan.FromDays(90);

    public async Task<DeclareMaintenanceResponse> DeclareAsync(DeclareMaintenanceRequest request, CancellationToken cancellation)
    {
        var (from, until) = SpanOf(request);
        var wish = new DomainMaintenance(
            RepairTexts.Id(request.MaintenanceId, "maintenance_id"), ScopeOf(request.Scope), from, until,
            RepairTexts.Name(request.By, "by", "who declares it"), RepairTexts.Reason(request.Reason, "reason"), default, null);
        var work = await repairs.DeclareAsync(wish, other => IsOfTheSame(other, wish), cancellation) ?? throw new LimitReachedException(
            $"{RepairLog.MaintenanceMax} declarations are kept already. Name areas instead of single piles.");
        if (work.Id != wish.Id && (request.MaintenanceId.Length > 0 || !IsSame(work, wish)))
        {
            throw new WrongStateException(
                "maintenance", work.Id, $"Maintenance {work.Id}, declared by {work.By}, has the same scope and times. Cancel it first if "
                    + "another is to stand in its place.");
        }
        return IsSame(work, wish)
            ? new DeclareMaintenanceResponse { Maintenance = Of(work) }
            : throw new InvalidQueryException(
                "maintenance_id", "was used for another declaration. Give each declaration an id of its own.");
    }

    public async Task<ListMaintenanceResponse> ListAsync(ListMaintenanceRequest request, CancellationToken cancellation)
    {
        var asked = await requests.ReadAsync(
            request, request.Scope, request.Period, request.AsOf, request.PageToken, cancellation);
        var (from, until) = request.Period is null ? (asked.Evaluation, Instant.Max) : (asked.From, asked.Until);
        var wanted = asked.Scope.IsCity ? null : PilesIn(asked.Registry, asked.Scope).ToHashSet(StringComparer.Ordinal);
        var all = repairs.MaintenanceAt(asked.Evaluation)
            .Where(work => work.From < until && work.Until > from && (request.IncludeCancelled || work.Cancelled is null))
            .Where(work => wanted is null || PilesIn(asked.Registry, work.Scope).Any(wanted.Contains))
            .OrderByDescending(work => work.From).ThenBy(work => work.Id, StringComparer.Ordinal).ToList();
        var (page, next) = Pages.Take(all, request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        return new ListMaintenanceResponse { Maintenance = { page.Select(Of) }, NextPageToken = next };
    }

    public async Task<CancelMaintenanceResponse> CancelAsync(CancelMaintenanceRequest request, CancellationToken cancellation)
    {
        var by = RepairTexts.Name(request.By, "by", "who cancels it");
        var reason = RepairTexts.Reason(request.Reason, "reason");
        var work = await repairs.CancelAsync(request.MaintenanceId, by, reason, cancellation)
            ?? throw new NotFoundException(
                "maintenance", request.MaintenanceId, "ListMaintenance (smartcity maintenance list) has the ids.");
        return work.Cancelled == new Domain.Faults.MaintenanceCancellation(by, reason, work.Cancelled!.Recorded)
            ? new CancelMaintenanceResponse { Maintenance = Of(work) }
            : throw new WrongStateException(
                "maintenance", work.Id, $"Maintenance {work.Id} was cancelled at {work.Cancelled.Recorded} by {work.Cancelled.By} "
                    + "already. Declare it anew if it is to take place.");
    }

    private static (Instant From, Instant Until) SpanOf(DeclareMaintenanceRequest request)
    {
        var from = Instants.From(request.FromTime, "from_time") ?? throw new InvalidQueryException("from_time", "is needed.");
        var until = Instants.From(request.UntilTime, "until_time") ?? throw new InvalidQueryException("until_time", "is needed.");
        return from >= until ? throw new InvalidQueryException("until_time", $"{until} is not after from_time {from}.")
            : until - from > LengthMax ? throw new InvalidQueryException(
                "until_time", $"is more than {LengthMax.TotalDays:0} days after from_time. Declare it in several parts.")
            : (from, until);
    }

    private AssetScope ScopeOf(Scope? sent)
    {
        var scope = Scopes.From(sent, registry.Current);
        return scope.Trucks.Count + scope.Points.Count > 0
            ? throw new InvalidQueryException(
                "scope", "names trucks or collection points. Maintenance is of piles; name piles or areas.")
            : scope.IsCity ? throw new InvalidQueryException("scope", "is needed: name the piles or areas that are worked on.")
            : scope;
    }

    private static IEnumerable<string> PilesIn(RegistrySnapshot known, AssetScope scope) =>
        RegistryScope.Piles(known, scope).Select(pile => pile.Id);

    private static bool IsSame(DomainMaintenance work, DomainMaintenance wish) =>
        (work.By, work.Reason) == (wish.By, wish.Reason) && IsOfTheSame(work, wish);

    private static bool IsOfTheSame(DomainMaintenance work, DomainMaintenance wish) =>
        (work.From, work.Until) == (wish.From, wish.Until) && Of(work.Scope).Equals(Of(wish.Scope));

    private static Scope Of(AssetScope scope) => new()
    {
        DistrictIds = { scope.Districts.Order(StringComparer.Ordinal) },
        SubdistrictIds = { scope.Subdistricts.Order(StringComparer.Ordinal) },
        CompoundIds = { scope.Compounds.Order(StringComparer.Ordinal) },
        GridIds = { scope.Grids.Order(StringComparer.Ordinal) },
        PileIds = { scope.Piles.Order(StringComparer.Ordinal) },
    };

    private static Maintenance Of(DomainMaintenance work) => new()
    {
        MaintenanceId = work.Id,
        Scope = Of(work.Scope),
        FromTime = work.From.ToTimestamp(),
        UntilTime = work.Until.ToTimestamp(),
        By = work.By,
        Reason = work.Reason,
        RecordedTime = work.Recorded.ToTimestamp(),
        CancelledTime = work.Cancelled?.Recorded.ToTimestamp(),
        CancelledBy = work.Cancelled?.By ?? "",
        CancelReason = work.Cancelled?.Reason ?? "",
    };
}
