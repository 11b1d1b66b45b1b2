using System.Globalization;
using System.Text.Json;
using SmartCity.Cli;

namespace SmartCity.Tests.EndToEnd;

/// <summary>What the README promises to somebody who connects a real pile.</summary>
public sealed class FirstPileTests
{
    private const string Topic = "smartcity/v1/220204/pile/P-1/";

    [Fact]
    public async Task Hand_written_messages_show_in_ports_and_to_the_second_in_utilization_and_resends_change_nothing()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportFirstPileAsync();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        // Charging for exactly 300 s of the last ten minutes, heard every minute.
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - 600_000;
        string[] messages =
        [
            Message(1, $$"""{"time":{{start}},"port":3,"status":"CHARGING","sessionId":"S-1"}"""),
            Message(2, $$"""{"time":{{start + 300_000}},"port":3,"status":"AVAILABLE"}"""),
        ];
        for (var minute = 0; minute < 10; minute++)
        {
            await device.PublishAsync(Topic + "conn", Message(10 + minute, $$"""{"time":{{start + (minute * 60_000)}},"online":true}"""));
        }
        foreach (var message in messages)
        {
            await device.PublishAsync(Topic + "status", message);
        }
        await device.PublishAsync(
            Topic + "meter", Message(3, $$"""{"time":{{start + 60_000}},"port":3,"sessionId":"S-1","powerW":180,"sessionEnergyWh":3}"""));
        await server.SettledAsync(13);
        var first = await UtilizationAsync(server, start);
        Assert.Equal(300, first.GetProperty("chargingSeconds").GetDouble());
        Assert.Equal(3, first.GetProperty("energyWh").GetDouble());

        foreach (var message in messages.Concat(messages))
        {
            await device.PublishAsync(Topic + "status", message);
        }
        Assert.Equal(4, (await server.SettledAsync(17)).MessagesDuplicate);
        Assert.Equal(first.GetRawText(), (await UtilizationAsync(server, start)).GetRawText());

        var ports = await AskAsync(server, "ports", "--pile", "P-1");
        Assert.Equal("PORT_STATUS_AVAILABLE", ports.GetProperty("ports")[2].GetProperty("status").GetString());
        Assert.Equal(180, ports.GetProperty("ports")[2].GetProperty("lastMeter").GetProperty("powerW").GetDouble());
    }

    [Fact]
    public async Task The_overview_page_dims_days_of_which_little_was_seen()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportFirstPileAsync();
        using var browser = new HttpClient { BaseAddress = new Uri(server.WebAddress) };
        var page = "";
        await TestServer.EventuallyAsync(
            async () => (page = await browser.GetStringAsync("/", TestContext.Current.CancellationToken))
                .Contains("Utilization", StringComparison.Ordinal),
            "a page with answers");

        Assert.Contains("<tr class=\"dim\"", page, StringComparison.Ordinal);
        Assert.Contains("Not collected today", page, StringComparison.Ordinal);
        Assert.Contains("None so far.", page, StringComparison.Ordinal);
    }

    private static string Message(int seq, string record) => $$"""{"boot":"b","seq":{{seq}},"records":[{{record}}]}""";

    private static async Task<JsonElement> UtilizationAsync(TestServer server, long start)
    {
        string Instant(long ms) =>
            DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var answer = await AskAsync(
            server, "utilization", "--pile", "P-1", "--group-by", "port", "--from", Instant(start), "--until", Instant(start + 540_000));
        return answer.GetProperty("rows")[2];
    }

    private static async Task<JsonElement> AskAsync(TestServer server, params string[] question)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var problems = new StringWriter(CultureInfo.InvariantCulture);
        var code = await CommandLine.RunAsync(
            [.. question, "--server", server.GrpcAddress, "--output", "json"], output, problems, TestContext.Current.CancellationToken);
        Assert.True(code == 0, problems.ToString());
        return JsonDocument.Parse(output.ToString()).RootElement;
    }
}
