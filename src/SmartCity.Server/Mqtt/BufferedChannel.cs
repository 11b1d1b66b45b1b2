using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Channel;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Implementations;

namespace SmartCity.Server.Mqtt;

/// <summary>A connection that reads what has come at once and sends together what is sent meanwhile. MQTTnet's own asks the system
/// three times for each message and once more for each acknowledgement, which is half of what a message costs it.</summary>
internal sealed class BufferedChannel(IMqttChannel channel) : IMqttChannel
{
    private const int ReadBytes = 64 * 1024;
    private const int SendBytes = 64 * 1024;

    // What is left to be sent at the end is acknowledgements and DISCONNECT: without them the broker sends again.
    private static readonly TimeSpan LastSendMax = TimeSpan.FromSeconds(1);

    private readonly Pipe leaving = new(new PipeOptions(
        pauseWriterThreshold: SendBytes, resumeWriterThreshold: SendBytes / 2, useSynchronizationContext: false));
    private readonly byte[] arrived = new byte[ReadBytes];
    private int next;
    private int end;
    private Task sending = Task.CompletedTask;

    public X509Certificate2? ClientCertificate => channel.ClientCertificate;

    public EndPoint? RemoteEndPoint => channel.RemoteEndPoint;

    public EndPoint? LocalEndPoint => channel.LocalEndPoint;

    public bool IsSecureConnection => channel.IsSecureConnection;

    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        await channel.ConnectAsync(cancellationToken);
        sending = SendAsync();
    }

    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        leaving.Reader.CancelPendingRead();
        await sending.WaitAsync(LastSendMax, TimeProvider.System, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await channel.DisconnectAsync(cancellationToken);
    }

    public async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (next == end)
        {
            (next, end) = (0, await channel.ReadAsync(arrived, 0, arrived.Length, cancellationToken));
        }
        var taken = Math.Min(count, end - next);
        arrived.AsSpan(next, taken).CopyTo(buffer.AsSpan(offset));
        next += taken;
        return taken;
    }

    /// <summary>Queues a packet; waits only while too much waits already.</summary>
    /// <exception cref="MqttCommunicationException">The connection is closed.</exception>
    public async Task WriteAsync(ReadOnlySequence<byte> buffer, bool isEndOfPacket, CancellationToken cancellationToken)
    {
        foreach (var part in buffer)
        {
            leaving.Writer.Write(part.Span);
        }
        // What could not be sent before is thrown here.
        if (isEndOfPacket && (await leaving.Writer.FlushAsync(cancellationToken)).IsCompleted)
        {
            throw new MqttCommunicationException("The connection is closed.");
        }
    }

    public void Dispose()
    {
        leaving.Reader.CancelPendingRead();
        channel.Dispose();
    }

    // Ends when asked to, after what waits; or with the connection, which then throws at the next write.
    private async Task SendAsync()
    {
        Exception? failure = null;
        try
        {
            for (var more = true; more;)
            {
                var read = await leaving.Reader.ReadAsync();
                if (!read.Buffer.IsEmpty)
                {
                    await channel.WriteAsync(read.Buffer, isEndOfPacket: true, CancellationToken.None);
                }
                leaving.Reader.AdvanceTo(read.Buffer.End);
                more = !read.IsCanceled;
            }
        }
        catch (Exception e)
        {
            failure = e;
        }
        await leaving.Reader.CompleteAsync(failure);
    }

    /// <summary>Gives MQTTnet's client such connections.</summary>
    public sealed class Factory : IMqttClientAdapterFactory
    {
        public IMqttChannelAdapter CreateClientAdapter(
            MqttClientOptions options, MqttPacketInspector packetInspector, IMqttNetLogger logger)
        {
            var writer = new MqttBufferWriter(options.WriterBufferSize, options.WriterBufferSizeMax);
            var formatter = new MqttPacketFormatterAdapter(options.ProtocolVersion, writer);
            return new MqttChannelAdapter(new BufferedChannel(new MqttTcpChannel(options)), formatter, logger)
            {
                AllowPacketFragmentation = options.AllowPacketFragmentation,
                PacketInspector = packetInspector,
            };
        }
    }
}
