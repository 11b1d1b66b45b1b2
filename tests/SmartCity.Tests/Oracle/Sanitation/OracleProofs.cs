using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>What a moment of a visit shows.</summary>
internal enum Shown
{
    Driving,
    Stop,
    LoneStop,
    Tag,
    Weight,
    Lift,
    UnplacedWeight,
    UnplacedLift,
    Manual,
    Photo,
    Accepted,
    FillDrop,
}

/// <summary>A piece of evidence that counts.</summary>
/// <param name="PointId">Null: it belongs to the visit that it falls into.</param>
internal sealed record OracleProof(long At, string? PointId, Shown Shown, string? Tag, int Strokes);

/// <summary>Rule 7: which evidence counts, and for which point.</summary>
internal static class OracleProofs
{
    /// <param name="due">The obligations of every point: what confirmations are held against.</param>
    /// <param name="stops">Where the truck stood; null while only evidence that names its point is asked for.</param>
    public static OracleProof? Judge(
        OracleTown town, OracleTruck truck, OracleRecord record, Proof proof, IEnumerable<OracleDue> due, OracleStops? stops)
    {
        var at = record.At * 1000;
        (double Lat, double Lon)? place = proof is { Lat: { } lat, Lon: { } lon }
            ? (lat, lon) : truck.Near(at) is { } fix ? (fix.Lat, fix.Lon) : null;
        if (record.Undatable || (stops is null && proof.PointId is null && proof.Type != EvidenceType.RfidLift))
        {
            return null;
        }
        switch (proof.Type)
        {
            case EvidenceType.RfidLift:
                var bin = town.Registry.Bins.FirstOrDefault(b => b.Epc == proof.Epc && OracleTown.Holds(b, at));
                var point = bin is null ? null : town.PointAt(bin.PointId, at);
                return point is null || MetresTo(point, place) > 65 ? null : new OracleProof(at, point.Id, Shown.Tag, bin!.Epc, 0);
            case EvidenceType.WeightDelta when proof.NetKg is null or < 3:
                return null;
            case EvidenceType.WeightDelta:
                return Placed(town, stops, at, place, proof, Shown.Weight, Shown.UnplacedWeight);
            case EvidenceType.LiftActuation:
                return Placed(town, stops, at, place, proof, Shown.Lift, Shown.UnplacedLift);
            case EvidenceType.Manual or EvidenceType.Photo:
                return Captured(town, truck, record, place, proof, due, stops);
            default:
                return null;
        }
    }

    private static OracleProof? Placed(
        OracleTown town, OracleStops? stops, long at, (double Lat, double Lon)? place, Proof proof, Shown placed, Shown unplaced)
    {
        var strokes = placed == Shown.Lift ? proof.Count ?? 1 : 0;
        if (place is null && proof.PointId is null)
        {
            return new OracleProof(at, null, unplaced, null, strokes);
        }
        var point = proof.PointId is null ? At(town, stops, at, place!.Value, 65) : town.PointAt(proof.PointId, at);
        return point is null || MetresTo(point, place) > 65 ? null
            : new OracleProof(at, point.Id, place is null ? unplaced : placed, null, strokes);
    }

    private static OracleProof? Captured(
        OracleTown town, OracleTruck truck, OracleRecord record, (double Lat, double Lon)? place, Proof proof,
        IEnumerable<OracleDue> due, OracleStops? stops)
    {
        var (at, delivery) = (record.At * 1000, record.Delivery);
        var point = proof.PointId is { } named ? town.PointAt(named, at)
            : place is { } somewhere ? At(town, stops, at, somewhere, 150) : null;
        var isBelieved = town.Believed.Any(b => b.Truck == truck.Number && b.Boot == delivery.Boot && b.Sequence == delivery.Sequence
            && b.Index == delivery.Index && b.At <= town.Evaluation);
        if (point is null)
        {
            return null;
        }
        var counts = place is not null && MetresTo(point, place) <= 150 && due.Any(d => d.PointId == point.Id && d.Accepts(at));
        var shown = proof.Type == EvidenceType.Manual ? Shown.Manual : Shown.Photo;
        return isBelieved || counts ? new OracleProof(at, point.Id, isBelieved ? Shown.Accepted : shown, null, 0) : null;
    }

    /// <summary>What names no point is about the one where the truck stands, else about the nearest.</summary>
    private static CollectionPoint? At(OracleTown town, OracleStops? stops, long at, (double Lat, double Lon) place, double most)
    {
        var near = town.PointIds.Select(id => town.PointAt(id, at)).OfType<CollectionPoint>()
            .Where(p => MetresTo(p, place) <= most).ToList();
        return near.Find(p => p.Id == stops?.PointAt(at)) ?? near.MinBy(p => MetresTo(p, place));
    }

    /// <summary>0 when nobody knows.</summary>
    private static double MetresTo(CollectionPoint point, (double Lat, double Lon)? place) =>
        place is { } p ? OracleTown.Metres(p.Lat, p.Lon, point.Location.Lat, point.Location.Lon) : 0;
}
