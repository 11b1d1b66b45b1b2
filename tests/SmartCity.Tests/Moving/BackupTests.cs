using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SmartCity.Cli;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Stores;
using Wire = SmartCity.Protocol.V1;

namespace SmartCity.Tests.Moving;

/// <summary>A copy of a running server is that server as of one moment.</summary>
public sealed class BackupTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private const string Topic = "smartcity/v1/220204/pile/P-1/meter";
    private static readonly int Runs = int.Parse(
        Environment.GetEnvironmentVariable("SMARTCITY_BACKUPS") ?? "1", CultureInfo.InvariantCulture);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restored_backup_is_exactly_what_was_acknowledged_before_its_mark()
    {
        await using var server = await TestServer.StartAsync(
            settings: ["--Ingest:CheckpointMessages=1000", "--Ingest:CheckpointSeconds=1"]);
        await server.ImportFirstPileAsync();
        var sent = 0;
        using var enough = new CancellationTokenSource();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        var publishing = PublishAsync();
        for (var run = 1; run <= Runs; run++)
        {
            var before = Volatile.Read(ref sent);
            await TestServer.EventuallyAsync(() => Task.FromResult(Volatile.Read(ref sent) > before + 300), "it takes readings");
            using var folder = new TempDirectory();
            var (backup, restored) = (folder.File("backup"), folder.File("restored"));
            var acked = Volatile.Read(ref sent);
            await RunAsync("backup", "--to", backup, "--server", server.GrpcAddress);
            var ackedAfter = Volatile.Read(ref sent);
            await RunAsync("restore", backup, "--data-directory", restored);
            var mark = Mark(backup);
            Assert.InRange(mark, acked, ackedAfter + 1);
            await AssertIsSetAsync(restored, mark);
            output.WriteLine($"run {run}: acknowledged {acked} before and {ackedAfter} after; restored exactly the first {mark}");
        }
        await enough.CancelAsync();
        await publishing;
        var status = await server.SettledAsync(sent);
        Assert.Equal(sent, status.MessagesReceived);

        async Task PublishAsync()
        {
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            while (!enough.IsCancellationRequested)
            {
                // Every tenth is set aside: the letters are a part of the set.
                var port = sent % 10 == 9 ? 77 : 1;
                await device.PublishAsync(
                    Topic, $$"""{"boot":"b","seq":{{sent}},"records":[{"time":{{now + sent}},"port":{{port}},"powerW":1}]}""");
                Interlocked.Increment(ref sent);
            }
        }
    }

    [Fact]
    [Trait("Deployment", "its own")]
    public async Task Beside_InfluxDB_and_PostgreSQL_a_backup_says_what_else_to_copy_and_goes_on_there()
    {
        var database = "b" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        string[] settings =
        [
            "--Store:Kind=InfluxDb", $"--Store:InfluxDb:Url={(await SharedInflux.ServerAsync()).Url}",
            $"--Store:InfluxDb:Database={database}", $"--Store:InfluxDb:RollupDatabase={database}_rollup",
            $"--Registry:ConnectionString={await postgres.RegistryAsync()}",
        ];
        using var folder = new TempDirectory();
        var (backup, restored) = (folder.File("backup"), folder.File("restored"));
        await using (var server = await TestServer.StartAsync(settings: settings))
        {
            await server.ImportFirstPileAsync();
            await SendAsync(server, 0, 30);
            var told = await RunAsync("backup", "--to", backup, "--server", server.GrpcAddress);
            Assert.Contains("copy both of its databases", told, StringComparison.Ordinal);
            Assert.Contains("copy it with pg_dump", told, StringComparison.Ordinal);
            // InfluxDB is copied after it, and has these.
            await SendAsync(server, 30, 20);
        }
        Assert.Contains(
            "copy both of its databases", await RunAsync("restore", backup, "--data-directory", restored), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(restored, "registry.db")));

        await using var again = await TestServer.StartAsync(restored, settings);
        await SendAsync(again, 50, 1);
        var status = await again.SettledAsync(51);
        Assert.Equal((51, 51, 0), (status.MessagesReceived, status.MessagesStored, status.MessagesDuplicate));
        var records = await again.Services.GetRequiredService<ITelemetryStore>()
            .ReadAsync<MeterRecord>(new RecordQuery(DeviceKind.Pile, null, Instant.Min, Instant.Max, Instant.Max), Token)
            .ToListAsync(Token);
        Assert.Equal(Enumerable.Range(0, 51).Select(number => (long)number), records.Select(record => record.Stamp.Sequence));

        static async Task SendAsync(TestServer server, int first, int count)
        {
            await using var device = await TestDevice.ConnectAsync(server.MqttPort);
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            for (var i = first; i < first + count; i++)
            {
                await device.PublishAsync(
                    Topic, $$"""{"boot":"b","seq":{{i}},"records":[{"time":{{now + i}},"port":1,"powerW":1}]}""");
            }
            await server.SettledAsync(first + count);
        }
    }

    [Fact]
    public async Task A_backup_that_was_changed_or_a_directory_in_use_is_refused()
    {
        await using var server = await TestServer.StartAsync();
        using var folder = new TempDirectory();
        var backup = folder.File("backup");
        await RunAsync("backup", "--to", backup, "--server", server.GrpcAddress);
        Assert.Contains("is not empty", await FailAsync("backup", "--to", backup, "--server", server.GrpcAddress));
        Assert.Contains("is not empty", await FailAsync("restore", backup, "--data-directory", server.Directory));
        Assert.Contains("is no backup", await FailAsync("restore", folder.Path, "--data-directory", folder.File("new")));
        await using (var changed = new FileStream(Path.Combine(backup, "journal.db"), FileMode.Open))
        {
            changed.Position = 200;
            changed.WriteByte(77);
        }
        Assert.Contains("is not as it was written", await FailAsync("restore", backup, "--data-directory", folder.File("new")));
        Assert.False(Directory.Exists(folder.File("new")));
        Assert.Empty(Directory.GetDirectories(server.Directory));
    }

    private static async Task AssertIsSetAsync(string directory, long mark)
    {
        await using var server = await TestServer.StartAsync(directory);
        var status = await server.SettledAsync(mark);
        var dead = mark / 10;
        Assert.Equal((mark, mark - dead, dead), (status.MessagesReceived, status.MessagesStored, status.MessagesDead));
        Assert.Equal((0, 0), (status.MessagesDuplicate, status.MessagesDamaged));
        var records = await server.Services.GetRequiredService<ITelemetryStore>()
            .ReadAsync<MeterRecord>(new RecordQuery(DeviceKind.Pile, null, Instant.Min, Instant.Max, Instant.Max), Token)
            .ToListAsync(Token);
        Assert.Equal(
            Enumerable.Range(0, (int)mark).Where(number => number % 10 != 9).Select(number => (long)number),
            records.Select(record => record.Stamp.Sequence));
        var letters = await server.Operations.ListDeadLettersAsync(new Wire.ListDeadLettersRequest());
        Assert.Equal(dead, letters.Total);
    }

    private static long Mark(string backup)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(backup, "manifest.json")));
        return manifest.RootElement.GetProperty("position").GetInt64();
    }

    private static async Task<string> RunAsync(params string[] args)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        var code = await CommandLine.RunAsync(args, stdout, stderr, Token);
        Assert.True(code == 0, stderr.ToString());
        return stdout.ToString();
    }

    private static async Task<string> FailAsync(params string[] args)
    {
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        Assert.NotEqual(0, await CommandLine.RunAsync(args, stdout, stderr, Token));
        return stderr.ToString();
    }
}
