using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using MQTTnet;
using MQTTnet.Exceptions;
using SmartCity.Protocol.V1;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Disks;

/// <summary>Piles that send one reading after the other and keep each until it is acknowledged, as real ones do. One reading in
/// ten names a port that does not exist.</summary>
internal sealed class DeviceLoad : IAsyncDisposable
{
    private const int Ports = 10;

    // A receipt names so many ranges of numbers and no more, and each reading that is set aside begins one.
    private const int MessagesPerBoot = 5_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Reconnect = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, bool> acknowledged = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationTokenSource abandoned = new();
    private readonly Task running;
    private long refused;

    /// <param name="count">Piles, all of them registered by <see cref="AssetsOf"/>.</param>
    public DeviceLoad(int port, int count) =>
        running = Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => SendAsync(port, $"P-{i}"))));

    /// <summary><c>device,boot,seq</c> of every message whose PUBACK said Success.</summary>
    public IReadOnlyCollection<string> Acknowledged => (IReadOnlyCollection<string>)acknowledged.Keys;

    /// <summary>How many publishes got no Success; each was sent again.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>The piles, to be imported.</summary>
    public static string AssetsOf(int count) =>
        """
        {"areas":[{"id":"220204","kind":"DISTRICT","name":"District"},
                  {"id":"north","kind":"SUBDISTRICT","name":"Subdistrict","parentId":"220204"},
                  {"id":"garden","kind":"COMPOUND","name":"Compound","parentId":"north"}],
         "piles":[
        """
        + string.Join(',', Enumerable.Range(0, count).Select(i =>
            $$"""{"id":"P-{{i}}","name":"P-{{i}}","compoundId":"garden","kind":"EBIKE_AC","ports":{{Ports}},"ratedPortPowerW":1000}"""))
        + "]}";

    /// <summary>Checks that every message that was acknowledged is in the store or set aside, once; gives the figures.</summary>
    public static async Task<string> AccountAsync(
        OperationsService.OperationsServiceClient operations, IReadOnlyCollection<string> acknowledged, string what)
    {
        var status = await Account.DrainedAsync(operations, TimeSpan.FromSeconds(60));
        var stored = await Account.StoredAsync(operations);
        var dead = await Account.DeadAsync(operations);
        var lost = acknowledged.Where(id => !stored.Contains(id) && !dead.Contains(id)).ToArray();
        var figures = $"{what}: acked {acknowledged.Count}, stored {stored.Count}, dead {dead.Count}, duplicates dropped "
            + $"{status.MessagesDuplicate}, lost {lost.Length}";
        Assert.True(lost.Length == 0, $"{figures} {string.Join(' ', lost.Take(10))}");
        Assert.DoesNotContain(stored, dead.Contains);
        Assert.NotEmpty(dead);
        Assert.Equal(status.MessagesReceived, status.MessagesStored + status.MessagesDuplicate + status.MessagesDead);
        return figures;
    }

    /// <summary>Every device is acknowledged what it has in hand, then all stop.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    /// <summary>All stop, whatever they have in hand.</summary>
    public async ValueTask DisposeAsync()
    {
        await abandoned.CancelAsync();
        await StopAsync();
        stopping.Dispose();
        abandoned.Dispose();
    }

    private async Task SendAsync(int port, string pile)
    {
        TestDevice? device = null;
        try
        {
            for (var seq = 0; !stopping.IsCancellationRequested; seq++)
            {
                var payload = Payload(seq);
                while (!await TryPublishAsync(pile, payload, device ??= await TryConnectAsync(port, pile)))
                {
                    Interlocked.Increment(ref refused);
                    Drop(device);
                    device = null;
                    if (abandoned.IsCancellationRequested)
                    {
                        return;
                    }
                    await Task.Delay(Reconnect, TimeProvider.System, CancellationToken.None);
                }
                acknowledged[$"{pile},b{seq / MessagesPerBoot},{seq}"] = true;
                await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
            }
        }
        finally
        {
            Drop(device);
        }
    }

    private static byte[] Payload(int seq)
    {
        var time = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var boot = string.Create(CultureInfo.InvariantCulture, $"b{seq / MessagesPerBoot}");
        var port = seq % 10 == 9 ? 99 : (seq % Ports) + 1;
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"boot":"{{boot}}","seq":{{seq}},"records":[{"time":{{time}},"port":{{port}},"powerW":{{seq % 900}}}]}"""));
    }

    private static async Task<TestDevice?> TryConnectAsync(int port, string pile)
    {
        try
        {
            return await TestDevice.ConnectAsync(port, pile);
        }
        catch (Exception e) when (IsOfTheWorld(e))
        {
            return null;
        }
    }

    private static async Task<bool> TryPublishAsync(string pile, byte[] payload, TestDevice? device)
    {
        try
        {
            return device is not null
                && await device.PublishAsync($"smartcity/v1/220204/pile/{pile}/meter", payload) == MqttClientPublishReasonCode.Success;
        }
        catch (Exception e) when (IsOfTheWorld(e))
        {
            return false;
        }
    }

    private static void Drop(TestDevice? device)
    {
        try
        {
            device?.Vanish();
        }
        catch (ObjectDisposedException)
        {
            // MQTTnet may be disposing of the same connection itself, because it just broke.
        }
    }

    private static bool IsOfTheWorld(Exception e) => e is MqttCommunicationException or MqttClientNotConnectedException
        or MqttClientUnexpectedDisconnectReceivedException or OperationCanceledException or InvalidOperationException
        or IOException or System.Net.Sockets.SocketException;
}
