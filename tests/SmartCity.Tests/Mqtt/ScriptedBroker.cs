using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace SmartCity.Tests.Mqtt;

/// <summary>A broker that does what a test says: one client, MQTT 5, messages of QoS 1 with the packet ids it likes.</summary>
internal sealed class ScriptedBroker : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);

    public ScriptedBroker() => listener.Start();

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Takes the next connection as far as its first subscription.</summary>
    public async Task<ScriptedConnection> AcceptAsync(CancellationToken cancellation)
    {
        var connection = new ScriptedConnection(await listener.AcceptSocketAsync(cancellation));
        await connection.Subscribed.WaitAsync(cancellation);
        return connection;
    }

    public void Dispose() => listener.Dispose();
}

/// <summary>One connection of it.</summary>
internal sealed class ScriptedConnection : IDisposable
{
    private readonly NetworkStream stream;
    private readonly Socket socket;
    private readonly Channel<ushort> acks = Channel.CreateUnbounded<ushort>();
    private readonly TaskCompletionSource subscribed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ScriptedConnection(Socket socket)
    {
        (this.socket, stream) = (socket, new NetworkStream(socket, ownsSocket: true));
        Reading = ReadAsync();
    }

    public Task Subscribed => subscribed.Task;

    /// <summary>The packet ids that the client acknowledges, as they come; ends with the connection.</summary>
    public ChannelReader<ushort> Acks => acks.Reader;

    /// <summary>Ends with the connection.</summary>
    public Task Reading { get; }

    /// <summary>Signs of life that the client asked for.</summary>
    public int Pings { get; private set; }

    /// <summary>Answers no more.</summary>
    public bool IsMute { get; set; }

    public async Task PublishAsync(ushort packetId, string topic, string payload, bool again = false)
    {
        var topicBytes = Encoding.UTF8.GetBytes(topic);
        byte[] body =
        [
            (byte)(topicBytes.Length >> 8), (byte)topicBytes.Length, .. topicBytes, (byte)(packetId >> 8), (byte)packetId, 0,
            .. Encoding.UTF8.GetBytes(payload),
        ];
        await SendAsync((byte)(again ? 0x3A : 0x32), body);
    }

    /// <summary>Ends the connection at once.</summary>
    public void Cut()
    {
        socket.LingerState = new LingerOption(true, 0);
        stream.Dispose();
    }

    public void Dispose() => stream.Dispose();

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var (type, body) = await ReadPacketAsync();
                switch (type >> 4)
                {
                    case 1:
                        await SendAsync(0x20, [0, 0, 0]);
                        break;
                    case 4:
                        acks.Writer.TryWrite(BinaryPrimitives.ReadUInt16BigEndian(body));
                        break;
                    case 8:
                        await SendAsync(0x90, [body[0], body[1], 0, .. Enumerable.Repeat((byte)1, FiltersIn(body.AsSpan(3)))]);
                        subscribed.TrySetResult();
                        break;
                    case 10:
                        await SendAsync(0xB0, [body[0], body[1], 0, 0]);
                        break;
                    case 12:
                        Pings++;
                        await (IsMute ? Task.CompletedTask : SendAsync(0xD0, []));
                        break;
                    default:
                        break;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            acks.Writer.TryComplete(); // One side ended the connection.
        }
    }

    private static int FiltersIn(ReadOnlySpan<byte> filters)
    {
        var count = 0;
        for (; filters.Length > 0; count++)
        {
            filters = filters[(2 + BinaryPrimitives.ReadUInt16BigEndian(filters) + 1)..];
        }
        return count;
    }

    private async Task<(byte Type, byte[] Body)> ReadPacketAsync()
    {
        var one = new byte[1];
        await stream.ReadExactlyAsync(one);
        var type = one[0];
        var (length, shift) = (0, 0);
        do
        {
            await stream.ReadExactlyAsync(one);
            length |= (one[0] & 0x7F) << shift;
            shift += 7;
        }
        while ((one[0] & 0x80) != 0);
        var body = new byte[length];
        await stream.ReadExactlyAsync(body);
        return (type, body);
    }

    private async Task SendAsync(byte type, byte[] body)
    {
        List<byte> packet = [type];
        var left = body.Length;
        do
        {
            packet.Add((byte)((left & 0x7F) | (left > 0x7F ? 0x80 : 0)));
            left >>= 7;
        }
        while (left > 0);
        await stream.WriteAsync((byte[])[.. packet, .. body]);
    }
}
