using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>
/// The verdict on every obligation: a pure function of the registry, the records and the moment of evaluation. Order, copies and
/// delay of the records change nothing.
/// </summary>
public static class SanitationEvaluation
{
    // Beyond this nobody looks for a point: the reach of a confirmation, which is the largest.
    private static double ReachM(SanitationRules rules) => Math.Max(rules.CaptureMaxM, rules.EvidenceMaxM);

    /// <summary>Judges every obligation of a plan.</summary>
    /// <param name="evaluation">Nothing after this moment exists.</param>
    public static SanitationOutcome Of(ObligationPlan plan, SanitationRecords records, Instant evaluation)
    {
        var (registry, rules) = (plan.Registry, plan.Rules);
        var index = new FenceIndex(registry, rules, ReachM(rules));
        var rulings = new EvidenceRulings(records.Acceptances, evaluation);
        var judge = new EvidenceJudge(plan, index, rulings);
        var tracks = TracksOf(plan, records, evaluation);
        var evidence = EvidenceSorter.Of(records.Evidence, evaluation).ToDictionary(e => e.TruckId, StringComparer.Ordinal);
        var trucks = new TruckVisits[tracks.Count];
        var gaps = new BlindGaps[tracks.Count];
        Parallel.For(0, tracks.Count, i =>
        {
            var ofTruck = evidence.GetValueOrDefault(tracks[i].TruckId) ?? new TruckEvidence(tracks[i].TruckId, []);
            trucks[i] = TruckVisits.Of(tracks[i], ofTruck, index, judge, rules);
            gaps[i] = new BlindGaps(tracks[i], registry, rules, evaluation);
        });
        var sight = gaps.ToDictionary(g => g.Track.TruckId, StringComparer.Ordinal);
        var drops = FillDrops.Of(records.Bins, rules, evaluation);
        var bins = registry.Bins.ToLookup(b => b.PointId, StringComparer.Ordinal);
        var verdicts = new VerdictRule(new RelevantTrucks(registry), sight, rules, evaluation);
        var judged = new (List<Visit> Visits, List<ObligationOutcome> Outcomes, List<PossibleStop> Possible)[plan.Points.Count];
        Parallel.For(0, plan.Points.Count, i =>
        {
            var point = plan.Points[i];
            var drafts = trucks.SelectMany(t => t.Drafts.GetValueOrDefault(point.PointId) ?? []).ToList();
            var ofPoint = new PointVisits(point, rules, [.. bins[point.PointId]], evaluation);
            var visits = ofPoint.Of(drafts, drops[point.PointId], at => index.Of(point.PointId, at));
            var matched = Matching.Of(point, visits);
            var outcomes = verdicts.Of(point, matched, ofPoint.PossibleStops);
            judged[i] = (matched, ExtraVisits.Join(point, outcomes, matched, rules), ofPoint.PossibleStops);
        });
        return new SanitationOutcome(
            plan, evaluation, [.. judged.SelectMany(j => j.Outcomes)], [.. judged.SelectMany(j => j.Visits)], sight,
            judged.SelectMany(j => j.Possible).ToLookup(s => s.Fence.Point.Id, StringComparer.Ordinal),
            [.. trucks.Select(t => t.Evidence)], rulings, drops);
    }

    /// <summary>A track for every truck that was heard or is registered, by truck.</summary>
    private static List<TruckTrack> TracksOf(ObligationPlan plan, SanitationRecords records, Instant evaluation)
    {
        var heard = records.Tracks.ToDictionary(t => t.TruckId, StringComparer.Ordinal);
        return plan.Registry.Trucks.Select(t => t.Id).Concat(heard.Keys).Concat(records.Evidence.Select(e => e.Stamp.Device))
            .Distinct().Order(StringComparer.Ordinal)
            .Select(id => heard.GetValueOrDefault(id) ?? TruckTrack.Of(id, [], plan.Rules, evaluation)).ToList();
    }
}
