using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Everything one truck did at points: its evidence with what became of it, and its visits in the making.</summary>
internal sealed class TruckVisits
{
    private readonly SanitationRules rules;
    private readonly TruckTrack track;
    private readonly TruckEvidence evidence;
    private readonly FenceWatch watch;
    private readonly Dictionary<string, List<VisitDraft>> drafts = new(StringComparer.Ordinal);

    private TruckVisits(TruckTrack track, TruckEvidence evidence, FenceWatch watch, SanitationRules rules) =>
        (this.track, this.evidence, this.watch, this.rules) = (track, evidence, watch, rules);

    public TruckEvidence Evidence => evidence;

    /// <summary>The drafts by point, each list by time.</summary>
    public IReadOnlyDictionary<string, List<VisitDraft>> Drafts => drafts;

    public static TruckVisits Of(
        TruckTrack track, TruckEvidence evidence, FenceIndex index, EvidenceJudge judge, SanitationRules rules)
    {
        var visits = new TruckVisits(track, evidence, FenceWatch.Of(track, index, rules), rules);
        visits.JudgeNamed(judge);
        visits.watch.Runs.Decide(visits.watch.Episodes, visits.LiftedBetween);
        visits.JudgeUnnamed(judge);
        visits.MergeEpisodes();
        visits.PlaceTheUnplaced(judge);
        visits.JoinEvidence();
        return visits;
    }

    private void JudgeNamed(EvidenceJudge judge)
    {
        for (var i = 0; i < evidence.Records.Length; i++)
        {
            evidence.Judged[i] = judge.JudgeNamed(evidence.Records[i], i, track);
        }
    }

    private void JudgeUnnamed(EvidenceJudge judge)
    {
        for (var i = 0; i < evidence.Records.Length; i++)
        {
            if (evidence.Judged[i].Finding == Finding.None)
            {
                evidence.Judged[i] = judge.JudgeUnnamed(evidence.Records[i], i, track, watch.Runs);
            }
        }
    }

    /// <summary>A weight or lift that neither says its point nor its place belongs to the visit it falls into.</summary>
    private void PlaceTheUnplaced(EvidenceJudge judge)
    {
        for (var i = 0; i < evidence.Records.Length; i++)
        {
            if (evidence.Judged[i].Finding == Finding.None)
            {
                var time = evidence.Records[i].Stamp.Time;
                var visit = Nearest(time);
                evidence.Judged[i] = visit is null
                    ? new JudgedEvidence(i, null, float.NaN, Finding.NoPlace)
                    : judge.Judge(evidence.Records[i], i, visit.Fence, null);
            }
        }
    }

    private HashSet<string> LiftedBetween(Instant from, Instant until)
    {
        var points = new HashSet<string>(StringComparer.Ordinal);
        foreach (var judged in evidence.Judged)
        {
            var time = evidence.Records[judged.Index].Stamp.Time;
            if (judged is { Fence: { } fence, Finding: Finding.Tag or Finding.Lift or Finding.UnplacedLift }
                && time >= from && time <= until)
            {
                points.Add(fence.Point.Id);
            }
        }
        return points;
    }

    private void MergeEpisodes()
    {
        var possible = new PossibleStops(track, watch.Runs, rules);
        foreach (var episode in watch.Episodes)
        {
            var ofPoint = DraftsOf(episode.Fence.Point.Id);
            if (ofPoint.Count == 0 || episode.First - ofPoint[^1].Span.Last >= rules.MergeGap)
            {
                ofPoint.Add(new VisitDraft(evidence, episode.Fence) { Span = (episode.First, episode.Last) });
            }
            var draft = ofPoint[^1];
            draft.Span = (draft.Span.First, Instant.Later(draft.Span.Last, episode.Last));
            draft.Left = episode.Left;
            AddFixes(draft, episode);
            draft.PossibleStops.AddRange(possible.Of(episode));
        }
    }

