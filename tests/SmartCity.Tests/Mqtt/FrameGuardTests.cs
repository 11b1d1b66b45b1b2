using System.Net.Sockets;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Mqtt;

public sealed class FrameGuardTests : IAsyncLifetime
{
    private static readonly byte[] Connect = [0x10, 13, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 1, 0, 1, (byte)'a'];

    private TestServer server = null!;

    public async ValueTask InitializeAsync() => server = await TestServer.StartAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Whoever_does_not_begin_with_connect_is_cut_off() =>
        Assert.True(await IsCutOffAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray()));

    [Fact]
    public async Task Whoever_says_nothing_is_cut_off_within_seconds() => Assert.True(await IsCutOffAsync([]));

    [Fact]
    public async Task A_connect_that_announces_256_MiB_is_cut_off() => Assert.True(await IsCutOffAsync([0x10, 0xFF, 0xFF, 0xFF, 0x7F]));

    [Fact]
    public async Task A_publish_that_announces_1_MiB_is_cut_off() => Assert.True(await IsCutOffAsync([.. Connect, 0x32, 0x80, 0x80, 0x40]));

    [Fact]
    public async Task A_device_that_breaks_its_keep_alive_of_one_second_is_cut_off() => Assert.True(await IsCutOffAsync(Connect));

    [Fact]
    public async Task More_connections_than_allowed_are_cut_off()
    {
        await using var small = await TestServer.StartAsync(settings: ["--Mqtt:MaxConnections=1"]);
        await using var first = await TestDevice.ConnectAsync(small.MqttPort);
        Assert.True(await IsCutOffAsync([], small.MqttPort, TimeSpan.FromSeconds(2)));
    }

    private async Task<bool> IsCutOffAsync(byte[] bytes, int? port = null, TimeSpan? within = null)
    {
        using var client = new TcpClient();
        var buffer = new byte[64];
        using var patience = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(10));
        try
        {
            await client.ConnectAsync("127.0.0.1", port ?? server.MqttPort, TestContext.Current.CancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(bytes, TestContext.Current.CancellationToken);
            while (await stream.ReadAsync(buffer, patience.Token) > 0)
            {
            }
            return true;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return true; // Reset, perhaps before the connecting side noticed that it was connected.
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
