using SmartCity.Simulator.District;

namespace SmartCity.Simulator.Sanitation;

/// <summary>
/// What all trucks do on one local day: each route in each window by one of its trucks, from the depot over the points and a
/// transfer station back; who breaks down is replaced by a truck that stands by.
/// </summary>
internal sealed class SanitationDay
{
    private const int LatestDispatchMinute = (21 * 60) + 30;
    private readonly DistrictPlan plan;
    private readonly int day;
    private readonly double pace;
    private readonly Drive[] drives;
    private readonly List<ObligationTruth> obligations = [];

    private SanitationDay(DistrictPlan plan, int day)
    {
        this.plan = plan;
        this.day = day;
        pace = Weather.Snow(day) ? Assumptions.SnowFactor : 1;
        drives = [.. plan.Trucks.Select(t => new Drive(t, CityTime.StartOf(day), pace))];
        for (var w = 0; w < plan.Windows.Count; w++)
        {
            DriveWindow(w);
        }
        Journeys = drives.Select(d => d.Finish(CityTime.StartOf(day + 1))).ToDictionary(j => j.Truck);
    }

    public IReadOnlyDictionary<string, TruckJourney> Journeys { get; }

    public IReadOnlyList<ObligationTruth> Obligations => obligations;

    public static SanitationDay Build(DistrictPlan plan, int day) => new(plan, day);

    private void DriveWindow(int window)
    {
        var onDuty = Enumerable.Range(0, plan.Routes.Count).Select(r => TruckOf(r, window)).ToHashSet();
        for (var r = 0; r < plan.Routes.Count; r++)
        {
            var random = Seeds.Stream(plan.Seed, plan.Routes[r].Id + plan.Windows[window].Key, day);
            var outcomes = Outcomes(plan.Routes[r], random);
            if (random.Chance(Assumptions.RunNotDriven))
            {
                Record(window, plan.Routes[r].Stops, 0, StopOutcome.NotReached);
                continue;
            }
            DriveRoute(r, window, outcomes, onDuty, random);
        }
    }

    // Two trucks of one route take turns; the other one stands by, also for the routes that have only one.
    private int TruckOf(int route, int window)
    {
        var second = route + plan.Routes.Count;
        return second < drives.Length && (day + window) % 2 == 1 ? second : route;
    }

    private void DriveRoute(int route, int window, StopOutcome[] outcomes, HashSet<int> onDuty, Random random)
    {
        var drive = drives[TruckOf(route, window)];
        var stops = plan.Routes[route].Stops;
        var leaves = CityTime.StartOf(day) + (plan.Windows[window].StartMinute * CityTime.MinuteMs)
            - Drive.TransitMs(drive.Place, stops[0].Place, pace)
            + (long)((8 + random.Gaussian(5)) * CityTime.MinuteMs)
            + (random.Chance(Assumptions.RunLate) ? (long)random.Between(60, 160) * CityTime.MinuteMs : 0);
        drive.ParkUntil(leaves);
        var breaksAt = random.Chance(Assumptions.Breakdown) ? random.Next(3, stops.Count - 1) : stops.Count;
        Serve(drive, window, stops, outcomes, 0, breaksAt, substituted: false, random);
        if (breaksAt == stops.Count)
        {
            Unload(drive, random);
            return;
        }
        var brokeDown = drive.Now;
        drive.StandUntil(brokeDown + (long)(random.Between(60, 150) * CityTime.MinuteMs));
        drive.GoTo(DistrictPlan.Depot, 18);
        Replace(route, window, outcomes, breaksAt, brokeDown, onDuty, random);
    }

    private void Replace(
        int route, int window, StopOutcome[] outcomes, int next, long brokeDown, HashSet<int> onDuty, Random random)
    {
        var stops = plan.Routes[route].Stops;
        var leaves = brokeDown + (long)(random.Between(30, 120) * CityTime.MinuteMs);
        var spare = Enumerable.Range(0, drives.Length).Where(t => !onDuty.Contains(t) && drives[t].Now <= leaves)
            .OrderBy(t => t % plan.Routes.Count == route ? 0 : 1).Cast<int?>().FirstOrDefault();
        if (spare is null || leaves > CityTime.StartOf(day) + (LatestDispatchMinute * CityTime.MinuteMs))
        {
            Record(window, stops, next, StopOutcome.NotReached);
            return;
        }
        onDuty.Add(spare.Value);
        drives[spare.Value].ParkUntil(leaves);
        Serve(drives[spare.Value], window, stops, outcomes, next, stops.Count, substituted: true, random);
        Unload(drives[spare.Value], random);
    }

