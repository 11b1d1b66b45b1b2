using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SmartCity.Tests.Network;

/// <summary>Stands between who connects and who listens on 127.0.0.1, and makes the link between them as bad as it is told to. What it
/// chooses follows from its seed.</summary>
internal sealed class TcpFaultProxy : IAsyncDisposable
{
    private readonly int target;
    private readonly Random random;
    private readonly Lock choosing = new(); // Who connects and who is struck is chosen by two tasks.
    private readonly TimeSpan strikeEvery;
    private readonly ConcurrentDictionary<FaultyConnection, bool> connections = new();
    private readonly CancellationTokenSource stop = new();
    private readonly List<Task> accepting = [];
    private Socket? listener;
    private CancellationTokenSource healed = new();
    private Task striking = Task.CompletedTask;
    private TaskCompletionSource partitioned = Passing();
    private long hits;

    /// <param name="target">Where who listens does so.</param>
    /// <param name="strikeEvery">How long at most until connections are struck once more, by a toxic that does this.</param>
    public TcpFaultProxy(int target, int seed, TimeSpan strikeEvery)
    {
        (this.target, this.strikeEvery, random) = (target, strikeEvery, new Random(seed));
        Listen();
        Port = ((IPEndPoint)listener!.LocalEndPoint!).Port;
    }

    /// <summary>Where to connect instead.</summary>
    public int Port { get; }

    /// <summary>What is wrong at the moment.</summary>
    public Toxic Toxic { get; private set; } = Toxic.None;

    /// <summary>How often the toxic did something to bytes or connections.</summary>
    public long Hits => Interlocked.Read(ref hits);

    /// <summary>Completed while bytes may pass.</summary>
    public Task PartitionEnd => Volatile.Read(ref partitioned).Task;

    public CancellationToken Stopping => stop.Token;

    /// <summary>Counts one thing done.</summary>
    public void Hit() => Interlocked.Increment(ref hits);

    /// <summary>Makes the link bad.</summary>
    public void Poison(Toxic toxic)
    {
        Interlocked.Exchange(ref hits, 0);
        Toxic = toxic;
        if (toxic.Refuses)
        {
            listener!.Dispose();
        }
        if (toxic.CutsFirst)
        {
            ResetWhere(_ => true);
        }
        if (toxic.Strike != Strike.Nothing)
        {
            striking = StrikeAsync(toxic.Strike, healed.Token);
        }
    }

    /// <summary>Makes the link good again.</summary>
    /// <param name="tells">Whether both ends are told of connections that lost bytes; else they have to find out.</param>
    public async Task HealAsync(bool tells)
    {
        await healed.CancelAsync();
        await striking;
        healed.Dispose();
        healed = new CancellationTokenSource();
        if (Toxic.Refuses)
        {
            Listen();
        }
        Toxic = Toxic.None;
        if (tells)
        {
            ResetWhere(connection => connection.IsPoisoned);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await HealAsync(tells: true);
        await stop.CancelAsync();
        listener!.Dispose();
        ResetWhere(_ => true);
        await Task.WhenAll(accepting);
        await Task.WhenAll(connections.Keys.Select(connection => connection.Running));
        stop.Dispose();
        healed.Dispose();
    }

    private static TaskCompletionSource Passing()
    {
        var passing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        passing.SetResult();
        return passing;
    }

    private void Listen()
    {
        listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, Port));
        listener.Listen();
        accepting.Add(AcceptAsync(listener));
    }

    private async Task AcceptAsync(Socket from)
    {
        while (true)
        {
            try
            {
                await ConnectAsync(await from.AcceptAsync(stop.Token));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                return; // Nobody listens any more.
            }
        }
    }

    private async Task ConnectAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        (client.NoDelay, server.NoDelay) = (true, true);
        var connection = new FaultyConnection(this, client, server, new Random((int)(int.MaxValue * Choose())));
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, stop.Token);
        }
        catch (SocketException)
        {
            connection.Reset(); // Who should listen does not.
            return;
        }
        connections[connection] = true;
        connection.Start(() => connections.TryRemove(connection, out _));
    }

    // From 0 to 1.
    private double Choose()
    {
        lock (choosing)
        {
            return random.NextDouble();
        }
    }

    private void ResetWhere(Func<FaultyConnection, bool> which)
    {
        foreach (var connection in connections.Keys.Where(which))
        {
            Hit();
            connection.Reset();
        }
    }

    private async Task StrikeAsync(Strike strike, CancellationToken end)
    {
        try
        {
            while (true)
            {
                await Task.Delay(strikeEvery * Choose(), TimeProvider.System, end);
                await StrikeOnceAsync(strike, end);
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            Volatile.Read(ref partitioned).TrySetResult();
        }
    }

    private async Task StrikeOnceAsync(Strike strike, CancellationToken end)
    {
        var struck = connections.Keys.ToList();
        if (struck.Count == 0)
        {
            return;
        }
        switch (strike)
        {
            case Strike.Partition:
                Hit();
                Volatile.Write(ref partitioned, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
                await Task.Delay(strikeEvery * Choose(), TimeProvider.System, end);
                partitioned.SetResult();
                break;
            case Strike.HalfClose:
                Hit();
                struck.ForEach(connection => connection.HalfClose(up: Choose() < 0.5));
                await Task.Delay(strikeEvery * Choose(), TimeProvider.System, end);
                struck.ForEach(connection => connection.Reset());
                break;
            default:
                Hit();
                struck.ForEach(connection => connection.Reset());
                break;
        }
    }
}
