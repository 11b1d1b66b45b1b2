using SmartCity.Protocol.V1;
using SmartCity.Simulator;
using SmartCity.Simulator.Charging;
using SmartCity.Simulator.District;
using Session = SmartCity.Simulator.Charging.Session;

namespace SmartCity.Tests.Simulator;

public sealed class ChargingTests
{
    private static readonly DistrictPlan Plan = DistrictBuilder.Build(1);
    private static readonly int FirstDay = TestDays.Of(2026, 6, 1);
    private static readonly long From = CityTime.StartOf(FirstDay), Until = CityTime.StartOf(FirstDay + 14);
    private static readonly List<PileTimeline> Timelines =
        [.. Plan.Piles.Take(40).Select(p => PileTimeline.Build(1, p, From, Until))];
    private static readonly List<Session> Sessions =
        [.. Timelines.SelectMany(t => Ports.SelectMany(port => t.SessionsIn(port, From, Until))).Where(s => s.Start >= From)];

    private static IEnumerable<int> Ports => Enumerable.Range(1, Assumptions.PortsPerPile);

    [Fact]
    public void What_happens_does_not_depend_on_the_span_that_is_asked_for()
    {
        var pile = Plan.Piles[3];
        var month = PileTimeline.Build(1, pile, From, Until);
        for (var day = FirstDay; day < FirstDay + 14; day += 5)
        {
            var alone = PileTimeline.Build(1, pile, CityTime.StartOf(day), CityTime.StartOf(day + 1));
            Assert.Equal(PileDay.Write(1, month, day).Records, PileDay.Write(1, alone, day).Records);
        }
    }

    [Fact]
    public void Energy_and_length_of_sessions_are_as_assumed()
    {
        var full = Sessions.Where(s => s.Stop == StopReason.Full).ToList();
        Assert.InRange(full.Count / (double)Sessions.Count, 0.52, 0.68);
        Assert.InRange(Median(full.Select(s => s.EnergyWh)), 400, 900);
        Assert.InRange(Median(full.Select(s => (s.End - s.Start) / (double)CityTime.HourMs)), 3.5, 7);
        Assert.InRange(Sessions.Count / (40.0 * 10 * 14), 0.9, 1.6); // A port and day
        Assert.All(Sessions, s => Assert.InRange(s.End - s.Start, 0, (long)(Assumptions.ChargeHoursMax * CityTime.HourMs)));
    }

    [Fact]
    public void Evenings_are_busy_and_nights_are_quiet()
    {
        var byHour = Sessions.CountBy(s => CityTime.HourOf(s.Start)).ToDictionary();
        Assert.True(byHour[18] > 8 * byHour.GetValueOrDefault(3) && byHour[18] > 2 * byHour[9], $"{byHour[18]} {byHour[9]}");
    }

    [Fact]
    public void Sessions_of_a_port_never_overlap_and_their_steps_are_in_order()
    {
        foreach (var port in Sessions.GroupBy(s => s.Id[..s.Id.LastIndexOf('-')]))
        {
            var inOrder = port.OrderBy(s => s.PluggedIn).ToList();
            Assert.All(inOrder, s => Assert.True(s.PluggedIn < s.Start && s.Start <= s.End && s.End <= s.Unplugged));
            Assert.All(inOrder, s => Assert.True(s.EndReported >= s.End));
            Assert.All(inOrder.Zip(inOrder.Skip(1)), p => Assert.True(p.First.Unplugged < p.Second.PluggedIn));
        }
    }

    [Fact]
    public void Energy_is_the_integral_of_power()
    {
        foreach (var session in Sessions.Take(20))
        {
            const int step = 1000;
            var sum = 0.0;
            for (var at = session.Start; at < session.End; at += step)
            {
                sum += session.PowerAt(at) * step / CityTime.HourMs;
            }
            Assert.Equal(session.EnergyWh, sum, tolerance: 1 + (0.01 * sum));
        }
    }

    [Fact]
    public void Statuses_of_a_port_fill_the_day_exactly()
    {
        foreach (var timeline in Timelines)
        {
            var spans = PortStatuses.Of(timeline, 1, From, CityTime.StartOf(FirstDay + 1));
            Assert.Equal(CityTime.DayMs, spans.Sum(s => s.Until - s.From));
            Assert.All(spans.Zip(spans.Skip(1)), p => Assert.Equal(p.First.Until, p.Second.From));
        }
    }

    [Fact]
    public void A_pile_without_mains_measures_nothing_and_says_why_afterwards()
    {
        var (timeline, dark) = Plan.Piles.Select(p => PileTimeline.Build(1, p, From, Until))
            .SelectMany(t => t.Dark.Where(d => d.From > From && d.Until < Until).Select(d => (t, d))).First();
        var day = CityTime.DayOf(dark.From);
        var records = PileDay.Write(1, timeline, day).Records.Where(r => r.At > dark.From && r.At < dark.Until);
        Assert.Empty(records);
        var faults = Enumerable.Range(day, CityTime.DayOf(dark.Until) - day + 1)
            .SelectMany(d => PileDay.Write(1, timeline, d).Records).Select(r => r.Record).OfType<FaultRecord>()
            .Where(f => f.Code == PortFault.MainsLoss && f.Time >= dark.From).Take(2);
        Assert.Equal([FaultEvent.Raised, FaultEvent.Cleared], faults.Select(f => f.Event));
    }

    [Fact]
    public void Every_pile_is_heard_at_least_every_three_minutes_while_it_has_mains()
    {
        foreach (var timeline in Timelines.Where(t => !t.Dark.Any(d => d.Until > From && d.From < Until)))
        {
            var heard = PileDay.Write(1, timeline, FirstDay).Records.Select(r => r.At).ToList();
            Assert.All(heard.Zip(heard.Skip(1)), p => Assert.InRange(
                p.Second - p.First, 0, Assumptions.HeartbeatS * CityTime.SecondMs));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered[ordered.Count / 2];
    }
}
