using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>One piece of evidence and what it is worth.</summary>
/// <param name="Index">Its place among the truck's records.</param>
/// <param name="Fence">The point it is about; null when nothing says so.</param>
/// <param name="Metres">How far from the point it was made; not a number when nobody knows where.</param>
internal readonly record struct JudgedEvidence(int Index, Fence? Fence, float Metres, Finding Finding);

/// <summary>Decides which point a piece of evidence is about and whether it counts there.</summary>
internal sealed class EvidenceJudge(ObligationPlan plan, FenceIndex index, EvidenceRulings rulings)
{
    private readonly SanitationRules rules = plan.Rules;
    private readonly ILookup<string, Bin> bins = plan.Registry.Bins.ToLookup(b => b.Epc, StringComparer.Ordinal);

    /// <summary>Judges evidence that names its point, by a tag or by an id. The finding is None when it names none.</summary>
    public JudgedEvidence JudgeNamed(in EvidenceRecord record, int at, TruckTrack track)
    {
        if ((record.Stamp.Flags & StampFlags.Undatable) != 0)
        {
            return new JudgedEvidence(at, null, float.NaN, Finding.Undatable);
        }
        var place = PlaceOf(record, track);
        var (fence, problem) = record.Type switch
        {
            EvidenceType.RfidLift => OfTag(record),
            EvidenceType.Unknown => (null, Finding.Unreadable),
            _ when string.IsNullOrEmpty(record.PointId) => (null, Finding.None),
            _ when !index.Knows(record.PointId) => (null, Finding.UnknownPoint),
            _ => (index.Of(record.PointId, record.Stamp.Time), Finding.NotInService),
        };
        return fence is not null ? Judge(record, at, fence, place)
            : problem == Finding.None ? new JudgedEvidence(at, null, float.NaN, problem)
            : RejectNear(record, at, place, problem);
    }

    /// <summary>What does not count is still shown at the point where it was made.</summary>
    private JudgedEvidence RejectNear(in EvidenceRecord record, int at, GeoPoint? place, Finding problem)
    {
        var (fence, metres) = place is { } p ? index.NearestTo(p, record.Stamp.Time, rules.EvidenceMaxM) : (null, double.NaN);
        return new JudgedEvidence(at, fence, fence is null ? float.NaN : (float)metres, problem);
    }

    /// <summary>Judges evidence that names no point: it is about the one where its truck stands, else about the nearest.
    /// The finding is None when nothing tells where it was made.</summary>
    public JudgedEvidence JudgeUnnamed(in EvidenceRecord record, int at, TruckTrack track, StopRuns runs)
    {
        if (PlaceOf(record, track) is not { } place)
        {
            var isCapture = record.Type is EvidenceType.Manual or EvidenceType.Photo;
            return new JudgedEvidence(at, null, float.NaN, isCapture ? Finding.NoPlace : Finding.None);
        }
        var within = record.Type is EvidenceType.Manual or EvidenceType.Photo ? rules.CaptureMaxM : rules.EvidenceMaxM;
        var stop = runs.StopAt(record.Stamp.Time);
        var fence = stop?.MetresTo(place.Lat, place.Lon) <= within ? stop : index.NearestTo(place, record.Stamp.Time, within).Fence;
        return fence is null
            ? new JudgedEvidence(at, null, float.NaN, Finding.NowhereNear)
            : Judge(record, at, fence, place);
    }

    /// <summary>Judges evidence at a point.</summary>
    /// <param name="place">Where it was made; null when nobody knows.</param>
    public JudgedEvidence Judge(in EvidenceRecord record, int at, Fence fence, GeoPoint? place)
    {
        var metres = place is { } p ? fence.MetresTo(p.Lat, p.Lon) : double.NaN;
        var finding = record.Type switch
        {
            EvidenceType.RfidLift => metres > rules.EvidenceMaxM ? Finding.TooFar : Finding.Tag,
            EvidenceType.WeightDelta when !(record.NetKg >= rules.NetMinKg) => Finding.TooLight,
            EvidenceType.WeightDelta when place is null => Finding.UnplacedWeight,
            EvidenceType.WeightDelta => metres > rules.EvidenceMaxM ? Finding.TooFar : Finding.Weight,
            EvidenceType.LiftActuation when place is null => Finding.UnplacedLift,
            EvidenceType.LiftActuation => metres > rules.EvidenceMaxM ? Finding.TooFar : Finding.Lift,
            _ => JudgeCapture(record, fence, metres),
        };
        return new JudgedEvidence(at, fence, (float)metres, finding);
    }

    /// <summary>A confirmation or picture: what a supervisor decided, else where and when it was made.</summary>
    private Finding JudgeCapture(in EvidenceRecord record, Fence fence, double metres)
    {
        if (rulings.Of(record.Stamp) is { } ruling)
        {
            return ruling.IsRejection ? Finding.Rejected : Finding.Accepted;
        }
        if (!(metres <= rules.CaptureMaxM))
        {
            return double.IsNaN(metres) ? Finding.NoPlace : Finding.TooFar;
        }
        var accepting = plan.Find(fence.Point.Id)?.AcceptingAt(record.Stamp.Time);
        return accepting is null ? Finding.OutsideWindows
            // A device dates what it captures; of what a person enters only the moment of entering is certain.
            : (record.Stamp.Flags & StampFlags.Entered) != 0 && !accepting.Accepts(record.Stamp.Received) ? Finding.EnteredLate
            : record.Type == EvidenceType.Manual ? Finding.Manual
            : Finding.Photo;
    }

    /// <summary>Where evidence was made: as it says itself, else where its truck was at that time.</summary>
    private GeoPoint? PlaceOf(in EvidenceRecord record, TruckTrack track) =>
        record is { Lat: { } lat, Lon: { } lon } ? new GeoPoint(lat, lon)
            : track.NearestTo(record.Stamp.Time, rules.EvidenceFixMax)?.Place;

    private (Fence?, Finding) OfTag(in EvidenceRecord record)
    {
        if (string.IsNullOrEmpty(record.Epc))
        {
            return (null, Finding.NoTag);
        }
        Bin? bin = null;
        foreach (var version in bins[record.Epc])
        {
            if (version.Validity.Contains(record.Stamp.Time) && (bin is null || string.CompareOrdinal(version.Id, bin.Id) < 0))
            {
                bin = version;
            }
        }
        return bin is null ? (null, Finding.UnknownTag) : (index.Of(bin.PointId, record.Stamp.Time), Finding.NotInService);
    }
}
