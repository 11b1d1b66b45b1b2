using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Finds the obligation that somebody names, or says why there is none.</summary>
internal sealed class DueFinder(SanitationRequests requests, SanitationLoader loader, RegistryStore registry)
{
    private const int ChangesMax = 50;

    /// <summary>What is due at its point on its date, and the obligation itself.</summary>
    /// <param name="known">The registry as it was known at the evaluation.</param>
    /// <exception cref="NotFoundException">It says why there is no such obligation.</exception>
    public async Task<(ObligationPlan Plan, Obligation Due)> FindAsync(
        string id, Instant evaluation, RegistrySnapshot known, CancellationToken cancellation)
    {
        if (!Obligation.TryParseId(id, out var pointId, out var date, out var key) || date.Year is < 2020 or > 2099)
        {
            throw new InvalidQueryException(
                "obligation_id", "is not an id of an obligation. Write it like POINT/2026-11-23/MORNING: point, service date, window.");
        }
        var plan = await loader.PlanAsync(known, requests.Rules, date, date, Only(pointId), evaluation, cancellation);
        return Find(plan, id) is { } due
            ? (plan, due)
            : throw new NotFoundException("obligation", id, await WhyAsync(id, pointId, date, key, evaluation, cancellation));
    }

    /// <summary>The obligation as a registry has it, with no exceptions; null when it is not due by that.</summary>
    public Obligation? In(RegistrySnapshot snapshot, string pointId, DateOnly date, string id) =>
        Find(ObligationPlan.Of(snapshot, requests.Rules, date, date, Only(pointId)), id);

    private static Obligation? Find(ObligationPlan plan, string id) =>
        plan.Points.SelectMany(p => p.Asked).FirstOrDefault(o => o.Id == id);

    private static HashSet<string> Only(string pointId) => new(StringComparer.Ordinal) { pointId };

    private static string Sentence(string refusal) => $"{char.ToUpperInvariant(refusal[0])}{refusal[1..]}";

    private async Task<string> WhyAsync(
        string id, string pointId, DateOnly date, string key, Instant evaluation, CancellationToken cancellation)
    {
        var ids = new KnownIds(registry.Current);
        if (!ids.Points.Contains(pointId))
        {
            return Sentence(ids.Points.Refuse(pointId));
        }
        if (!ids.Windows.Contains(key))
        {
            return Sentence(ids.Windows.Refuse(key));
        }
        foreach (var change in await registry.ChangesAsync(evaluation, requests.Now, ChangesMax, cancellation))
        {
            if (In(await registry.AsKnownAtAsync(change, cancellation), pointId, date, id) is not null)
            {
                return $"As of {requests.Clock(evaluation)} nobody knew of it: the registry recorded it at {requests.Clock(change)} "
                    + $"({requests.Zone.Id}). Ask as of then or later.";
            }
        }
        return "Nothing is due at that point in that window on that date. ListObligations has what is due; "
            + "the schedule is in the registry's assignments.";
    }
}
