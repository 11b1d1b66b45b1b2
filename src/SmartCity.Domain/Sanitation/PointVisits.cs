using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Makes the visits of one point out of what all trucks, and its own sensors, did there.</summary>
internal sealed class PointVisits(PointPlan plan, SanitationRules rules, IReadOnlyList<Bin> bins, Instant evaluation)
{
    /// <summary>When trucks whose visits prove nothing may have stood there all the same.</summary>
    public List<PossibleStop> PossibleStops { get; } = [];

    /// <summary>The visits, by decision instant, truck and arrival.</summary>
    public List<Visit> Of(List<VisitDraft> drafts, IEnumerable<FillDrop> drops, Func<Instant, Fence?> fenceAt)
    {
        JoinDrops(drafts, drops, fenceAt);
        var visits = new List<Visit>(drafts.Count);
        foreach (var draft in drafts)
        {
            draft.Sort();
            Split(draft, visits);
        }
        visits.Sort(Order);
        return visits;
    }

    private static int Order(Visit a, Visit b)
    {
        var order = a.Decision.CompareTo(b.Decision);
        order = order != 0 ? order : string.CompareOrdinal(a.TruckId, b.TruckId);
        return order != 0 ? order : a.Arrive.CompareTo(b.Arrive);
    }

    /// <summary>A drop is somewhere between two readings: it goes to the best visit that it can belong to.</summary>
    private void JoinDrops(List<VisitDraft> drafts, IEnumerable<FillDrop> drops, Func<Instant, Fence?> fenceAt)
    {
        VisitDraft? loose = null;
        foreach (var drop in drops)
        {
            var visit = drafts
                .Where(d => d.Truck != TruckEvidence.Nobody && d.DistanceTo(drop.After, drop.Seen, rules.EvidenceJoin) is not null)
                .OrderByDescending(d => Finish(d).Grade).ThenByDescending(d => Finish(d).Stopped)
                .ThenBy(d => d.Span.First).ThenBy(d => d.Truck.TruckId, StringComparer.Ordinal).FirstOrDefault();
            var moment = new Moment(drop.Seen, Finding.FillDrop, float.NaN, -1, -1);
            if (visit is not null)
            {
                // Inside the visit, so that a late reading does not make the visit longer than it was.
                visit.Add(moment with { Time = Instant.Earlier(drop.Seen, visit.Span.Last) });
                continue;
            }
            if (fenceAt(drop.Seen) is not { } fence)
            {
                continue;
            }
            if (loose is null || drop.Seen - loose.Span.Last > rules.HoleMax)
            {
                drafts.Add(loose = new VisitDraft(TruckEvidence.Nobody, fence) { Span = (drop.Seen, drop.Seen) });
            }
            loose.Span = (loose.Span.First, drop.Seen);
            loose.Add(moment);
        }
    }

    /// <summary>A visit that meets two windows is cut at its longest hole, or between readings of tags that far apart.</summary>
    private void Split(VisitDraft draft, List<Visit> visits)
    {
        var moments = draft.Moments;
        if (plan.MeetsTwo(moments[0].Time, moments[^1].Time)
            && (LongestHole(moments, static _ => true) ?? LongestHole(moments, static m => m.Finding == Finding.Tag)) is { } at)
        {
            var (before, after) = draft.SplitAt(at);
            Split(before, visits);
            Split(after, visits);
            return;
        }
        visits.Add(Finish(draft));
        if (visits[^1].Grade < EvidenceGrade.C)
        {
            PossibleStops.AddRange(draft.PossibleStops);
        }
    }

    /// <summary>The middle of the longest hole between chosen moments, the earliest on a tie; null when none is long enough.</summary>
    private Instant? LongestHole(List<Moment> moments, Func<Moment, bool> isChosen)
    {
        var longest = rules.SplitHoleMin - TimeSpan.FromMilliseconds(1);
        Instant? middle = null;
        Instant? before = null;
        foreach (var moment in moments)
        {
            if (!isChosen(moment))
            {
                continue;
            }
            if (before is { } b && moment.Time - b > longest)
            {
                longest = moment.Time - b;
                middle = new Instant(b.Milliseconds + ((moment.Time.Milliseconds - b.Milliseconds + 1) / 2));
            }
            before = moment.Time;
        }
        return middle;
    }

    private Visit Finish(VisitDraft draft)
    {
        draft.Sort();
        var tally = new VisitTally();
        foreach (var moment in draft.Moments)
        {
            tally.Add(moment);
            if (moment.Index >= 0)
            {
                tally.AddEvidence(moment.Finding, draft.Truck.Records[moment.Index]);
            }
        }
        var (grade, isProbable) = tally.GradeOf(draft.Fence.Point.MinDwell);
        var arrive = tally.FirstFix ?? draft.Moments[0].Time;
        var last = tally.LastFix ?? draft.Moments[^1].Time;
        var hasLeft = draft.Left is not null || evaluation - last > rules.HoleMax;
        return new Visit(
            draft.Truck.TruckId, plan.PointId, arrive, hasLeft ? last : null, tally.FirstWork ?? tally.FirstStop ?? arrive,
            tally.Stopped, tally.MinMetres, tally.Fixes, grade, isProbable, tally.Lifts, tally.NetKg)
        {
            Completeness = CompletenessOf(tally.Tags, arrive),
            IsWord = draft.Moments.TrueForAll(m => m.Finding.IsWord()),
        };
    }

    private int CompletenessOf(int tags, Instant at)
    {
        var expected = bins.Count(b => b.Validity.Contains(at));
        return tags == 0 || expected == 0 ? 0 : tags >= rules.FullShare * expected ? 2 : 1;
    }
}
