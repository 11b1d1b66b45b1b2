using System.Buffers;
using System.Net;
using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Implementations;
using SmartCity.Server.Mqtt;

namespace SmartCity.Tests.Mqtt;

public sealed class BufferedChannelTests : IDisposable
{
    private const int Packets = 20_000;
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource deadline = new(TimeSpan.FromSeconds(20));

    public BufferedChannelTests() => listener.Start();

    [Fact]
    public async Task What_is_written_arrives_whole_and_in_order_before_the_connection_ends()
    {
        var (channel, other) = await ConnectAsync();
        using (channel)
        using (other)
        {
            var reading = ReadAllAsync(other);
            for (var i = 0; i < Packets; i++)
            {
                await channel.WriteAsync(new ReadOnlySequence<byte>(BitConverter.GetBytes(i)), true, deadline.Token);
            }
            await channel.DisconnectAsync(deadline.Token);
            Assert.Equal(Enumerable.Range(0, Packets).SelectMany(BitConverter.GetBytes), await reading);
        }
    }

    [Fact]
    public async Task A_packet_in_parts_is_sent_with_its_last_part()
    {
        var (channel, other) = await ConnectAsync();
        using (channel)
        using (other)
        {
            await channel.WriteAsync(new ReadOnlySequence<byte>([1, 2]), false, deadline.Token);
            await channel.WriteAsync(new ReadOnlySequence<byte>([3]), true, deadline.Token);
            var received = new byte[3];
            await other.GetStream().ReadExactlyAsync(received, deadline.Token);
            Assert.Equal([1, 2, 3], received);
        }
    }

    [Fact]
    public async Task What_comes_is_given_in_the_pieces_asked_for_and_its_end_as_nothing()
    {
        var (channel, other) = await ConnectAsync();
        using (channel)
        using (other)
        {
            var sent = new byte[200_000];
            new Random(5).NextBytes(sent);
            var sending = SendAndCloseAsync(other, sent);
            var (got, piece) = (new List<byte>(), new byte[70_000]);
            foreach (var size in Enumerable.Range(0, int.MaxValue).Select(i => i % 3 == 0 ? 2 : i % 3 == 1 ? 1 : piece.Length - 10))
            {
                var count = await channel.ReadAsync(piece, 10, size, deadline.Token);
                Assert.InRange(count, 0, size);
                if (count == 0)
                {
                    break;
                }
                got.AddRange(piece.AsSpan(10, count));
            }
            await sending;
            Assert.Equal(sent, got);
            Assert.Equal(0, await channel.ReadAsync(piece, 0, 1, deadline.Token));
        }
    }

    [Fact]
    public async Task Writing_fails_once_the_other_side_has_reset_the_connection()
    {
        var (channel, other) = await ConnectAsync();
        using (channel)
        {
            other.LingerState = new LingerOption(true, 0);
            other.Dispose();
            await Assert.ThrowsAnyAsync<Exception>(() => WriteForeverAsync(channel));
        }
    }

    [Fact]
    public async Task Writing_to_a_closed_connection_says_that_it_is_closed()
    {
        var (channel, other) = await ConnectAsync();
        using (other)
        {
            await channel.DisconnectAsync(deadline.Token);
            await Assert.ThrowsAsync<MqttCommunicationException>(() => WriteForeverAsync(channel));
            channel.Dispose();
        }
    }

    [Fact]
    public async Task A_side_that_reads_nothing_stops_the_writer_until_the_connection_is_given_up()
    {
        var (channel, other) = await ConnectAsync();
        using (other)
        {
            var writing = WriteForeverAsync(channel);
            channel.Dispose();
            await Assert.ThrowsAnyAsync<Exception>(() => writing.WaitAsync(deadline.Token));
            Assert.False(deadline.IsCancellationRequested);
        }
    }

    public void Dispose()
    {
        listener.Dispose();
        deadline.Dispose();
    }

    private async Task WriteForeverAsync(BufferedChannel channel)
    {
        while (true)
        {
            await channel.WriteAsync(new ReadOnlySequence<byte>(new byte[4096]), true, deadline.Token);
        }
    }

    private static async Task<byte[]> ReadAllAsync(TcpClient client)
    {
        using var all = new MemoryStream();
        await client.GetStream().CopyToAsync(all);
        return all.ToArray();
    }

    private static async Task SendAndCloseAsync(TcpClient client, byte[] bytes)
    {
        await client.GetStream().WriteAsync(bytes);
        client.Client.Shutdown(SocketShutdown.Send);
    }

    private async Task<(BufferedChannel Channel, TcpClient Other)> ConnectAsync()
    {
        var options = new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port).Build();
        var channel = new BufferedChannel(new MqttTcpChannel(options));
        await channel.ConnectAsync(deadline.Token);
        return (channel, await listener.AcceptTcpClientAsync(deadline.Token));
    }
}
