using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Sanitation;

/// <summary>Compounds between high walls, where satellites are seldom seen: fixes scatter, and many are none.</summary>
internal sealed class Canyons
{
    private readonly List<PointPlan> points;

    public Canyons(DistrictPlan plan)
    {
        var compounds = plan.Areas.Where(a => a.Level == AreaLevel.Compound)
            .Where((_, i) => i % Assumptions.CanyonEvery == Assumptions.CanyonEvery / 2).Select(a => a.Id).ToHashSet();
        points = [.. plan.Points.Where(p => compounds.Contains(p.CompoundId))];
    }

    public bool Contains(Place place)
    {
        foreach (var point in points)
        {
            if (point.Place.DistanceTo(place) < Assumptions.CanyonReachM)
            {
                return true;
            }
        }
        return false;
    }
}
