using System.Globalization;
using Grpc.Net.Client;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Running;

namespace SmartCity.Simulator.Load;

/// <summary>Many devices that send as hard as they may, and what came of it.</summary>
internal sealed class LoadRun(LoadOptions options, TimeProvider clock)
{
    private const int ConnectingMax = 64;
    private static readonly TimeSpan PaceEvery = TimeSpan.FromMilliseconds(2), CheckEvery = TimeSpan.FromMilliseconds(20);
    private readonly LatencyHistogram latency = new();
    private LoadConnection[] connections = [];
    private int nextGranted;
    private double sendingSeconds;
    private long lastAcked;

    private string DevicePrefix => options.Area == DistrictPlan.DistrictId ? "load-" : $"load-{options.Area}-";

    /// <summary>Runs and gives the result; cancelling ends it early but cleanly.</summary>
    public async Task<LoadResult> RunAsync(CancellationToken stopping)
    {
        var boot = "load-" + clock.GetUtcNow().ToString("yyyyMMddHHmmssfff", CultureInfo.InvariantCulture);
        var ids = Enumerable.Range(1, options.Connections)
            .Select(i => DevicePrefix + i.ToString("0000", CultureInfo.InvariantCulture)).ToList();
        await RegisterAsync(ids, stopping);
        using var ledger = options.LedgerPath is null ? null : new Ledger(options.LedgerPath);
        connections = [.. ids.Select(id => new LoadConnection(
            options, id, boot, latency, ledger, clock, Seeds.Stream(options.Seed, id)))];
        using var closing = new CancellationTokenSource();
        using var connecting = new SemaphoreSlim(ConnectingMax);
        var running = Task.WhenAll(connections.Select(c => c.RunAsync(connecting, closing.Token)));
        await ProgressLine.ShowAsync(Describe, clock, SendAsync, stopping);
        await DrainAsync();
        await closing.CancelAsync();
        await running;
        return Result();
    }

    private async Task SendAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var began = clock.GetTimestamp();
        if (!options.UntilStopped)
        {
            limit.CancelAfter(options.Duration);
        }
        try
        {
            using var timer = new PeriodicTimer(options.Rate > 0 ? PaceEvery : CheckEvery, clock);
            for (var granted = 0.0; ;)
            {
                await timer.WaitForNextTickAsync(limit.Token);
                granted = options.Rate > 0 ? Grant(began, granted) : 0;
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over or somebody stopped us: both end well.
        }
        Array.ForEach(connections, c => c.Finish());
        sendingSeconds = clock.GetElapsedTime(began).TotalSeconds;
    }

    // Whole messages, round-robin: a thousand connections with a thousandth of a message each would send none or all.
    private double Grant(long began, double granted)
    {
        var due = Math.Floor(clock.GetElapsedTime(began).TotalSeconds * options.Rate);
        for (; granted < due; granted++)
        {
            connections[nextGranted].Grant(1);
            nextGranted = (nextGranted + 1) % connections.Length;
        }
        return granted;
    }

    private async Task DrainAsync()
    {
        var began = clock.GetTimestamp();
        while (connections.Any(c => !c.Idle) && clock.GetElapsedTime(began) < options.DrainWait)
        {
            await Task.Delay(CheckEvery, clock, CancellationToken.None);
        }
    }

    private async Task RegisterAsync(List<string> ids, CancellationToken stopping)
    {
        if (options.Grpc is null)
        {
            return;
        }
        using var server = GrpcChannel.ForAddress(options.Grpc);
        var import = new DistrictImport(server);
        await import.ImportAsync(DistrictBuilder.Build(options.Seed), clock, stopping);
        await import.ImportLoadPilesAsync(ids, LoadTemplate.Ports, stopping);
    }

    private string Describe(double seconds)
    {
        var acked = connections.Sum(c => c.Acked);
        var rate = (acked - lastAcked) / Math.Max(0.001, seconds);
        lastAcked = acked;
        var problem = connections.FirstOrDefault(c => !c.Connected && c.Problem.Length > 0)?.Problem;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"connected {connections.Count(c => c.Connected):N0}/{connections.Length:N0} | "
            + $"sent {connections.Sum(c => c.Sent):N0}, acked {acked:N0} ({rate:N0}/s) | "
            + $"PUBACK p50 {latency.PercentileMs(0.5):N1} ms, p99 {latency.PercentileMs(0.99):N1} ms")
            + (problem is null ? "" : " | " + problem);
    }

    private LoadResult Result() => new(
        connections.Sum(c => c.Sent), connections.Sum(c => c.Acked), connections.Sum(c => c.Refused),
        connections.Sum(c => c.Resent), connections.Sum(c => c.Breaks), sendingSeconds,
        latency.PercentileMs(0.5), latency.PercentileMs(0.99), latency.MaxMs);
}
