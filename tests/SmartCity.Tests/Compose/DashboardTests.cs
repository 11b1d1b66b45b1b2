using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Rollups;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Structure;

namespace SmartCity.Tests.Compose;

/// <summary>What Grafana shows, asked as Grafana asks it of a real InfluxDB that a real server writes to.</summary>
[Trait("Deployment", "its own")]
public sealed partial class DashboardTests
{
    private const string Dashboard = "docs/examples/compose/grafana/dashboards/district.json";
    private const string Database = "dashboards";
    private const string Rollups = "dashboards_rollup";

    private const string Assets =
        """
        {"areas":[{"id":"220204","kind":"DISTRICT","name":"District","validFrom":"2026-01-01"},
                  {"id":"north","kind":"SUBDISTRICT","name":"Subdistrict","parentId":"220204","validFrom":"2026-01-01"},
                  {"id":"garden","kind":"COMPOUND","name":"Garden","parentId":"north","validFrom":"2026-01-01"}],
         "piles":[{"id":"P-1","compoundId":"garden","kind":"EBIKE_AC","ports":10,"ratedPortPowerW":1000,"validFrom":"2026-01-01"},
                  {"id":"P-2","compoundId":"garden","kind":"EBIKE_AC","ports":10,"ratedPortPowerW":1000,"validFrom":"2026-01-01"}],
         "routes":[{"id":"R","name":"Route","districtId":"220204","validFrom":"2026-01-01"}],
         "trucks":[{"id":"T-1","plate":"JI-B1","districtId":"220204","routeId":"R","validFrom":"2026-01-01"}],
         "points":[{"id":"G-1","name":"East gate","compoundId":"garden","location":{"lat":43.84,"lon":126.55},"validFrom":"2026-01-01"}],
         "windows":[{"id":"w1","key":"NOON","startLocal":"11:00","endLocal":"13:00","validFrom":"2026-01-01"}],
         "assignments":[{"id":"a1","pointId":"G-1","windowKey":"NOON","routeId":"R","sequence":1,"validFrom":"2026-01-01"}]}
        """;

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById(LocalDay.CityZone);

    private readonly DateOnly today = LocalDay.Of(Instant.From(TimeProvider.System.GetUtcNow()), Zone);

    [Fact]
    public async Task Days_in_InfluxDB_are_the_answers_also_after_late_data_and_every_panel_shows_something()
    {
        var influx = await SharedInflux.ServerAsync();
        await using var server = await TestServer.StartAsync(settings:
        [
            "--Store:Kind=InfluxDb", $"--Store:InfluxDb:Url={influx.Url}", $"--Store:InfluxDb:Database={Database}",
            $"--Store:InfluxDb:RollupDatabase={Rollups}", "--Telemetry:LateDays=4",
        ]);
        await server.ImportAsync(Assets);
        var received = await ReportAsync(server, "P-1");
        await server.SettledAsync(received);
        var writer = server.Services.GetRequiredService<RollupWriter>();
        // Today and the four days before, twice, and the day that was the fourth one until midnight.
        Assert.Equal(12, await writer.WriteAsync(TestContext.Current.CancellationToken));
        var before = await AssertEqualAsync(server, influx);
        Assert.True(before is { Occupied: > 0, OnTime: 1 }, $"{before}");

        // Only what moves on is written again: what a day said says it still.
        Assert.InRange(await writer.WriteAsync(TestContext.Current.CancellationToken), 0, 2);
        // A pile had no connection yesterday, and sends what it kept.
        await server.SettledAsync(received + await ReportAsync(server, "P-2", piles: true));
        Assert.InRange(await writer.WriteAsync(TestContext.Current.CancellationToken), 1, 3);
        var mended = await AssertEqualAsync(server, influx);
        Assert.Equal(2 * before.Occupied, mended.Occupied);

        // The registry is told that a pile went away long ago: what it did since is nothing.
        await server.ImportAsync(Assets.Replace(
            """
            "piles":[{"id":"P-1",
            """, """
            "piles":[{"validUntil":"2026-02-01","id":"P-1",
            """, StringComparison.Ordinal));
        await writer.WriteAsync(TestContext.Current.CancellationToken);
        Assert.Equal(before.Occupied, (await AssertEqualAsync(server, influx)).Occupied);
        await AssertShownAsync(influx);
    }