    private void AddFixes(VisitDraft draft, Episode episode)
    {
        var number = draft.Moments.Count; // Differs from every earlier episode's, which is all it is for.
        var stops = 0;
        foreach (var sighting in episode.Sightings)
        {
            stops += watch.Runs.IsStopAt(sighting, episode.Fence) ? 1 : 0;
        }
        foreach (var sighting in episode.Sightings)
        {
            var finding = !watch.Runs.IsStopAt(sighting, episode.Fence) ? Finding.Driving
                : stops == 1 && IsLone(sighting, episode.Fence) ? Finding.LoneStop
                : Finding.Stop;
            draft.Add(new Moment(sighting.Time, finding, sighting.Metres, number, -1));
        }
    }

    /// <summary>Whether the truck was gone at the next fix, which was late enough for a stop and soon enough to tell.</summary>
    private bool IsLone(in Sighting sighting, Fence fence)
    {
        if (sighting.FixIndex + 1 >= track.Count)
        {
            return false;
        }
        ref readonly var next = ref track.Fixes[sighting.FixIndex + 1];
        var gap = next.Time - sighting.Time;
        return gap >= rules.SingleStopMin && gap <= rules.HoleMax && fence.MetresTo(next.Lat, next.Lon) > fence.ExitRadiusM;
    }

    private void JoinEvidence()
    {
        var loose = new List<VisitDraft>();
        var open = new Dictionary<string, VisitDraft>(StringComparer.Ordinal);
        foreach (var judged in evidence.Judged)
        {
            if (judged.Fence is not { } fence || !judged.Finding.IsAccepted())
            {
                continue;
            }
            var time = evidence.Records[judged.Index].Stamp.Time;
            var draft = drafts.TryGetValue(fence.Point.Id, out var ofPoint) ? Nearest(ofPoint, time).Draft : null;
            if (draft is null)
            {
                draft = open.GetValueOrDefault(fence.Point.Id);
                if (draft is null || time - draft.Span.Last > rules.HoleMax)
                {
                    draft = open[fence.Point.Id] = new VisitDraft(evidence, fence) { Span = (time, time) };
                    loose.Add(draft);
                }
                draft.Span = (draft.Span.First, time);
            }
            draft.Add(new Moment(time, judged.Finding, judged.Metres, -1, judged.Index));
        }
        loose.ForEach(draft => DraftsOf(draft.Fence.Point.Id).Add(draft));
    }

    /// <summary>The visit with fixes that evidence of a moment belongs to: the nearest in time, the earlier on a tie.</summary>
    /// <param name="ofPoint">Of one point, by time: only the last that began, and the next, can be near.</param>
    private (VisitDraft? Draft, TimeSpan Distance) Nearest(List<VisitDraft> ofPoint, Instant time)
    {
        var (low, high) = (0, ofPoint.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = ofPoint[middle].Span.First <= time ? (middle + 1, high) : (low, middle);
        }
        (VisitDraft? Draft, TimeSpan Distance) nearest = (null, TimeSpan.MaxValue);
        for (var i = Math.Max(0, low - 1); i <= low && i < ofPoint.Count; i++)
        {
            if (ofPoint[i].DistanceTo(time, time, rules.EvidenceJoin) is { } distance && distance < nearest.Distance)
            {
                nearest = (ofPoint[i], distance);
            }
        }
        return nearest;
    }

    /// <summary>The same among all points.</summary>
    private VisitDraft? Nearest(Instant time)
    {
        (VisitDraft? Draft, TimeSpan Distance) nearest = (null, TimeSpan.MaxValue);
        foreach (var ofPoint in drafts.Values)
        {
            var candidate = Nearest(ofPoint, time);
            if (candidate.Draft is { } draft && (candidate.Distance < nearest.Distance
                || (candidate.Distance == nearest.Distance && IsBefore(draft, nearest.Draft!))))
            {
                nearest = candidate;
            }
        }
        return nearest.Draft;
    }

    private static bool IsBefore(VisitDraft a, VisitDraft b)
    {
        var order = a.Span.First.CompareTo(b.Span.First);
        return order != 0 ? order < 0 : string.CompareOrdinal(a.Fence.Point.Id, b.Fence.Point.Id) < 0;
    }

    private List<VisitDraft> DraftsOf(string pointId) =>
        drafts.TryGetValue(pointId, out var ofPoint) ? ofPoint : drafts[pointId] = [];
}
