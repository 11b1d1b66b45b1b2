using System.Text;
using System.Text.Json;
using SmartCity.Simulator.Devices;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Truth;

namespace SmartCity.Tests.Simulator;

public sealed class TruthFileTests
{
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
