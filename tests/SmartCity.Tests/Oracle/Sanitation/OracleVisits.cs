namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>Rules 5-8: the visits of one truck to all points, before they are cut at the windows.</summary>
internal static class OracleVisits
{
    private const long JoinMs = 180_000;
    private const long HoleMs = 30 * 60_000;

    public static List<OracleVisit> Of(OracleTown town, OracleTruck truck, IReadOnlyList<OracleDue> due)
    {
        var stays = town.PointIds.SelectMany(id => OracleStays.Of(town, truck, id)).ToList();
        var stops = new OracleStops(town, truck, stays);
        var visits = town.PointIds.SelectMany(id => Merged(town, truck, stops, [.. stays.Where(s => s.PointId == id)])).ToList();
        var loose = new List<OracleProof>();
        foreach (var (record, proof) in truck.Proofs)
        {
            if (OracleProofs.Judge(town, truck, record, proof, due, stops) is { } judged && !Join(visits, judged)
                && judged.PointId is not null)
            {
                loose.Add(judged);
            }
        }
        foreach (var ofPoint in loose.GroupBy(p => p.PointId!))
        {
            visits.AddRange(Chained(town, truck.Id, ofPoint.Key, ofPoint.Select(ToMark)));
        }
        return visits;
    }

    /// <summary>Evidence of no other visit: pieces at most half an hour apart are one visit.</summary>
    public static IEnumerable<OracleVisit> Chained(OracleTown town, string truck, string pointId, IEnumerable<OracleMark> marks)
    {
        OracleVisit? visit = null;
        foreach (var mark in marks.OrderBy(m => m.At))
        {
            if (visit is not null && mark.At - visit.Last > HoleMs)
            {
                yield return visit;
                visit = null;
            }
            visit ??= New(town, truck, pointId, [mark], null) with { Marks = [] };
            visit.Marks.Add(mark);
        }
        if (visit is not null)
        {
            yield return visit;
        }
    }

    private static bool Join(List<OracleVisit> visits, OracleProof proof)
    {
        var nearest = visits.Where(v => proof.PointId is null || v.PointId == proof.PointId)
            .Select(v => (Visit: v, Distance: v.DistanceOf(proof.At, proof.At))).Where(v => v.Distance is not null)
            .OrderBy(v => v.Distance).ThenBy(v => v.Visit.First).Select(v => v.Visit).FirstOrDefault();
        nearest?.Marks.Add(ToMark(proof));
        return nearest is not null;
    }

    private static OracleMark ToMark(OracleProof proof) => new(proof.At, proof.Shown, -1, proof.Tag, proof.Strokes);

    private static IEnumerable<OracleVisit> Merged(OracleTown town, OracleTruck truck, OracleStops stops, List<OracleStay> stays)
    {
        OracleVisit? visit = null;
        for (var i = 0; i < stays.Count; i++)
        {
            List<OracleMark> marks = [.. stays[i].Inside.Select(inside => Mark(truck, stops, stays[i], inside.Fix, i))];
            if (visit is not null && marks[0].At - visit.Last < JoinMs)
            {
                visit = visit with { Marks = [.. visit.Marks, .. marks], Left = stays[i].Left };
                continue;
            }
            if (visit is not null)
            {
                yield return visit;
            }
            visit = New(town, truck.Id, stays[i].PointId, marks, stays[i].Left);
        }
        if (visit is not null)
        {
            yield return visit;
        }
    }

    private static OracleVisit New(OracleTown town, string truck, string pointId, List<OracleMark> marks, long? left) =>
        new(truck, pointId, marks, left)
        {
            MinDwellMs = (long)town.PointAt(pointId, marks[0].At)!.MinDwell.TotalMilliseconds,
        };

    /// <summary>A single standing fix is proof, if a weak one, when the truck was gone at the next one.</summary>
    private static OracleMark Mark(OracleTruck truck, OracleStops stops, OracleStay stay, OracleFix fix, int number)
    {
        if (!stops.IsAt(fix, stay.PointId))
        {
            return new OracleMark(fix.At, Shown.Driving, number, null, 0);
        }
        var isSingle = stay.Inside.Count(i => stops.IsAt(i.Fix, stay.PointId)) == 1;
        var place = stay.Point.Location;
        var isGone = truck.After(fix) is { } next && next.At - fix.At is >= 30_000 and <= HoleMs
            && OracleTown.Metres(next.Lat, next.Lon, place.Lat, place.Lon) > stay.Point.RadiusM + OracleStays.MarginM;
        return new OracleMark(fix.At, isSingle && isGone ? Shown.LoneStop : Shown.Stop, number, null, 0);
    }
}
