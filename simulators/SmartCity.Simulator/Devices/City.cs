using SmartCity.Protocol.Mqtt;
using SmartCity.Simulator.Charging;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Sanitation;

namespace SmartCity.Simulator.Devices;

/// <summary>One device of the city.</summary>
internal readonly record struct CityDevice(UplinkKind Kind, string Id);

/// <summary>The whole simulated district: what each device measures on each local day. Safe for any number of threads.</summary>
internal sealed class City(DistrictPlan plan)
{
    private readonly SanitationDays sanitation = new(plan);
    private readonly Canyons canyons = new(plan);
    private readonly Dictionary<string, PointPlan> sensed =
        plan.Points.Where(p => p.HasSensors).ToDictionary(p => p.Id);

    private Dictionary<string, PileTimeline> timelines = [];

    public DistrictPlan Plan => plan;

    public IReadOnlyList<CityDevice> Devices { get; } =
    [
        .. plan.Piles.Select(p => new CityDevice(UplinkKind.Pile, p.Id)),
        .. plan.Trucks.Select(t => new CityDevice(UplinkKind.Truck, t.Id)),
        .. plan.Points.Where(p => p.HasSensors).Select(p => new CityDevice(UplinkKind.Point, p.Id)),
    ];

    public SanitationDays Sanitation => sanitation;

    public Canyons Canyons => canyons;

    /// <summary>Works out what happens at the piles on the days [from, until): the days that may be written next.</summary>
    public void Prepare(int fromDay, int untilDay) => timelines = plan.Piles.AsParallel()
        .Select(pile => PileTimeline.Build(plan.Seed, pile, CityTime.StartOf(fromDay), CityTime.StartOf(untilDay)))
        .ToDictionary(t => t.Pile.Id);

    /// <summary>What truly happens at a pile on the days that were prepared.</summary>
    public PileTimeline TimelineOf(string pile) => timelines[pile];

    public DeviceDay Write(CityDevice device, int day) => device.Kind switch
    {
        UplinkKind.Pile => PileDay.Write(plan.Seed, timelines[device.Id], day),
        UplinkKind.Truck => TruckDay.Write(plan.Seed, sanitation[day].Journeys[device.Id], canyons, day),
        _ => PointDay.Write(plan.Seed, sensed[device.Id], sanitation, day),
    };

    public int PortsCharging(long at) => timelines.Values.Sum(t => Enumerable.Range(1, Assumptions.PortsPerPile).Count(
        port => t.SessionsIn(port, at, at + 1).Any(s => at >= s.Start && at < s.End)));

    public int TrucksOut(long at) =>
        sanitation[CityTime.DayOf(at)].Journeys.Values.Count(j => j.Legs.Exists(l => !l.Parked && at >= l.From && at < l.Until));
}
