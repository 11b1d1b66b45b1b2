using SmartCity.Protocol.V1;

namespace SmartCity.Benchmarks;

/// <summary>Follows how much processor time the server takes for each message it acknowledges.</summary>
internal sealed class ServerCost : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly List<(TimeSpan Cpu, long Messages)> samples = [];
    private readonly RunningServer server;
    private readonly Task loop;

    /// <summary>Begins to look once a second.</summary>
    public ServerCost(RunningServer server)
    {
        this.server = server;
        loop = RunAsync(stopping.Token);
    }

    /// <summary>Ends; then the costs can be read.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await loop;
    }

    /// <summary>µs of processor time a message from the first one on.</summary>
    public double Whole => Between(samples.FindLastIndex(s => s.Messages <= samples[0].Messages), samples.Count - 1);

    /// <summary>The same in the second half, when the code is compiled.</summary>
    public double Warm => Between(samples.Count / 2, samples.Count - 1);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    private double Between(int from, int to) =>
        (samples[to].Cpu - samples[from].Cpu).TotalMicroseconds / Math.Max(1, samples[to].Messages - samples[from].Messages);

    private static async ValueTask<bool> TickAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var operations = new OperationsService.OperationsServiceClient(server.Channel);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        do
        {
            var status = await operations.GetIngestStatusAsync(new GetIngestStatusRequest(), cancellationToken: CancellationToken.None);
            samples.Add((server.Cpu, status.JournalPosition));
        }
        while (await TickAsync(timer, stop));
    }
}
