using Grpc.Net.Client;
using SmartCity.Protocol.V1;

namespace SmartCity.Tests.EndToEnd;

/// <summary>Asks for the live state again and again while devices report, and keeps how old it was at worst.</summary>
internal sealed class LiveProbe : IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(200);

    private readonly ChargingService.ChargingServiceClient charging;
    private readonly string device;
    private readonly CancellationTokenSource stop = new();
    private readonly Task asking;

    /// <param name="device">One that reports several times a second on its port 1.</param>
    public LiveProbe(GrpcChannel channel, string device)
    {
        (charging, this.device) = (new(channel), device);
        asking = AskAsync();
    }

    /// <summary>How long after a measurement an answer still showed the one before it, at worst.</summary>
    public TimeSpan OldestAnswer { get; private set; }

    /// <summary>Whether the live state shows the code as open on the port.</summary>
    public async Task<bool> ShowsAsync(int port, int code) =>
        (await PortsAsync()).Any(p => p.Port_ == port && p.FaultCodes.Contains(code));

    /// <summary>Stops asking.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await asking;
        stop.Dispose();
    }

    private async Task AskAsync()
    {
        using var timer = new PeriodicTimer(Every, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                var measured = (await PortsAsync()).Max(p => p.LastMeter?.Time ?? 0);
                var age = TimeProvider.System.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(measured);
                OldestAnswer = measured > 0 && age > OldestAnswer ? age : OldestAnswer;
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }

    private async Task<IReadOnlyList<Port>> PortsAsync() => (await charging.ListPortsAsync(
        new ListPortsRequest { Scope = new Scope { PileIds = { device } } }, cancellationToken: CancellationToken.None)).Ports;
}
