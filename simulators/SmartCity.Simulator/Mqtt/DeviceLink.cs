using System.Net;
using System.Net.Sockets;

namespace SmartCity.Simulator.Mqtt;

/// <summary>
/// A device's way to the broker: an outbox that empties while connected, with at most <see cref="WindowMax"/> messages
/// unacknowledged. What was not acknowledged before a break is sent again, the same bytes, in the same order.
/// </summary>
internal sealed class DeviceLink(
    DnsEndPoint broker, MqttSession session, LinkCounters counters, TimeProvider clock, Random jitter) : IDisposable
{
    public const int WindowMax = 16;
    private static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(10), RefusedWait = TimeSpan.FromSeconds(2);
    private readonly Lock gate = new();
    private readonly PriorityQueue<Outgoing, long> waiting = new();
    private readonly Dictionary<ushort, (Outgoing Message, long Order)> inFlight = [];
    private readonly SemaphoreSlim work = new(0, 1);
    private long nextOrder;
    private ushort nextPacketId;
    private bool pingDue;
    private CancellationTokenSource? connected;
    private TaskCompletionSource? paused;

    /// <summary>Puts a message into the outbox.</summary>
    public void Post(Outgoing message)
    {
        lock (gate)
        {
            waiting.Enqueue(message, nextOrder++);
        }
        counters.Posted();
        Wake();
    }

    /// <summary>Keeps the connection alive; to be called well within the keep-alive time.</summary>
    public void PingWhenIdle()
    {
        pingDue = true;
        Wake();
    }

    /// <summary>Breaks the connection without a goodbye, as a lost radio link does, until <see cref="Resume"/>.</summary>
    public void Drop()
    {
        lock (gate)
        {
            paused ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            connected?.Cancel();
        }
    }

    public void Resume()
    {
        lock (gate)
        {
            paused?.SetResult();
            paused = null;
        }
    }

    /// <summary>Connects, and connects again after every break, until told to stop.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await WhilePausedAsync(stopping);
                using var connection = await MqttConnection.OpenAsync(broker, session, stopping);
                failures = 0;
                counters.Connected(1);
                await ServeAsync(connection, stopping);
            }
            catch (Exception e) when (e is SocketException or MqttException or OperationCanceledException)
            {
                counters.LastProblem = e is OperationCanceledException ? counters.LastProblem : e.Message;
            }
            TakeBack();
            if (!stopping.IsCancellationRequested)
            {
                await BackOffAsync(failures++, stopping);
            }
        }
    }

    public void Dispose() => work.Dispose();

    private async Task ServeAsync(MqttConnection connection, CancellationToken stopping)
    {
        using var live = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        lock (gate)
        {
            connected = live;
            if (paused is not null)
            {
                live.Cancel(); // Dropped while it was connecting.
            }
        }
        try
        {
            var receive = ReceiveAsync(connection, live.Token);
            var send = SendAsync(connection, live.Token);
            var first = await Task.WhenAny(receive, send);
            await live.CancelAsync();
            try
            {
                await first;
            }
            finally
            {
                await Task.WhenAll(receive, send).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            lock (gate)
            {
                connected = null;
            }
            counters.Connected(-1);
            await SayGoodbyeAsync(connection, stopping);
        }
    }

    private static async Task SayGoodbyeAsync(MqttConnection connection, CancellationToken stopping)
    {
        if (!stopping.IsCancellationRequested)
        {
            return; // The link broke; the Will is the goodbye.
        }
        try
        {
            await connection.SendAsync(MqttWire.Goodbye.ToArray(), CancellationToken.None);
        }
        catch (SocketException)
        {
            // The broker went first; there is nobody left to tell.
        }
    }

    private async Task SendAsync(MqttConnection connection, CancellationToken live)
    {
        var buffer = new byte[16 * 1024];
        var window = Math.Min(WindowMax, connection.ReceiveMaximum);
        while (true)
        {
            while (TryWriteNext(window, ref buffer, out var length))
            {
                await connection.SendAsync(buffer.AsMemory(0, length), live);
                counters.Sent();
            }
            if (pingDue)
            {
                pingDue = false;
                await connection.SendAsync(MqttWire.Ping.ToArray(), live);
            }
            await work.WaitAsync(live);
        }
    }

    private bool TryWriteNext(int window, ref byte[] buffer, out int length)
    {
        length = 0;
        lock (gate)
        {
            if (inFlight.Count >= window || !waiting.TryDequeue(out var message, out var order))
            {
                return false;
            }
            do
            {
                nextPacketId = (ushort)(nextPacketId == ushort.MaxValue ? 1 : nextPacketId + 1);
            }
            while (!inFlight.TryAdd(nextPacketId, (message, order)));
            var most = MqttWire.PublishBytesMax(message.Topic.Length, message.ContentType, message.Payload.Length);
            if (buffer.Length < most)
            {
                buffer = new byte[most];
            }
            length = MqttWire.WritePublish(
                buffer, message.Topic.Span, nextPacketId, message.ContentType, message.Retain, message.Payload.Span);
            return true;
        }
    }

    private async Task ReceiveAsync(MqttConnection connection, CancellationToken live)
    {
        var acks = new List<PubAck>();
        while (true)
        {
            await connection.ReceiveAsync(acks, live);
            var refused = false;
            foreach (var ack in acks)
            {
                refused |= Settle(ack);
            }
            if (refused)
            {
                await Task.Delay(RefusedWait, clock, live);
            }
            Wake();
        }
    }

    /// <summary>Forgets an acknowledged message; puts a refused one back. Gives whether it was refused.</summary>
    private bool Settle(PubAck ack)
    {
        Outgoing? done;
        lock (gate)
        {
            if (!inFlight.Remove(ack.PacketId, out var entry))
            {
                return false;
            }
            if (ack.Refused)
            {
                waiting.Enqueue(entry.Message, entry.Order);
            }
            done = ack.Refused ? null : entry.Message;
        }
        if (done is null)
        {
            counters.Refused();
            return true;
        }
        counters.Acked();
        done.Acked?.Invoke();
        return false;
    }

    private void TakeBack()
    {
        lock (gate)
        {
            foreach (var (message, order) in inFlight.Values)
            {
                waiting.Enqueue(message, order);
            }
            inFlight.Clear();
        }
    }

    private async Task WhilePausedAsync(CancellationToken stopping)
    {
        Task? wait;
        lock (gate)
        {
            wait = paused?.Task;
        }
        if (wait is not null)
        {
            await wait.WaitAsync(stopping);
        }
    }

    private async Task BackOffAsync(int failures, CancellationToken stopping)
    {
        var most = Math.Min(RetryMax.TotalSeconds, 0.2 * Math.Pow(2, Math.Min(failures, 10)));
        await Task.Delay(TimeSpan.FromSeconds(most * (0.5 + (jitter.NextDouble() / 2))), clock, stopping)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Wake()
    {
        lock (work)
        {
            if (work.CurrentCount == 0)
            {
                work.Release();
            }
        }
    }
}
