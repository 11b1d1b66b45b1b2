using System.Text.Json;
using System.Text;
using SmartCity.Protocol.Mqtt;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Sanitation;
using SmartCity.Simulator.Truth;

namespace SmartCity.Tests.Simulator;

public sealed class TruthFileTests
{
    [Fact]
    public void What_is_said_to_be_seen_left_the_truck_and_what_was_lost_did_not()
    {
        var city = new City(DistrictBuilder.Build(1));
        var first = TestDays.Of(2026, 6, 1);
        var (seen, unseen) = (0, 0);
        for (var day = first; day < first + 20; day++)
        {
            var written = city.Plan.Trucks.ToDictionary(t => t.Id, t => city.Write(new CityDevice(UplinkKind.Truck, t.Id), day));
            foreach (var visit in city.Sanitation[day].Obligations.Where(o => o.Outcome == StopOutcome.Served))
            {
                var truck = written[visit.Truck!];
                var told = truck.Records.Any(r => r.At >= visit.Arrived && r.At <= visit.Left && !truck.IsLost(r.At));
                Assert.True(told || !Sight.Saw(truck, visit.Arrived!.Value, visit.Left!.Value));
                (seen, unseen) = told ? (seen + 1, unseen) : (seen, unseen + 1);
            }
        }
        Assert.True(unseen > 0, "nothing was ever lost");
        Assert.InRange(unseen / (double)seen, 0, 0.01);
    }

    [Fact]
    public void A_day_has_a_line_for_every_obligation_and_for_every_port_whose_seconds_fill_it()
    {
        var day = TestDays.Of(2026, 6, 3);
        var city = new City(DistrictBuilder.Build(1));
        city.Prepare(day, day + 1);
        using var bytes = new MemoryStream();
        using (var truth = new TruthFile(bytes))
        {
            truth.WriteDay(city, day);
        }
        var lines = Encoding.UTF8.GetString(bytes.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToLookup(line => line.GetProperty("kind").GetString());

        Assert.Equal(900, lines["obligation"].Count());
        Assert.Equal(1000, lines["port"].Count());
        Assert.All(lines["port"], port => Assert.Equal(
            86_400, port.GetProperty("seconds").EnumerateObject().Sum(s => s.Value.GetDouble()), tolerance: 0.001));
        Assert.All(lines.SelectMany(l => l), line => Assert.Equal("2026-06-03", line.GetProperty("date").GetString()));
        Assert.All(lines["obligation"], o => Assert.Equal(
            o.GetProperty("outcome").GetString() == "Served", o.TryGetProperty("at", out _)));
    }
}
