using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;
using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;

namespace SmartCity.Server.Mqtt;

/// <summary>Stands between a device's connection and the broker: ends what is too large, too slow or too many before it
/// costs memory. Time is monotonic: a step of the wall clock disconnects nobody.</summary>
internal sealed class FrameGuard(IOptions<MqttOptions> options, TimeProvider clock, ProblemLog problems)
{
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FrameMax = TimeSpan.FromSeconds(30);

    // By the specification a device is silent for too long after one and a half times its keep-alive.
    private const double KeepAliveFactor = 1.5;

    private readonly TimeSpan idleMax = TimeSpan.FromMinutes(options.Value.IdleMinutes);
    private int connections;

    /// <summary>Connections at the moment.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>Runs the broker on a connection for as long as it behaves.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate broker)
    {
        if (Interlocked.Increment(ref connections) > options.Value.MaxConnections)
        {
            Interlocked.Decrement(ref connections);
            Refuse(connection, "more connections than Mqtt:MaxConnections allows");
            return;
        }
        try
        {
            var scan = new FrameScan();
            var reader = new GuardedReader(connection.Transport.Input, scan, clock, problem => Refuse(connection, problem));
            connection.Transport = new Duplex(reader, connection.Transport.Output);
            Watch(connection, scan, reader);
            await broker(connection);
        }
        finally
        {
            Interlocked.Decrement(ref connections);
        }
    }

    /// <summary>Why a connection has to end now; null when it need not.</summary>
    internal string? TooSlow(FrameScan scan, GuardedReader reader, TimeSpan age)
    {
        if (!scan.Connected)
        {
            return age > ConnectMax ? "no CONNECT within 5 s" : null;
        }
        if (reader.Frame > FrameMax)
        {
            return "a packet takes longer than 30 s";
        }
        var silenceMax = scan.KeepAlive > TimeSpan.Zero ? scan.KeepAlive * KeepAliveFactor : idleMax;
        return reader.Waiting > silenceMax ? "no sign of life within the keep-alive" : null;
    }

    private void Watch(ConnectionContext connection, FrameScan scan, GuardedReader reader)
    {
        var since = clock.GetTimestamp();
        // Kestrel's own heartbeat, once a second: no timer per device.
        connection.Features.Get<IConnectionHeartbeatFeature>()?.OnHeartbeat(
            _ =>
            {
                if (TooSlow(scan, reader, clock.GetElapsedTime(since)) is { } problem)
                {
                    Refuse(connection, problem);
                }
            },
            connection);
    }

    private void Refuse(ConnectionContext connection, string problem)
    {
        problems.Report("connections ended by the frame guard", problem);
        connection.Abort(new ConnectionAbortedException(problem));
    }

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }
}