    private void Serve(
        Drive drive, int window, IReadOnlyList<PointPlan> stops, StopOutcome[] outcomes, int from, int until, bool substituted,
        Random random)
    {
        var again = Seeds.Stream(plan.Seed, $"{stops[0].Id}/{plan.Windows[window].Key}/again", (day * 100) + from);
        for (var s = from; s < until; s++)
        {
            var outcome = outcomes[s];
            long? at = null, arrived = null;
            if (outcome != StopOutcome.Skipped)
            {
                Approach(drive, stops[s], random);
                arrived = drive.Now;
            }
            if (outcome == StopOutcome.Served)
            {
                at = Serve(drive, stops[s], random);
            }
            if (random.Chance(Assumptions.GhostRead))
            {
                drive.ReadGhost(stops[(s + 2) % stops.Count].Bins[0]);
            }
            Note(drive, window, stops[s], outcome, at, arrived, substituted);
            if (s > from && outcomes[s - 1] == StopOutcome.Served && again.Chance(Assumptions.ServedTwice))
            {
                // A bin was forgotten: back to the stop before.
                Approach(drive, stops[s - 1], again);
                Serve(drive, stops[s - 1], again);
            }
        }
    }

    private void Note(
        Drive drive, int window, PointPlan stop, StopOutcome outcome, long? at, long? arrived, bool substituted)
    {
        var inDay = arrived < CityTime.StartOf(day + 1) && !(at >= CityTime.StartOf(day + 1));
        obligations.Add(inDay || arrived is null
            ? new ObligationTruth(
                stop.Id, plan.Windows[window].Key, outcome, at, inDay ? drive.Truck.Id : null, at is not null && substituted,
                arrived, arrived is null ? null : drive.Now)
            : new ObligationTruth(
                stop.Id, plan.Windows[window].Key, StopOutcome.NotReached, null, null, Substituted: false, null, null));
    }

    private static void Approach(Drive drive, PointPlan stop, Random random)
    {
        const double sameCompoundM = 300;
        var target = stop.Place.Moved(random.Gaussian(5), random.Gaussian(5));
        var kmh = drive.Place.DistanceTo(target) < sameCompoundM ? Assumptions.InCompoundKmh : Assumptions.TransitKmh;
        drive.GoTo(target, kmh * random.Between(0.85, 1.1));
    }

    private static long Serve(Drive drive, PointPlan stop, Random random)
    {
        if (random.Chance(Assumptions.BlockedAccess))
        {
            drive.StandUntil(drive.Now + (long)random.Between(60_000, 300_000));
        }
        var seconds = Math.Max(35, random.LogNormal(Assumptions.DwellMedianS, Assumptions.DwellSigma));
        return drive.Empty(stop, (long)(seconds * CityTime.SecondMs), random);
    }

    private static void Unload(Drive drive, Random random)
    {
        var station = DistrictPlan.TransferStations.MinBy(drive.Place.DistanceTo);
        drive.GoTo(station, Assumptions.TransitKmh);
        var minutes = Math.Clamp(Math.Exp(Assumptions.TransferMu + random.Gaussian(Assumptions.TransferSigma)), 2, 60);
        drive.StandUntil(drive.Now + (long)(minutes * CityTime.MinuteMs));
        drive.GoTo(DistrictPlan.Depot, Assumptions.TransitKmh);
    }

    private StopOutcome[] Outcomes(RoutePlan route, Random random)
    {
        var factor = (Weather.Snow(day) ? Assumptions.MissSnowFactor : 1)
            * (CityTime.WeekdayOf(day) == 1 ? Assumptions.MissMondayFactor : 1);
        return [.. route.Stops.Select(_ => random.NextDouble() switch
        {
            var x when x < Assumptions.StopSkipped * factor => StopOutcome.Skipped,
            var x when x < (Assumptions.StopSkipped + Assumptions.StopDrivenPast) * factor => StopOutcome.DrivenPast,
            _ => StopOutcome.Served,
        })];
    }

    private void Record(int window, IReadOnlyList<PointPlan> stops, int from, StopOutcome outcome)
    {
        for (var s = from; s < stops.Count; s++)
        {
            obligations.Add(new ObligationTruth(
                stops[s].Id, plan.Windows[window].Key, outcome, null, null, Substituted: false, null, null));
        }
    }
}
