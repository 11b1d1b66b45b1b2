using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace SmartCity.Simulator.Mqtt;

/// <summary>One TCP connection to a broker. One caller sends, one receives; sending and receiving may overlap.</summary>
internal sealed class MqttConnection : IDisposable
{
    private const byte ConnAckHeader = 0x20, PubAckHeader = 0x40, DisconnectHeader = 0xE0;
    private readonly Socket socket;
    private readonly byte[] received = new byte[4096];
    private int filled;

    private MqttConnection(Socket socket) => this.socket = socket;

    /// <summary>How many messages the broker takes unacknowledged.</summary>
    public int ReceiveMaximum { get; private set; }

    /// <summary>Connects and waits for the broker's consent.</summary>
    /// <exception cref="SocketException">Nobody listens, or the connection broke.</exception>
    /// <exception cref="MqttException">The broker refused.</exception>
    public static async Task<MqttConnection> OpenAsync(DnsEndPoint broker, MqttSession session, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var connection = new MqttConnection(socket);
        try
        {
            await socket.ConnectAsync(broker, cancellation);
            await connection.SendAsync(MqttWire.ConnectPacket(session), cancellation);
            await connection.ReadConnAckAsync(cancellation);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> packets, CancellationToken cancellation)
    {
        while (packets.Length > 0)
        {
            packets = packets[await socket.SendAsync(packets, cancellation)..];
        }
    }

    /// <summary>Sends and waits for the kernel to take it: for small packets from a loop that must not be suspended.</summary>
    public void Send(ReadOnlySpan<byte> packets)
    {
        while (packets.Length > 0)
        {
            packets = packets[socket.Send(packets)..];
        }
    }

    /// <summary>Waits for bytes and puts the acknowledgements among them into <paramref name="acks"/> (cleared first).</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="MqttException">The broker closed the connection, and why.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))] // Once a message: no garbage for each.
    public async ValueTask ReceiveAsync(List<PubAck> acks, CancellationToken cancellation)
    {
        acks.Clear();
        await FillAsync(cancellation);
        var at = 0;
        while (MqttWire.TryReadPacket(received.AsSpan(at, filled - at), out var header, out var body, out var consumed))
        {
            at += consumed;
            Take(header, body, acks);
        }
        Consume(at);
    }

    public void Dispose() => socket.Dispose();

    private static void Take(byte header, ReadOnlySpan<byte> body, List<PubAck> acks)
    {
        if (header == PubAckHeader)
        {
            acks.Add(new PubAck(BinaryPrimitives.ReadUInt16BigEndian(body), body.Length > 2 ? body[2] : (byte)0));
        }
        else if (header == DisconnectHeader)
        {
            throw new MqttException($"The broker closed the connection with reason 0x{(body.Length > 0 ? body[0] : 0):X2}.");
        }
    }

    private async ValueTask ReadConnAckAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await FillAsync(cancellation);
            if (MqttWire.TryReadPacket(received.AsSpan(0, filled), out var header, out var body, out var consumed))
            {
                ReceiveMaximum = header == ConnAckHeader
                    ? MqttWire.ReadConnAck(body)
                    : throw new MqttException("The broker did not answer CONNECT with CONNACK.");
                Consume(consumed);
                return;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FillAsync(CancellationToken cancellation)
    {
        if (filled == received.Length)
        {
            throw new MqttException("The broker sent a packet larger than any a publisher expects.");
        }
        var count = await socket.ReceiveAsync(received.AsMemory(filled), cancellation);
        if (count == 0)
        {
            throw new SocketException((int)SocketError.ConnectionReset);
        }
        filled += count;
    }

    private void Consume(int count)
    {
        received.AsSpan(count, filled - count).CopyTo(received);
        filled -= count;
    }
}