    [Fact]
    public void Every_data_source_of_a_panel_is_provisioned()
    {
        var provisioned = Repository.Lines("docs/examples/compose/grafana/datasources.yml").Select(line => line.Trim())
            .Where(line => line.StartsWith("uid: ", StringComparison.Ordinal)).Select(line => line[5..]);
        Assert.Equal(provisioned.Order(StringComparer.Ordinal), Queries().Select(q => q.Source).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>What the dashboard asks, and of which data source.</summary>
    private static List<(string Panel, string Source, string Query)> Queries()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, Dashboard)));
        return
        [
            .. from panel in dashboard.RootElement.GetProperty("panels").EnumerateArray()
               where panel.TryGetProperty("targets", out _)
               from target in panel.GetProperty("targets").EnumerateArray()
               select (panel.GetProperty("title").GetString()!, target.GetProperty("datasource").GetProperty("uid").GetString()!,
                   target.GetProperty("query").GetString()!),
        ];
    }

    private async Task AssertShownAsync(InfluxServer influx)
    {
        var (from, until) = (Start(today.AddDays(-3)), Start(today.AddDays(1)));
        Assert.InRange(Queries().Count, 20, 60);
        foreach (var (panel, source, query) in Queries())
        {
            var asked = Interval().Replace(query, "10m").Replace(
                "$timeFilter", $"time >= {from.Milliseconds}ms and time <= {until.Milliseconds}ms", StringComparison.Ordinal);
            var answer = await influx.QueryAsync(asked, source == "smartcity" ? Database : Rollups);
            Assert.True(answer.Contains("\"values\":[[", StringComparison.Ordinal), $"{panel}: {asked}: {answer}");
            // Days begin when they begin in the city.
            var isByDay = query.EndsWith($"tz('{LocalDay.CityZone}')", StringComparison.Ordinal);
            Assert.True(!isByDay || answer.Contains($"[[{Start(today.AddDays(-3)).Milliseconds}000000,", StringComparison.Ordinal), panel);
        }
    }

    private async Task<(double Occupied, long OnTime)> AssertEqualAsync(TestServer server, InfluxServer influx)
    {
        var yesterday = (0.0, 0L);
        for (var day = today.AddDays(-4); day < today; day = day.AddDays(1))
        {
            var (from, until) = (Start(day), Start(day.AddDays(1)));
            var used = await new ChargingService.ChargingServiceClient(server.Channel).GetUtilizationAsync(new GetUtilizationRequest
            {
                Period = new Period { From = from.ToDateTimeOffset().ToTimestamp(), Until = until.ToDateTimeOffset().ToTimestamp() },
            });
            await AssertSumsAsync(influx, "pile_day", day, new()
            {
                ["occupied_seconds"] = used.Total.OccupiedSeconds, ["charging_seconds"] = used.Total.ChargingSeconds,
                ["seen_seconds"] = used.Total.SeenSeconds, ["unknown_seconds"] = used.Total.UnknownSeconds,
                ["commissioned_seconds"] = used.Total.CommissionedSeconds, ["energy_wh"] = used.Total.EnergyWh,
                ["sessions"] = used.Total.Sessions,
            });
            var date = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            var served = (await new SanitationService.SanitationServiceClient(server.Channel).GetComplianceAsync(
                new GetComplianceRequest { Dates = new DateRange { First = date, Last = date } })).Total;
            await AssertSumsAsync(influx, "point_day", day, new()
            {
                ["due"] = served.Due, ["on_time"] = served.OnTime, ["missed"] = served.Missed, ["undetermined"] = served.Undetermined,
            });
            yesterday = (used.Total.OccupiedSeconds, served.OnTime);
        }
        return yesterday;
    }

    private static async Task AssertSumsAsync(
        InfluxServer influx, string measurement, DateOnly day, Dictionary<string, double> expected)
    {
        var inner = string.Join(", ", expected.Keys.Select(field => $"last({field}) AS {field}"));
        var outer = string.Join(", ", expected.Keys.Select(field => $"sum({field}) AS {field}"));
        var answer = await influx.QueryAsync(
            $"SELECT {outer} FROM (SELECT {inner} FROM {measurement} "
            + $"WHERE time >= {Start(day).Milliseconds}ms AND time < {Start(day.AddDays(1)).Milliseconds}ms GROUP BY device)",
            Rollups);
        using var json = JsonDocument.Parse(answer);
        var values = json.RootElement.GetProperty("results")[0].GetProperty("series")[0].GetProperty("values")[0].EnumerateArray()
            .Skip(1).Select(value => Math.Round(value.GetDouble(), 6));
        Assert.Equal(expected.Select(pair => (pair.Key, Math.Round(pair.Value, 6))), expected.Keys.Zip(values));
    }

    // Yesterday's and today's words of a pile, and of the truck and the point.
    private async Task<int> ReportAsync(TestServer server, string pile, bool piles = false)
    {
        var sent = 0;
        var yesterday = Start(today.AddDays(-1)).Milliseconds;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort, pile);
        for (var hour = 0; hour < 24; hour++)
        {
            var at = yesterday + hour * 3_600_000L;
            var status = hour % 3 == 0 ? "CHARGING" : "AVAILABLE";
            await SendAsync($"pile/{pile}/status", $$"""{"time":{{at}},"port":1,"status":"{{status}}"}""");
            await SendAsync(
                $"pile/{pile}/meter",
                $$"""{"time":{{at}},"port":1,"powerW":180,"sessionEnergyWh":{{hour * 10}},"sessionId":"S","portTempC":31}""");
        }
        if (piles)
        {
            return sent;
        }
        await SendAsync($"pile/{pile}/status", $$"""{"time":{{now}},"port":2,"status":"CHARGING"}""");
        await SendAsync($"pile/{pile}/status", $$"""{"time":{{now}},"port":3,"status":"AVAILABLE"}""");
        await SendAsync($"pile/{pile}/status", $$"""{"time":{{now}},"port":4,"status":"FAULTED"}""");
        await SendAsync($"pile/{pile}/fault", $$"""{"time":{{now}},"port":4,"code":102,"event":"RAISED","value":71.5}""");
        for (var minute = 0; minute < 20; minute++)
        {
            var at = yesterday + (11 * 60 + 50 + minute) * 60_000L;
            await SendAsync("truck/T-1/position", $$"""{"time":{{at}},"lat":43.84,"lon":126.55,"speedKmh":0,"fixValid":true}""");
        }
        var noon = yesterday + 12 * 3_600_000L;
        await SendAsync("truck/T-1/evidence", $$"""{"time":{{noon}},"type":"WEIGHT_DELTA","netKg":12.5,"pointId":"G-1"}""");
        await SendAsync("point/G-1/bin", $$"""{"time":{{now}},"binId":"G-1-1","fillRatio":0.62}""");
        return sent;

        async Task SendAsync(string topic, string record)
        {
            await device.PublishAsync($"smartcity/v1/220204/{topic}", $$"""{"records":[{{record}}]}""");
            sent++;
        }
    }

    private static Instant Start(DateOnly day) => LocalDay.StartOf(day, Zone);

    [GeneratedRegex(@"\$__interval")]
    private static partial Regex Interval();
}
