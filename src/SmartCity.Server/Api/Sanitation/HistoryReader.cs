using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Sanitation.Decisions;
using SmartCity.Storage.Registry;
using SmartCity.Storage.Registry.Decisions;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Reads what was known of one obligation at every moment, and tells when its verdict changed.</summary>
internal sealed class HistoryReader(
    SanitationRequests requests, SanitationLoader loader, DueFinder finder, KnownDecisions decisions, RegistryStore registry)
{
    // Each is a whole registry in memory.
    private const int SnapshotsMax = 20;
    private const int ChangesMax = 10_000;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    /// <param name="near">Visits and evidence around the obligation: their trucks matter beside those that were to come.</param>
    /// <param name="said">What people entered about the obligation.</param>
    public async Task<IReadOnlyList<VerdictChange>> ReadAsync(
        SanitationOutcome outcome, Obligation due, IReadOnlyList<Visit> near, IReadOnlyList<EvidenceUse> evidence,
        IReadOnlyList<Confirmation> said, CancellationToken cancellation)
    {
        var (evaluation, plan) = (outcome.Evaluation, outcome.Plan);
        var planned = finder.In(plan.Registry, due.Point.Id, due.ServiceDate, due.Id) ?? due;
        var exceptions = (await decisions.ExceptionsAsync(plan.Registry, due.ServiceDate, due.ServiceDate, evaluation, cancellation))
            .Where(e => e.Covers(planned)).ToList();
        List<Milestone> milestones =
        [
            .. exceptions.SelectMany(HistoryMilestones.Of), .. said.SelectMany(HistoryMilestones.Of),
            .. (await decisions.RulingsAsync(due.AcceptFrom, due.AcceptUntil, evaluation, cancellation))
                .Where(r => evidence.Any(e => EvidenceId.Of(e.Record.Stamp).ToString() == r.EvidenceId)).Select(HistoryMilestones.Of),
            .. HistoryMilestones.Of(planned), .. HistoryMilestones.Of(due),
        ];
        var start = milestones.Min(m => m.Time) - Moment;
        var snapshots = await SnapshotsAsync(start, evaluation, due, cancellation);
        milestones.Add(new Milestone(start, ChangeCause.Schedule, "The schedule had it due."));
        milestones.AddRange(snapshots.Zip(snapshots.Skip(1), (before, after) => new Milestone(
            after.From, ChangeCause.Schedule,
            finder.In(before.Registry, due.Point.Id, due.ServiceDate, due.Id) is null
                ? "The registry recorded that it is due." : "The registry was changed.")));

        var trucks = outcome.WatchOf(due).Select(t => t.TruckId).Concat(near.Select(v => v.TruckId))
            .Concat(evidence.Select(e => e.Record.Stamp.Device)).Where(id => id.Length > 0).ToHashSet(StringComparer.Ordinal);
        var records = await loader.ReadAsync(plan, trucks, due.Point.Id, evaluation, cancellation);
        return VerdictHistory.Of(
            milestones, records.Arrivals(), evidence.Select(e => e.Record.Stamp.Received).Where(at => at > start), JudgeAt,
            requests.Rules, evaluation);

        ObligationOutcome? JudgeAt(Instant at)
        {
            cancellation.ThrowIfCancellationRequested();
            var (_, snapshot, known) = snapshots.FindLast(s => s.From <= at);
            if (snapshot is null)
            {
                return null;
            }
            var planAt = ObligationPlan.Of(
                snapshot, requests.Rules, due.ServiceDate, due.ServiceDate, new HashSet<string> { due.Point.Id },
                ApprovedExceptions.Of(known, at));
            return SanitationEvaluation.Of(planAt, records.KnownAt(at, requests.Rules), at)
                .Obligations.FirstOrDefault(o => o.Obligation.Id == due.Id);
        }
    }

    /// <summary>The registry, and the exceptions as it places them, from each moment on at which it changed.</summary>
    private async Task<List<(Instant From, RegistrySnapshot Registry, IReadOnlyList<ObligationException> Exceptions)>> SnapshotsAsync(
        Instant start, Instant evaluation, Obligation due, CancellationToken cancellation)
    {
        var snapshots = new List<(Instant, RegistrySnapshot, IReadOnlyList<ObligationException>)>();
        // Of very many the newest: what people ask about is how it came to the verdict of now.
        var changes = await registry.ChangesAsync(start, evaluation, ChangesMax, cancellation);
        foreach (var at in changes.TakeLast(SnapshotsMax).Prepend(start))
        {
            var snapshot = await registry.AsKnownAtAsync(at, cancellation);
            snapshots.Add((at, snapshot, await decisions.ExceptionsAsync(
                snapshot, due.ServiceDate, due.ServiceDate, evaluation, cancellation)));
        }
        return snapshots;
    }
}
