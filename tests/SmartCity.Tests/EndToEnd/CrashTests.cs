using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.EndToEnd;

/// <summary>Kills the server at random moments under load and counts, through public interfaces only, what became of each
/// acknowledged message. SMARTCITY_KILLS=200 is the long form; SMARTCITY_SEED repeats a run.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DrainMax = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task Every_acknowledged_message_is_there_exactly_once_after_any_number_of_kills()
    {
        var kills = Setting("SMARTCITY_KILLS", 6);
        var seed = Setting("SMARTCITY_SEED", Environment.TickCount);
        output.WriteLine($"seed {seed}, {kills} kills");
        var random = new Random(seed);
        using var folder = new TempFolder();
        var ports = FreePorts.Take(3);
        var ledger = Path.Combine(folder.Path, "acknowledged.csv");
        var server = await StartServerAsync(folder.Path, ports);
        try
        {
            using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{ports[1]}");
            await ReadyAsync(channel, server);
            await using var load = StartLoad(ports, ledger);
            await SendingAsync(ledger, load);
            for (var kill = 0; kill < kills; kill++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100, 2_500)), TimeProvider.System);
                await server.KillAsync();
                await server.DisposeAsync();
                server = await StartServerAsync(folder.Path, ports);
                await ReadyAsync(channel, server);
            }
            var code = await load.CloseAsync(DrainMax);
            Assert.True(code == 0, load.Output);
            await AccountAsync(channel, ledger, kills);
        }
        catch (Exception)
        {
            output.WriteLine(server.Output);
            throw;
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task<ChildProcess> StartServerAsync(string folder, int[] ports)
    {
        var data = Path.Combine(folder, "data");
        (ports[0], var settings) = await Deployment.OfAsync(data, ports[0]);
        return ChildProcess.Start(
            "src/SmartCity.Server",
            [$"--DataDirectory={data}", $"--Grpc:Listen=127.0.0.1:{ports[1]}", $"--Web:Listen=127.0.0.1:{ports[2]}", .. settings]);
    }

    // One message in a hundred names port 99, so that dead letters are part of the account.
    private static ChildProcess StartLoad(int[] ports, string ledger) => ChildProcess.Start(
        "simulators/SmartCity.Simulator", "load", "--mqtt", $"127.0.0.1:{ports[0]}", "--grpc", $"http://127.0.0.1:{ports[1]}",
        "--connections", "50", "--rate", "2000", "--until-stopped", "--until-stdin-closes", "--ledger", ledger, "--bad-every", "100");

    // The generator registers its devices first; only then does it send.
    private static async Task SendingAsync(string ledger, ChildProcess load)
    {
        using var deadline = new CancellationTokenSource(StartMax);
        while (!File.Exists(ledger) || new FileInfo(ledger).Length == 0)
        {
            Assert.False(load.Ended, load.Output);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
        }
    }

    private async Task AccountAsync(GrpcChannel channel, string ledger, int kills)
    {
        var operations = new OperationsService.OperationsServiceClient(channel);
        var status = await DrainedAsync(operations);
        var acknowledged = (await File.ReadAllLinesAsync(ledger)).Select(line => line[..line.LastIndexOf(',')]).ToHashSet();
        var stored = await StoredAsync(operations);
        var dead = await DeadAsync(operations);
        var lost = acknowledged.Where(id => !stored.Contains(id) && !dead.Contains(id)).ToArray();
        var both = stored.Where(dead.Contains).ToArray();
        output.WriteLine($"kills {kills}, acked {acknowledged.Count}, stored {stored.Count}, dead {dead.Count}, " +
            $"duplicates dropped {status.MessagesDuplicate}, lost {lost.Length}, in both {both.Length}");
        Assert.True(acknowledged.Count > kills * 50, $"only {acknowledged.Count} messages were acknowledged");
        Assert.NotEmpty(dead);
        Assert.Empty(lost);
        Assert.Empty(both);
        Assert.Equal(0, status.Conflicts);
        Assert.Equal(status.MessagesReceived, status.MessagesStored + status.MessagesDuplicate + status.MessagesDead);
    }

    private static async Task<GetIngestStatusResponse> DrainedAsync(OperationsService.OperationsServiceClient operations)
    {
        using var deadline = new CancellationTokenSource(DrainMax);
        while (true)
        {
            var status = await operations.GetIngestStatusAsync(new GetIngestStatusRequest(), cancellationToken: deadline.Token);
            if (status.MessagesBehind == 0)
            {
                return status;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, deadline.Token);
        }
    }

    // A message stored twice would make more messages than sequence numbers.
    private static async Task<HashSet<string>> StoredAsync(OperationsService.OperationsServiceClient operations)
    {
        var stored = new HashSet<string>();
        var request = new GetReceiptsRequest { PageSize = 1_000 };
        do
        {
            var page = await operations.GetReceiptsAsync(request);
            foreach (var receipt in page.Receipts.Where(r => r.Boot.Length > 0))
            {
                long distinct = 0;
                foreach (var range in receipt.Seqs)
                {
                    for (var seq = range.First; seq <= range.Last; seq++, distinct++)
                    {
                        stored.Add($"{receipt.DeviceId},{receipt.Boot},{seq}");
                    }
                }
                Assert.Equal(distinct, receipt.Messages);
                Assert.Equal(distinct, receipt.Records);
            }
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return stored;
    }

    private static async Task<HashSet<string>> DeadAsync(OperationsService.OperationsServiceClient operations)
    {
        var dead = new HashSet<string>();
        var request = new ListDeadLettersRequest { PageSize = 1_000 };
        do
        {
            var page = await operations.ListDeadLettersAsync(request);
            foreach (var letter in page.DeadLetters)
            {
                using var payload = System.Text.Json.JsonDocument.Parse(letter.Payload.Memory);
                var id = $"{letter.DeviceId},{payload.RootElement.GetProperty("boot").GetString()}," +
                    payload.RootElement.GetProperty("seq").ToString();
                Assert.True(dead.Add(id), $"{id} is in the dead letters twice");
            }
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return dead;
    }

    private static async Task ReadyAsync(GrpcChannel channel, ChildProcess server)
    {
        var operations = new OperationsService.OperationsServiceClient(channel);
        using var deadline = new CancellationTokenSource(StartMax);
        while (true)
        {
            Assert.False(server.Ended, server.Output);
            try
            {
                await operations.GetIngestStatusAsync(new GetIngestStatusRequest(), cancellationToken: deadline.Token);
                return;
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable && !deadline.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
