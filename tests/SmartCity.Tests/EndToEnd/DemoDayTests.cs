using Google.Protobuf.WellKnownTypes;
using SmartCity.Protocol.V1;
using SmartCity.Tests.Structure;

namespace SmartCity.Tests.EndToEnd;

/// <summary>A day of the demo district through real MQTT, and the three questions about it.</summary>
public sealed class DemoDayTests
{
    private static readonly TimeSpan LoadMax = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_backfilled_day_answers_how_used_what_is_broken_and_who_was_served()
    {
        await using var server = await TestServer.StartAsync();
        await using var simulator = ChildProcess.Start(
            "simulators/SmartCity.Simulator", "backfill", "--days", "1", "--mqtt", $"127.0.0.1:{server.MqttPort}", "--grpc",
            server.GrpcAddress);
        Assert.True(await simulator.EndAsync(LoadMax) == 0, simulator.Output);
        var status = await server.SettledAsync(1);
        Assert.Equal(status.MessagesReceived, status.MessagesStored + status.MessagesDuplicate + status.MessagesDead);
        Assert.Equal(0, status.MessagesDead);

        var zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");
        var today = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), zone).Date;
        await UsedAsync(server, new DateTimeOffset(today.AddDays(-1), zone.BaseUtcOffset));
        await ServedAsync(server, today.AddDays(-1));
        await ShownAsync(server);
    }

    private static async Task UsedAsync(TestServer server, DateTimeOffset midnight)
    {
        var total = (await new ChargingService.ChargingServiceClient(server.Channel).GetUtilizationAsync(new GetUtilizationRequest
        {
            Period = new Period { From = midnight.ToTimestamp(), Until = midnight.AddDays(1).ToTimestamp() }, Bucket = Bucket.Hour,
        })).Total;
        Assert.Equal(1_000, total.Ports);
        Assert.Equal(86_400_000, total.CommissionedSeconds);
        Assert.Equal(
            total.CommissionedSeconds,
            total.AvailableSeconds + total.OccupiedSeconds + total.ReservedSeconds + total.DownSeconds + total.UnknownSeconds, 3);
        Assert.InRange(total.Sessions, 500, 3_000);
        Assert.InRange(total.Occupancy, 0.1, 0.6);
        Assert.True(total.EnergyWh > 100_000);
    }

    private static async Task ServedAsync(TestServer server, DateTime date)
    {
        var day = date.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        var total = (await new SanitationService.SanitationServiceClient(server.Channel).GetComplianceAsync(
            new GetComplianceRequest { Dates = new DateRange { First = day, Last = day } })).Total;
        Assert.Equal(900, total.Scheduled);
        Assert.Equal(total.Due, total.OnTime + total.Early + total.Late + total.Missed + total.Undetermined);
        Assert.True(total.OnTime > 700, $"{total}");
    }

    private static async Task ShownAsync(TestServer server)
    {
        using var browser = new HttpClient();
        using var page = await browser.GetAsync(new Uri(server.WebAddress));
        var html = await page.Content.ReadAsStringAsync();
        Assert.True(page.IsSuccessStatusCode, html);
        var log = string.Join('\n', server.Log.All.TakeLast(20));
        Assert.False(html.Contains("class=\"problem\"", StringComparison.Ordinal), $"{html}\n{log}");
        Assert.Contains("三清达标率", html, StringComparison.Ordinal);
        Assert.Contains("Utilization, last 7 days", html, StringComparison.Ordinal);
        var rows = html[html.IndexOf("Window 时段", StringComparison.Ordinal)..];
        var windows = ((string[])["MORNING", "NOON", "EVENING"]).Select(w => rows.IndexOf($"<td>{w}", StringComparison.Ordinal));
        Assert.All(windows, at => Assert.NotEqual(-1, at));
        Assert.Equal(windows.Order(), windows); // As the day goes.
        var policy = string.Join(' ', page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        using var style = await browser.GetAsync(new Uri(new Uri(server.WebAddress), "smartcity.css"));
        Assert.Equal(
            await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src/SmartCity.Dashboard/smartcity.css")),
            await style.Content.ReadAsStringAsync());
    }
}
