namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>Rule 6: at which point a truck stood, where fences overlap.</summary>
internal sealed class OracleStops
{
    private const double OnePlaceM = 25;

    private readonly Dictionary<int, string> pointOfFix = [];
    private readonly List<(long From, long Until, string PointId)> spans = [];

    /// <param name="stays">Of the truck at every point.</param>
    public OracleStops(OracleTown town, OracleTruck truck, IReadOnlyList<OracleStay> stays)
    {
        List<OracleProof> lifts =
        [
            .. truck.Proofs.Select(p => OracleProofs.Judge(town, truck, p.Record, p.Proof, [], null)).OfType<OracleProof>()
                .Where(p => p is { PointId: not null, Shown: Shown.Tag or Shown.Lift or Shown.UnplacedLift }),
        ];
        var standing = stays.SelectMany(s => s.Inside.Where(i => i.Fix.Stopped).Select(i => (s.PointId, i.Fix, i.Metres))).ToList();
        foreach (var stop in Stops([.. standing.Select(s => s.Fix).Distinct().OrderBy(f => f.Index)]))
        {
            var (from, until) = (stop[0].At, stop[^1].At);
            var points = standing.Where(s => stop.Contains(s.Fix)).GroupBy(s => s.PointId)
                .OrderBy(g => g.Average(s => s.Metres)).Select(g => g.Key).ToList();
            var point = points.Find(p => lifts.Exists(l => l.PointId == p && l.At >= from && l.At <= until)) ?? points[0];
            spans.Add((from, until, point));
            stop.ForEach(fix => pointOfFix[fix.Index] = point);
        }
    }

    /// <summary>The point at which the truck stood at a moment; null while it drove.</summary>
    public string? PointAt(long at) => spans.Where(s => s.From <= at && at <= s.Until).Select(s => s.PointId).LastOrDefault();

    public bool IsAt(OracleFix fix, string pointId) => pointOfFix.GetValueOrDefault(fix.Index) == pointId;

    /// <summary>Successive standing fixes inside fences, within 25 m of the first and at most half an hour apart.</summary>
    private static List<List<OracleFix>> Stops(List<OracleFix> standing)
    {
        var stops = new List<List<OracleFix>>();
        foreach (var fix in standing)
        {
            var stop = stops.LastOrDefault();
            if (stop is null || fix.Index != stop[^1].Index + 1 || fix.At - stop[^1].At > 30 * 60_000
                || OracleTown.Metres(stop[0].Lat, stop[0].Lon, fix.Lat, fix.Lon) > OnePlaceM)
            {
                stops.Add(stop = []);
            }
            stop.Add(fix);
        }
        return stops;
    }
}
