using SmartCity.Domain.Registry;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>A fix inside a fence.</summary>
internal sealed record OracleInside(OracleFix Fix, double Metres);

/// <summary>A stay of a truck inside the fence of one point.</summary>
/// <param name="Left">When it was first seen outside; null when nothing shows it.</param>
internal sealed record OracleStay(CollectionPoint Point, List<OracleInside> Inside, long? Left)
{
    public string PointId => Point.Id;
}

/// <summary>Rule 5: entering and leaving fences.</summary>
internal static class OracleStays
{
    public const double MarginM = 25;

    /// <summary>The stays of a truck at a point, by time, split at holes but not merged. A point that moves is another fence.</summary>
    public static List<OracleStay> Of(OracleTown town, OracleTruck truck, string pointId) =>
    [
        .. town.Registry.Points.Where(p => p.Id == pointId).SelectMany(p => Of(truck, p)).OrderBy(s => s.Inside[0].Fix.At),
    ];

    private static IEnumerable<OracleStay> Of(OracleTruck truck, CollectionPoint point)
    {
        var stays = new List<OracleStay>();
        OracleStay? stay = null;
        OracleFix? outside = null;
        foreach (var fix in truck.Fixes)
        {
            var metres = OracleTown.Holds(point, fix.At)
                ? OracleTown.Metres(fix.Lat, fix.Lon, point.Location.Lat, point.Location.Lon) : double.PositiveInfinity;
            if (stay is not null && outside is not null && fix.At - outside.At > 30_000)
            {
                stays.Add(stay with { Left = outside.At });
                (stay, outside) = (null, null);
            }
            if (metres <= point.RadiusM + (stay is null ? 0 : MarginM))
            {
                stay ??= new OracleStay(point, [], null);
                stay.Inside.Add(new OracleInside(fix, metres));
                outside = null;
            }
            else if (stay is not null && outside is not null)
            {
                stays.Add(stay with { Left = outside.At });
                (stay, outside) = (null, null);
            }
            else if (stay is not null)
            {
                outside = fix;
            }
        }
        if (stay is not null)
        {
            stays.Add(stay); // One fix outside may be a drift: without another nobody knows that it left.
        }
        return stays.SelectMany(SplitAtHoles);
    }

    private static IEnumerable<OracleStay> SplitAtHoles(OracleStay stay)
    {
        var part = new List<OracleInside>();
        foreach (var inside in stay.Inside)
        {
            if (part.Count > 0 && inside.Fix.At - part[^1].Fix.At > 30 * 60_000)
            {
                yield return new OracleStay(stay.Point, part, null);
                part = [];
            }
            part.Add(inside);
        }
        yield return stay with { Inside = part };
    }
}
