using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Sanitation;

/// <summary>Moves one truck through its day, leg by leg.</summary>
internal sealed class Drive(TruckPlan truck, long dayStart, double paceFactor)
{
    private readonly TruckJourney journey = new(truck.Id, [], [], []);
    private Place place = DistrictPlan.Depot;
    private long now = dayStart;

    public TruckPlan Truck => truck;

    /// <summary>When it is back and ready.</summary>
    public long Now => now;

    public Place Place => place;

    /// <summary>How long it takes to a place over main roads.</summary>
    public static long TransitMs(Place from, Place to, double paceFactor) =>
        (long)(from.DistanceTo(to) / (Assumptions.TransitKmh * paceFactor / 3600));

    public void ParkUntil(long until) => Stand(until, parked: true);

    public void StandUntil(long until) => Stand(until, parked: false);

    public void GoTo(Place to, double kmh)
    {
        var distance = place.DistanceTo(to);
        if (distance < 1)
        {
            return;
        }
        var until = now + Math.Max(1000, (long)(distance / (kmh * paceFactor / 3600)));
        journey.Legs.Add(new Leg(now, until, place, to, Parked: false));
        (place, now) = (to, until);
    }

    /// <summary>Empties the bins of a point, evenly over the time there. Gives when the first went up.</summary>
    public long Empty(PointPlan point, long dwellMs, Random random)
    {
        var step = dwellMs / (point.Bins.Count + 1);
        for (var b = 0; b < point.Bins.Count; b++)
        {
            var read = !random.Chance(Assumptions.UntaggedBin) && random.Chance(Assumptions.RfidRead);
            var kg = random.LogNormal(Assumptions.BinMedianKg, Assumptions.BinSigma);
            journey.Lifts.Add(new Lift(now + (step * (b + 1)), point, point.Bins[b], kg, read, place));
        }
        var first = now + step;
        Stand(now + dwellMs, parked: false);
        return first;
    }

    public void ReadGhost(BinPlan bin) => journey.Ghosts.Add(new GhostRead(now, bin, place));

    /// <summary>The journey, parked where it stands until the end of the day and cut there.</summary>
    public TruckJourney Finish(long dayEnd)
    {
        ParkUntil(dayEnd);
        journey.Legs.RemoveAll(leg => leg.From >= dayEnd);
        if (journey.Legs[^1] is { } last && last.Until > dayEnd)
        {
            journey.Legs[^1] = last with { Until = dayEnd, End = last.At(dayEnd) };
        }
        journey.Lifts.RemoveAll(lift => lift.At >= dayEnd);
        journey.Ghosts.RemoveAll(ghost => ghost.At >= dayEnd);
        return journey;
    }

    private void Stand(long until, bool parked)
    {
        if (until > now)
        {
            journey.Legs.Add(new Leg(now, until, place, place, parked));
            now = until;
        }
    }
}
