using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using Visit = SmartCity.Domain.Sanitation.Visit;
using VisitRole = SmartCity.Domain.Sanitation.VisitRole;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Answers ListVisits.</summary>
internal sealed class VisitAnswers(SanitationRequests requests, SanitationLoader loader, TruckQuality quality)
{
    // As many positions as fit in memory without thought.
    private static readonly TimeSpan AtOnce = TimeSpan.FromDays(31);

    public async Task<ListVisitsResponse> AnswerAsync(ListVisitsRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        var (evaluation, fingerprint, registry) = await requests.AskedAsync(request, request.AsOf, request.PageToken, cancellation);
        var (from, until, _) = Periods.From(request.Period, evaluation);
        if (until - from > TimeSpan.FromDays(SanitationRequests.DatesMax))
        {
            throw new InvalidQueryException("period", $"is longer than {SanitationRequests.DatesMax} days. Ask in several parts.");
        }
        var scope = requests.ScopeOf(request.Scope);
        var points = new ScopedPoints(registry, scope);
        // Any truck may serve any point, so a truck's visits may be anywhere.
        var ids = scope.Trucks.Count > 0 ? null : points.Ids;
        var found = new List<Visit>();
        Instant? latest = null;
        // Older device times are refused, so nothing happened before.
        for (var start = Instant.Later(from, EventTime.Oldest); start < Instant.Earlier(until, evaluation); start += AtOnce)
        {
            var end = Instant.Earlier(start + AtOnce, until);
            var plan = await loader.PlanAsync(
                registry, requests.Rules, DateOf(start).AddDays(-1), DateOf(end).AddDays(1), ids, evaluation, cancellation);
            var (outcome, newest) = await loader.JudgeAsync(plan, start, end, evaluation, cancellation);
            latest = newest is { } n && latest is { } l ? Instant.Later(n, l) : newest ?? latest;
            found.AddRange(outcome.Visits.Where(v => v.Arrive >= start && v.Arrive < end
                && (request.IncludeTransits || v.Role != VisitRole.Transit)
                && (scope.Trucks.Contains(v.TruckId) || points.Contains(v.PointId, v.Arrive))));
            if (found.Count > SanitationRequests.RowsMax)
            {
                throw new InvalidQueryException(
                    "period", $"holds more than {SanitationRequests.RowsMax} visits. Ask for a shorter period or a smaller scope.");
            }
        }
        var visits = found.OrderBy(v => v.Arrive).ThenBy(v => v.Id, StringComparer.Ordinal).ToList();
        var (page, next) = Pages.Take(visits, request.PageSize, request.PageToken, fingerprint, evaluation);
        return new ListVisitsResponse
        {
            Visits = { page.Select(SanitationMessages.Of) },
            NextPageToken = next,
            // Visits have no denominator: how many were not seen, nobody knows. GetCompliance tells how much was in sight.
            Quality = await quality.OfAsync(from, null, evaluation, latest, registry, requests.Rules, cancellation),
        };
    }

    private DateOnly DateOf(Instant at) => ServiceClock.DateOf(at, requests.Zone, requests.Rules.ServiceDayStart);
}
