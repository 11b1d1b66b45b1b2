using SmartCity.Protocol.V1;
using SmartCity.Simulator;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Sanitation;

namespace SmartCity.Tests.Simulator;

public sealed class SanitationTests
{
    private static readonly DistrictPlan Plan = DistrictBuilder.Build(1);
    private static readonly int FirstDay = TestDays.Of(2026, 6, 1);
    private static readonly List<SanitationDay> Days =
        [.. Enumerable.Range(FirstDay, 14).Select(d => SanitationDay.Build(Plan, d))];

    [Fact]
    public void Every_obligation_of_a_day_has_exactly_one_truth()
    {
        foreach (var day in Days)
        {
            Assert.Equal(900, day.Obligations.Count);
            Assert.Equal(900, day.Obligations.Select(o => (o.Point, o.Window)).Distinct().Count());
        }
    }

    [Fact]
    public void Almost_all_points_are_served_within_their_windows()
    {
        var served = 0;
        foreach (var (day, number) in Days.Select((d, i) => (d, FirstDay + i)))
        {
            foreach (var obligation in day.Obligations.Where(o => o.At is not null))
            {
                var window = Plan.Windows.First(w => w.Key == obligation.Window);
                var minute = (obligation.At!.Value - CityTime.StartOf(number)) / CityTime.MinuteMs;
                served += minute >= window.StartMinute && minute <= window.EndMinute ? 1 : 0;
            }
        }
        Assert.InRange(served / (900.0 * Days.Count), 0.90, 0.985);
        Assert.Equal(
            Enum.GetValues<StopOutcome>().Length, Days.SelectMany(d => d.Obligations).Select(o => o.Outcome).Distinct().Count());
    }

    [Fact]
    public void A_served_point_has_a_lift_of_the_truck_that_stands_at_it()
    {
        foreach (var obligation in Days[0].Obligations.Where(o => o.At is not null))
        {
            var journey = Days[0].Journeys[obligation.Truck!];
            var lift = journey.Lifts.First(l => l.At == obligation.At);
            var leg = journey.Legs.First(l => lift.At >= l.From && lift.At < l.Until);
            Assert.False(leg.Moves);
            Assert.InRange(leg.Start.DistanceTo(lift.Point.Place), 0, 40);
            Assert.Equal(obligation.Point, lift.Point.Id);
        }
    }

    [Fact]
    public void A_truck_is_somewhere_at_every_moment_of_the_day_and_never_faster_than_a_truck()
    {
        foreach (var journey in Days[2].Journeys.Values)
        {
            Assert.Equal(CityTime.StartOf(FirstDay + 2), journey.Legs[0].From);
            Assert.Equal(CityTime.StartOf(FirstDay + 3), journey.Legs[^1].Until);
            Assert.All(journey.Legs.Zip(journey.Legs.Skip(1)), p => Assert.Equal(
                (p.First.Until, p.First.End), (p.Second.From, p.Second.Start)));
            Assert.All(journey.Legs, l => Assert.InRange(l.SpeedKmh, 0, 45));
        }
    }

    [Fact]
    public void Fixes_come_every_30_s_on_the_way_and_lie_near_the_truck()
    {
        foreach (var journey in Days[1].Journeys.Values)
        {
            var day = TruckDay.Write(1, journey, new Canyons(Plan), FirstDay + 1);
            var fixes = day.Records.Where(r => r.Record is PositionRecord).ToList();
            Assert.All(fixes.Zip(fixes.Skip(1)), pair => Assert.InRange(
                pair.Second.At - pair.First.At, 0, LegAt(journey, pair.First.At).Parked ? 300_000 : 30_000));
            var near = fixes.Count(f => Off(journey, f.At, (PositionRecord)f.Record) < 20);
            Assert.InRange(near / (double)fixes.Count, 0.95, 1);
        }
    }

    [Fact]
    public void A_breakdown_is_taken_over_by_another_truck()
    {
        var days = Enumerable.Range(FirstDay, 60).Select(d => SanitationDay.Build(Plan, d)).ToList();
        var substituted = days.SelectMany(d => d.Obligations).Where(o => o.Substituted).ToList();
        Assert.NotEmpty(substituted);
        foreach (var day in days)
        {
            foreach (var run in day.Obligations.Where(o => o.Substituted).GroupBy(o => (RouteOf(o.Point), o.Window)))
            {
                var regular = day.Obligations.First(
                    o => RouteOf(o.Point) == run.Key.Item1 && o.Window == run.Key.Window && !o.Substituted);
                Assert.All(run.Where(o => o.Truck is not null), o => Assert.NotEqual(regular.Truck, o.Truck));
            }
        }
    }

    [Fact]
    public void A_bin_sensor_falls_when_its_point_is_served()
    {
        var point = Plan.Points.First(p => p.HasSensors);
        var days = new SanitationDays(Plan);
        var served = days[FirstDay].Obligations
            .First(o => o.Point == point.Id && o.Window == "EVENING" && o.At is not null).At!.Value;
        var records = PointDay.Write(1, point, days, FirstDay).Records.ToList();
        double Mean(long from, long until) => records.Where(r => r.At > from && r.At < until)
            .Average(r => ((BinRecord)r.Record).FillRatio);
        var before = Mean(served - CityTime.HourMs, served);
        var after = Mean(served, served + CityTime.HourMs);
        Assert.True(before > after + 0.05, $"{before} then {after}");
    }

    private static string RouteOf(string point) => Plan.Routes.First(r => r.Stops.Any(s => s.Id == point)).Id;

    private static Leg LegAt(TruckJourney journey, long at) => journey.Legs.First(l => at >= l.From && at < l.Until);

    private static double Off(TruckJourney journey, long at, PositionRecord fix)
    {
        var leg = LegAt(journey, at);
        var place = leg.At(at);
        return Math.Sqrt(Math.Pow((fix.Lat - place.Lat) * 111_320, 2) + Math.Pow((fix.Lon - place.Lon) * 80_300, 2));
    }
}
