using System.Net.Sockets;
using System.Threading.Channels;

namespace SmartCity.Tests.Network;

/// <summary>One connection through a <see cref="TcpFaultProxy"/>: the two sockets and the bytes between them.</summary>
internal sealed class FaultyConnection(TcpFaultProxy proxy, Socket client, Socket server, Random random) : IDisposable
{
    private const int ChunksMax = 64, ChunkBytes = 4_096;
    private readonly Lock gate = new();
    private Toxic counted = Toxic.None;
    private int untilReset, untilFlip;
    private bool isClosed;

    /// <summary>Whether bytes of it were swallowed: no end of it can go on from there.</summary>
    public bool IsPoisoned { get; private set; }

    /// <summary>Completes when both directions ended.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Begins to pass bytes.</summary>
    public void Start(Action onEnd) => Running = RunAsync(onEnd);

    /// <summary>RST on both sides.</summary>
    public void Reset()
    {
        lock (gate)
        {
            if (isClosed)
            {
                return;
            }
            isClosed = true;
        }
        foreach (var socket in (Socket[])[client, server])
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Dispose();
        }
    }

    /// <summary>Tells one side that there is no more, while it may go on.</summary>
    public void HalfClose(bool up)
    {
        try
        {
            (up ? server : client).Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Reset(); // It had ended by itself.
        }
    }

    public void Dispose() => Reset();

    private async Task RunAsync(Action onEnd)
    {
        await Task.WhenAll(PassAsync(client, server, up: true), PassAsync(server, client, up: false));
        Reset();
        onEnd();
    }

    private async Task PassAsync(Socket from, Socket to, bool up)
    {
        var chunks = Channel.CreateBounded<(byte[] Bytes, long At)>(ChunksMax);
        var reading = ReadAsync(from, chunks.Writer);
        try
        {
            await WriteAsync(chunks.Reader, to, up);
            if (!IsPoisoned)
            {
                to.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            End();
        }
        while (chunks.Reader.TryRead(out _))
        {
        }
        await reading;
    }

    // One end is gone, so the other one goes, unless nothing gets through to it.
    private void End()
    {
        if (!IsPoisoned)
        {
            Reset();
        }
    }

    private async Task ReadAsync(Socket from, ChannelWriter<(byte[] Bytes, long At)> chunks)
    {
        var buffer = new byte[ChunkBytes];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                await chunks.WriteAsync((buffer[..count], TimeProvider.System.GetTimestamp()), proxy.Stopping);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            End();
        }
        chunks.Complete();
    }

    private async Task WriteAsync(ChannelReader<(byte[] Bytes, long At)> chunks, Socket to, bool up)
    {
        var swallows = false;
        await foreach (var (bytes, at) in chunks.ReadAllAsync(proxy.Stopping))
        {
            await DelayAsync(at);
            await proxy.PartitionEnd.WaitAsync(proxy.Stopping);
            var toxic = proxy.Toxic;
            if (swallows |= up ? toxic.SwallowsUp : toxic.SwallowsDown)
            {
                IsPoisoned = true;
                proxy.Hit();
                continue;
            }
            Count(toxic, bytes);
            if (toxic.ResetAfterBytesMax > 0 && untilReset < 0)
            {
                proxy.Hit();
                Reset();
            }
            await SendAsync(to, toxic, bytes);
        }
    }

    private async Task DelayAsync(long since)
    {
        if (proxy.Toxic is { Latency: { Ticks: > 0 } latency } toxic)
        {
            proxy.Hit();
            var left = latency + (toxic.Jitter * Next(1_000) / 1_000) - TimeProvider.System.GetElapsedTime(since);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System, proxy.Stopping);
        }
    }

    private async Task SendAsync(Socket to, Toxic toxic, byte[] bytes)
    {
        var slice = toxic.SliceBytes > 0 ? toxic.SliceBytes : toxic.BytesPerSecond > 0 ? toxic.BytesPerSecond / 50 : bytes.Length;
        for (var at = 0; at < bytes.Length; at += slice)
        {
            var piece = bytes.AsMemory(at, Math.Min(slice, bytes.Length - at));
            await to.SendAsync(piece, proxy.Stopping);
            if (slice < bytes.Length)
            {
                proxy.Hit();
            }
            if (toxic.BytesPerSecond > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds((double)piece.Length / toxic.BytesPerSecond), TimeProvider.System, proxy.Stopping);
            }
        }
    }

    // Both directions use the random numbers of the connection.
    private void Count(Toxic toxic, byte[] bytes)
    {
        lock (gate)
        {
            if (!ReferenceEquals(counted, toxic))
            {
                counted = toxic;
                untilReset = toxic.ResetAfterBytesMax > 0 ? random.Next(toxic.ResetAfterBytesMax) : 0;
                untilFlip = toxic.CorruptEveryMax > 0 ? random.Next(toxic.CorruptEveryMax) : 0;
            }
            untilReset -= bytes.Length;
            if (toxic.CorruptEveryMax > 0 && (untilFlip -= bytes.Length) < 0)
            {
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                untilFlip = random.Next(toxic.CorruptEveryMax);
                proxy.Hit();
            }
        }
    }

    private int Next(int max)
    {
        lock (gate)
        {
            return random.Next(max);
        }
    }
}
