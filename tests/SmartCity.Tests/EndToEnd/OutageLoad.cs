using System.Diagnostics;
using System.Globalization;
using System.Net;
using Grpc.Net.Client;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Load;

namespace SmartCity.Tests.EndToEnd;

/// <summary>What was seen while the store was away.</summary>
/// <param name="Status">Of the server, at the end.</param>
/// <param name="Oldest">How old the live state was at worst.</param>
internal sealed record Missed(GetIngestStatusResponse Status, TimeSpan Oldest, LoadResult Load);

/// <summary>What was seen when it was back.</summary>
/// <param name="Waited">Until the first message was stored.</param>
/// <param name="PerSecond">Messages stored a second from then on, until it was no more than a second behind.</param>
/// <param name="Oldest">How old the live state was at worst.</param>
internal sealed record CaughtUp(TimeSpan Waited, double PerSecond, TimeSpan Oldest, LoadResult Load);

/// <summary>Devices that go on reporting while a server's store is away and while it comes back.</summary>
/// <param name="ledger">Where what was acknowledged is written.</param>
internal sealed class OutageLoad(GrpcChannel channel, int mqttPort, int rate, int badEvery, string ledger)
{
    private const int Devices = 50, SmokeDetected = 101;
    private static readonly TimeSpan StepMax = TimeSpan.FromHours(2), WaitMax = TimeSpan.FromMinutes(1);
    private int alarms;

    public OperationsService.OperationsServiceClient Operations { get; } = new(channel);

    public async Task ImportAsync()
    {
        var piles = Enumerable.Range(1, Devices).Select(i => string.Create(CultureInfo.InvariantCulture,
            $$"""{"id":"load-{{i:0000}}","name":"Pile","compoundId":"c","kind":"EBIKE_AC","ports":10}"""));
        await new RegistryService.RegistryServiceClient(channel).ImportAssetsAsync(new ImportAssetsRequest
        {
            Format = AssetFormat.Json,
            Content = """
                {"areas":[{"id":"220204","kind":"DISTRICT","name":"District"},
                          {"id":"s","kind":"SUBDISTRICT","name":"Subdistrict","parentId":"220204"},
                          {"id":"c","kind":"COMPOUND","name":"Compound","parentId":"s"}],
                """ + $"\"piles\":[{string.Join(',', piles)}]}}",
        });
    }

    public Task<LoadResult> LoadAsync(double seconds) => LoadAsync(TimeSpan.FromSeconds(seconds), CancellationToken.None);

    /// <summary>Devices report, one of them an alarm, while it is away: so long, and until half of what they would send waits, so
    /// that a machine with other work has time for them.</summary>
    public async Task<Missed> WhileAwayAsync(Func<Task> leave, int seconds)
    {
        await Account.DrainedAsync(Operations, StepMax);
        await leave();
        var began = Stopwatch.GetTimestamp();
        using var enough = new CancellationTokenSource();
        var load = LoadAsync(Timeout.InfiniteTimeSpan, enough.Token);
        await using var probe = await ProbeAsync();
        alarms++;
        await using (var device = await TestDevice.ConnectAsync(mqttPort, "alarm"))
        {
            var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            await device.PublishAsync(
                "smartcity/v1/220204/pile/load-0001/fault",
                $$"""{"records":[{"time":{{time}},"port":{{alarms}},"code":{{SmokeDetected}},"event":"RAISED"}]}""");
        }
        await TestServer.EventuallyAsync(() => probe.ShowsAsync(alarms, SmokeDetected), "the live state shows the alarm");
        await UntilAsync(
            status => Stopwatch.GetElapsedTime(began) >= TimeSpan.FromSeconds(seconds) && status.MessagesBehind > rate * seconds / 2,
            TimeSpan.FromSeconds(seconds) + WaitMax);
        await enough.CancelAsync();
        var sent = await load;
        return new Missed(await StatusAsync(), probe.OldestAnswer, sent);
    }

    /// <summary>Goes on sending until the store is no further behind than a second.</summary>
    public async Task<CaughtUp> WhileCatchingUpAsync(Func<Task> comeBack)
    {
        using var enough = new CancellationTokenSource();
        var load = LoadAsync(Timeout.InfiniteTimeSpan, enough.Token);
        await using var probe = await ProbeAsync();
        var from = (await StatusAsync()).StoredPosition;
        await comeBack();
        var since = Stopwatch.GetTimestamp();
        await UntilAsync(status => status.StoredPosition > from, StepMax);
        var (waited, began) = (Stopwatch.GetElapsedTime(since), Stopwatch.GetTimestamp());
        var end = await UntilAsync(status => status.MessagesBehind < rate, StepMax);
        var perSecond = (end.StoredPosition - from) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        await enough.CancelAsync();
        return new CaughtUp(waited, perSecond, probe.OldestAnswer, await load);
    }

    private async Task<GetIngestStatusResponse> StatusAsync() =>
        await Operations.GetIngestStatusAsync(new GetIngestStatusRequest());

    private async Task<GetIngestStatusResponse> UntilAsync(Func<GetIngestStatusResponse, bool> holds, TimeSpan max)
    {
        using var deadline = new CancellationTokenSource(max);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(deadline.Token))
        {
            var status = await Operations.GetIngestStatusAsync(new GetIngestStatusRequest(), cancellationToken: deadline.Token);
            if (holds(status))
            {
                return status;
            }
        }
        throw new UnreachableException();
    }

    // The probe watches from when the devices are connected and seen.
    private async Task<LiveProbe> ProbeAsync()
    {
        var began = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var charging = new ChargingService.ChargingServiceClient(channel);
        await TestServer.EventuallyAsync(
            async () => (await charging.ListPortsAsync(new ListPortsRequest())).Ports.Any(p => p.LastMeter?.Time >= began),
            "devices report");
        return new LiveProbe(channel, "load-0001");
    }

    // One message in so many names port 99, so that dead letters are part of the account.
    private Task<LoadResult> LoadAsync(TimeSpan duration, CancellationToken stopping) => new LoadRun(
        new LoadOptions(new DnsEndPoint("127.0.0.1", mqttPort))
        {
            Connections = Devices, Window = 20, Rate = rate, LedgerPath = ledger, BadEvery = badEvery,
            UntilStopped = duration < TimeSpan.Zero, Duration = duration,
        },
        TimeProvider.System).RunAsync(stopping);
}
