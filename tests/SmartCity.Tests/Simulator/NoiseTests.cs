using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator;
using SmartCity.Simulator.Charging;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Sanitation;

namespace SmartCity.Tests.Simulator;

/// <summary>What goes wrong on purpose goes wrong as often as assumed, and the same way every time.</summary>
public sealed class NoiseTests
{
    private static readonly DistrictPlan Plan = DistrictBuilder.Build(1);
    private static readonly int Day = TestDays.Of(2026, 6, 3);

    [Fact]
    public void Some_messages_are_sent_twice_some_late_and_none_is_dropped()
    {
        var packed = Enumerable.Range(1, 5_000).Select(i => new DeviceMessage(
            UplinkKind.Pile, "P", UplinkChannel.Meter, "b", (ulong)i, i * 1_000, false, 0, [])).ToList();
        var sent = Deliveries.Of(packed, 1, "P", Day);
        Assert.Equal(sent, Deliveries.Of(packed, 1, "P", Day));
        Assert.Equal(packed.Count, sent.Select(m => m.Seq).Distinct().Count());
        Assert.InRange(sent.Count - packed.Count, 40, 110);
        var first = sent.DistinctBy(m => m.Seq).ToList();
        var overtaken = first.Zip(first.Skip(1)).Count(p => p.Second.Seq < p.First.Seq);
        Assert.InRange(overtaken, 8, 50);
        Assert.All(sent, m => Assert.True(m.SendAt >= (long)m.Seq * 1_000));
        Assert.Equal(sent.OrderBy(m => m.SendAt).Select(m => m.SendAt), sent.Select(m => m.SendAt));
    }

    [Fact]
    public void A_socket_that_trips_is_as_hot_as_it_reports()
    {
        var sessions = Plan.Piles.Take(60).Select(p => PileTimeline.Build(1, p, CityTime.StartOf(Day), CityTime.StartOf(Day + 20)))
            .SelectMany(t => Enumerable.Range(1, Assumptions.PortsPerPile).SelectMany(
                port => t.SessionsIn(port, CityTime.StartOf(Day), CityTime.StartOf(Day + 20))))
            .Where(s => s.Stop == StopReason.OverTemperature && s.PowerAt(s.End - 1) < 500).ToList();
        Assert.NotEmpty(sessions);
        Assert.All(sessions, s => Assert.Equal(
            Assumptions.TripC, PortHeat.TempC(s, s.End, Weather.AmbientC(s.End), s.PowerAt(s.End - 1)), 3));
    }

    [Fact]
    public void Between_high_walls_many_fixes_are_none_and_elsewhere_few()
    {
        var canyons = new Canyons(Plan);
        Assert.Equal(15, Plan.Points.Count(p => canyons.Contains(p.Place)));
        var days = new SanitationDays(Plan);
        var (none, fixes) = (new int[2], new int[2]);
        foreach (var journey in Enumerable.Range(Day, 4).SelectMany(d => days[d].Journeys.Values.Select(j => (d, j))))
        {
            foreach (var record in TruckDay.Write(1, journey.j, canyons, journey.d).Records.Where(r => r.Record is PositionRecord))
            {
                var fix = (PositionRecord)record.Record;
                var leg = journey.j.Legs.First(l => record.At >= l.From && record.At <= l.Until);
                var where = canyons.Contains(leg.At(record.At)) ? 1 : 0;
                fixes[where]++;
                none[where] += fix.HasFixValid && !fix.FixValid ? 1 : 0;
            }
        }
        Assert.InRange(none[1] / (double)fixes[1], 0.25, 0.35);
        Assert.InRange(none[0] / (double)fixes[0], 0.001, 0.01);
    }

    [Fact]
    public void A_tracker_that_wakes_up_says_where_it_stood()
    {
        var canyons = new Canyons(Plan);
        foreach (var journey in SanitationDay.Build(Plan, Day).Journeys.Values)
        {
            var records = TruckDay.Write(1, journey, canyons, Day).Records;
            Assert.All(
                journey.Legs.Zip(journey.Legs.Skip(1)).Where(p => p.First.Parked && !p.Second.Parked),
                p => Assert.Contains(records, r => r.Record is PositionRecord { SpeedKmh: < 5 } && r.At == p.Second.From));
        }
    }
}
