using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Cli;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Moving;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Stores;
using Wire = SmartCity.Protocol.V1;

namespace SmartCity.Tests.Moving;

/// <summary>Telemetry out of a running server and into another, by the commands that people type.</summary>
[Trait("Deployment", "its own")]
public sealed class MovingServerTests(ITestOutputHelper output)
{
    private const string Root = "smartcity/v1/220204/pile/P-1/";
    private const string Fleet =
        """
        {"areas":[{"id":"220204","kind":"DISTRICT","name":"D"},{"id":"north","kind":"SUBDISTRICT","name":"S","parentId":"220204"},
                  {"id":"garden","kind":"COMPOUND","name":"C","parentId":"north"}],
         "piles":[{"id":"P-1","name":"One","compoundId":"garden","kind":"EBIKE_AC","ports":10,"ratedPortPowerW":1000},
                  {"id":"P-2","name":"Two","compoundId":"garden","kind":"EBIKE_AC","ports":10,"ratedPortPowerW":1000}]}
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("parquet")]
    [InlineData("line")]
    public async Task What_devices_sent_answers_the_same_in_the_other_store_and_an_import_again_changes_nothing(string format)
    {
        var influx = await InfluxSettingsAsync();
        using var folder = new TempDirectory();
        await using var from = await TestServer.StartAsync(settings: format == "line" ? influx : null);
        await using var to = await TestServer.StartAsync(settings: format == "line" ? null : influx);
        await from.ImportAsync(Fleet);
        await to.ImportAsync(Fleet);
        await SendAsync(from, seed: 5);
        var exported = folder.File("exported");
        Assert.Contains("\"missingMessages\": 1", await RunAsync(from, "export", "--format", format, "--out", exported));

        var first = await RunAsync(to, "import", exported, "--output", "json");
        Assert.Contains("\"refused\": \"0\"", first);
        await AssertSameAsync(from, to);
        var stored = (await to.StatusAsync()).MessagesStored;
        Assert.Equal((await from.StatusAsync()).MessagesStored, stored);

        var again = await RunAsync(to, "import", exported, "--output", "json");
        Assert.Contains($"\"duplicate\": \"{stored}\"", again);
        var status = await to.StatusAsync();
        Assert.Equal((stored, stored), (status.MessagesStored, status.MessagesDuplicate));
        await AssertSameAsync(from, to);
    }

    [Fact]
    public async Task Live_messages_go_on_where_imported_ones_ended_and_their_resends_are_known()
    {
        using var folder = new TempDirectory();
        await using var from = await TestServer.StartAsync();
        await using var to = await TestServer.StartAsync();
        await from.ImportAsync(Fleet);
        await to.ImportAsync(Fleet);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using (var device = await TestDevice.ConnectAsync(from.MqttPort))
        {
            await device.PublishAsync(Root + "meter", Meter(now - 2_000, seq: 1));
            await from.SettledAsync(1);
        }
        await RunAsync(from, "export", "--out", folder.File("house.line"));
        await RunAsync(to, "import", folder.File("house.line"));
        await using (var device = await TestDevice.ConnectAsync(to.MqttPort))
        {
            await device.PublishAsync(Root + "meter", Meter(now - 2_000, seq: 1));
            await device.PublishAsync(Root + "meter", Meter(now - 1_000, seq: 2));
        }
        var status = await to.SettledAsync(3);
        Assert.Equal((2, 1), (status.MessagesStored, status.MessagesDuplicate));
        var records = await RecordsAsync<MeterRecord>(to, DeviceKind.Pile);
        Assert.Single(records.Select(record => record.Stamp.BootReceived).Distinct());
        Assert.Equal(2, records.Count);
    }

    [Fact]
    public async Task What_is_refused_is_told_with_its_line_and_the_rest_is_stored()
    {
        using var folder = new TempDirectory();
        await using var from = await TestServer.StartAsync();
        await using var to = await TestServer.StartAsync();
        await from.ImportAsync(Fleet);
        await to.ImportFirstPileAsync(); // Knows no P-2.
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using (var device = await TestDevice.ConnectAsync(from.MqttPort))
        {
            await device.PublishAsync(Root + "meter", Meter(now, seq: 1));
            await device.PublishAsync(Root.Replace("P-1", "P-2", StringComparison.Ordinal) + "meter", Meter(now, seq: 1));
            await device.PublishAsync(Root + "meter", Meter(now, seq: 2));
            await from.SettledAsync(3);
        }
        var file = folder.File("house.line");
        await RunAsync(from, "export", "--out", file);
        await File.AppendAllTextAsync(file, "nonsense\n", Token);
        File.Delete(folder.File("house.manifest.json")); // Or it would not be sent at all.
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        Assert.Equal(1, await CommandLine.RunAsync(["import", file, "--server", to.GrpcAddress], stdout, stderr, Token));
        Assert.Contains($"{file}:4: no pile P-2 is registered", stderr.ToString());
        Assert.Contains($"{file}:7: ", stderr.ToString());
        Assert.Equal(2, (await to.StatusAsync()).MessagesStored);
    }

    [Fact]
    public async Task A_second_import_is_told_that_there_is_one()
    {
        using var folder = new TempDirectory();
        await using var server = await TestServer.StartAsync();
        using var first = server.Services.GetRequiredService<MovingTurns>().Take("import");
        // Longer than what is on its way at once: the refusal comes while it is sent.
        await File.WriteAllLinesAsync(folder.File("a.line"), Enumerable.Repeat("# nothing", 500_000), Token);
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        Assert.NotEqual(0, await CommandLine.RunAsync(
            ["import", folder.File("a.line"), "--server", server.GrpcAddress], stdout, stderr, Token));
        Assert.Contains("Another import is under way. Wait until it has ended.", stderr.ToString());
    }

    [Fact]
    public async Task A_device_cannot_pass_for_an_import()
    {
        await using var server = await TestServer.StartAsync();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        await device.PublishAsync("smartcity/import/v1", "meter,device=P-1 x=1i 1");
        var status = await server.SettledAsync(1);
        Assert.Equal(1, status.MessagesDead);
        var letters = await server.Operations.ListDeadLettersAsync(new Wire.ListDeadLettersRequest());
        Assert.Equal(Wire.DeadLetterReason.BadTopic, Assert.Single(letters.DeadLetters).Reason);
    }

    private static string Meter(long time, long seq, string boot = "b") =>
        $$"""{"boot":"{{boot}}","seq":{{seq}},"records":[{"time":{{time}},"port":1,"powerW":{{time % 100}}}]}""";

    // All that devices do: late, twice, under one number, without numbers, gone; and a message that never came.
    private async Task SendAsync(TestServer server, int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        var sent = 0;
        for (var i = 0; i < 60; i++, sent++)
        {
            var (boot, time) = ($"b{i / 20}", now - random.Next(86_400_000 * 3));
            var port = random.Next(1, 4);
            var seq = i is 25 ? 4 : i % 20; // 5 of b1 never comes, 4 comes with other content as well.
            var head = $$"""{"boot":"{{boot}}","seq":{{seq}},"records":[""";
            var (channel, record) = random.Next(5) switch
            {
                0 => ("status", $$"""{"time":{{time}},"port":{{port}},"status":"CHARGING","sessionId":"S-{{i}}"}"""),
                1 => ("session", $$"""{"time":{{time}},"port":{{port}},"sessionId":"S-{{i}}","event":"STARTED","startTime":{{time}}}"""),
                2 => ("fault", $$"""{"time":{{time}},"port":{{port}},"code":102,"event":"RAISED","value":71.5,"info":"a, \"b\" 充"}"""),
                _ => ("meter", $$"""{"time":{{time}},"port":{{port}},"powerW":{{random.NextDouble() * 900:R}}},"""
                    + $$"""{"time":{{time + 500}},"port":{{port}}}"""),
            };
            await device.PublishAsync(Root + channel, head + record + "]}");
        }
        for (var i = 0; i < 3; i++, sent += 2)
        {
            await device.PublishAsync(Root + "conn", $$"""{"records":[{"time":{{now - 5_000}},"online":false}]}""");
            await device.PublishAsync(Root + "meter", $$"""{"records":[{"time":{{now - i}},"port":2,"powerW":1}]}""");
        }
        // One record of three is for a port that nobody registered: it comes alone once it is.
        await device.PublishAsync(Root + "meter", $$"""
            {"boot":"b9","seq":0,"records":[{"time":{{now}},"port":1},{"time":{{now}},"port":11},{"time":{{now}},"port":2}]}
            """);
        await server.SettledAsync(sent + 1);
        await server.ImportAsync(Fleet.Replace("\"ports\":10", "\"ports\":12", StringComparison.Ordinal));
        await TestServer.EventuallyAsync(
            async () => (await server.StatusAsync()) is { DeadLettersWaiting: 0, MessagesBehind: 0 }, "replayed");
    }

    private static async Task AssertSameAsync(TestServer one, TestServer other)
    {
        await SameAsync<StatusRecord>();
        await SameAsync<MeterRecord>();
        await SameAsync<SessionRecord>();
        await SameAsync<FaultRecord>();
        await SameAsync<ConnRecord>();
        Assert.Equivalent(await ReceiptsAsync(one), await ReceiptsAsync(other), strict: true);
        Assert.Equal(
            await one.Operations.ListGapsAsync(new Wire.ListGapsRequest()),
            await other.Operations.ListGapsAsync(new Wire.ListGapsRequest()));

        async Task SameAsync<T>() where T : struct, ITelemetryRecord => Assert.Equal(
            await RecordsAsync<T>(one, DeviceKind.Pile), await RecordsAsync<T>(other, DeviceKind.Pile));
    }

    private static async Task<List<T>> RecordsAsync<T>(TestServer server, DeviceKind kind) where T : struct, ITelemetryRecord =>
        await server.Services.GetRequiredService<ITelemetryStore>()
            .ReadAsync<T>(new RecordQuery(kind, null, Instant.Min, Instant.Max, Instant.Max), Token).ToListAsync(Token);

    private static async Task<List<Receipt>> ReceiptsAsync(TestServer server) =>
        await server.Services.GetRequiredService<ITelemetryStore>().ReadReceiptsAsync(null, Token).ToListAsync(Token);

    private static async Task<string> RunAsync(TestServer server, params string[] args)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var code = await CommandLine.RunAsync([.. args, "--server", server.GrpcAddress], stdout, stderr, Token);
        Assert.True(code == 0, stderr.ToString());
        return stdout.ToString();
    }

    private static async Task<string[]> InfluxSettingsAsync()
    {
        var name = "m" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        return
        [
            "--Store:Kind=InfluxDb", $"--Store:InfluxDb:Url={(await SharedInflux.ServerAsync()).Url}", $"--Store:InfluxDb:Database={name}",
            $"--Store:InfluxDb:RollupDatabase={name}_rollup",
        ];
    }
}
