using System.Threading.Channels;

namespace SmartCity.Server.Mqtt;

/// <summary>Acknowledges the messages of one connection in the order they came, each once it is durable and not before.</summary>
internal sealed class AckQueue(TimeProvider clock)
{
    // An acknowledgement that cannot be sent for this long is lost with its place in the broker's window: start anew.
    private static readonly TimeSpan SendMax = TimeSpan.FromSeconds(30);

    private readonly Channel<(Task Durable, Func<CancellationToken, Task> Acknowledge)> waiting =
        Channel.CreateUnbounded<(Task, Func<CancellationToken, Task>)>(new UnboundedChannelOptions { SingleReader = true });

    // A channel for a single reader does not count.
    private int count;

    /// <summary>Messages that wait. The broker's Receive Maximum bounds those of QoS 1.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Queues a message. Call in the order of arrival.</summary>
    public void Enter(Task durable, Func<CancellationToken, Task> acknowledge)
    {
        Interlocked.Increment(ref count);
        waiting.Writer.TryWrite((durable, acknowledge));
    }

    /// <summary>Runs until cancelled or until a message could not be made durable or acknowledged; nothing is acknowledged
    /// after it ended.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await foreach (var (durable, acknowledge) in waiting.Reader.ReadAllAsync(cancellation))
        {
            await durable.WaitAsync(cancellation);
            cancellation.ThrowIfCancellationRequested();
            await acknowledge(cancellation).WaitAsync(SendMax, clock, cancellation);
            Interlocked.Decrement(ref count);
        }
    }
}
