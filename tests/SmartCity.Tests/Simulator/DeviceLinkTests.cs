using System.Text;
using MQTTnet.Protocol;
using SmartCity.Simulator.District;
using SmartCity.Simulator.Mqtt;

namespace SmartCity.Tests.Simulator;

public sealed class DeviceLinkTests
{
    [Fact]
    public async Task Messages_are_acknowledged_once_and_in_order()
    {
        await using var broker = await RecordingBroker.StartAsync();
        await using var device = new RunningLink(broker);
        for (var i = 0; i < 200; i++)
        {
            device.Post(i);
        }
        await Eventually.HoldsAsync(() => device.Counters.AckedCount == 200, "200 acknowledgements");

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}"), broker.Deliveries.Select(Text));
        Assert.All(broker.Deliveries, d => Assert.Equal(
            ("device-1", "t/1", "application/x-protobuf"), (d.ClientId, d.Topic, d.ContentType)));
        Assert.Equal(200, device.AckedCalls);
    }

    [Fact]
    public async Task Unacknowledged_messages_never_exceed_the_window()
    {
        await using var broker = await RecordingBroker.StartAsync();
        var release = new TaskCompletionSource<MqttPubAckReasonCode>();
        broker.Answer = _ => release.Task;
        await using var device = new RunningLink(broker);
        for (var i = 0; i < 100; i++)
        {
            device.Post(i);
        }
        await Eventually.HoldsAsync(() => device.Counters.SentCount >= DeviceLink.WindowMax, "a full window");
        Assert.Equal(DeviceLink.WindowMax, device.Counters.SentCount);

        release.SetResult(MqttPubAckReasonCode.Success);
        await Eventually.HoldsAsync(() => device.Counters.AckedCount == 100, "the rest");
    }

    [Fact]
    public async Task What_a_broken_connection_left_unacknowledged_is_sent_again_unchanged()
    {
        await using var broker = await RecordingBroker.StartAsync();
        var never = new TaskCompletionSource<MqttPubAckReasonCode>();
        broker.Answer = d => Text(d) == "3" ? never.Task : Task.FromResult(MqttPubAckReasonCode.Success);
        await using var device = new RunningLink(broker);
        for (var i = 0; i < 10; i++)
        {
            device.Post(i);
        }
        await Eventually.HoldsAsync(() => broker.Deliveries.Any(d => Text(d) == "3"), "the message that is not acknowledged");

        never.SetResult(MqttPubAckReasonCode.Success);
        await broker.CloseAsync();
        broker.Answer = _ => Task.FromResult(MqttPubAckReasonCode.Success);
        await broker.OpenAsync();
        device.Post(10);
        await Eventually.HoldsAsync(() => device.Counters.AckedCount == 11, "all acknowledgements after the restart");

        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"{i}"), broker.Deliveries.Select(Text).Distinct());
        Assert.Equal(11, device.AckedCalls);
    }

    [Fact]
    public async Task A_refused_message_is_counted_kept_and_sent_again()
    {
        await using var broker = await RecordingBroker.StartAsync();
        broker.Answer = _ => Task.FromResult(
            broker.Count == 1 ? MqttPubAckReasonCode.QuotaExceeded : MqttPubAckReasonCode.Success);
        await using var device = new RunningLink(broker);
        device.Post(7);
        await Eventually.HoldsAsync(() => device.Counters.AckedCount == 1, "the second try");

        Assert.Equal(1, device.Counters.RefusedCount);
        Assert.Equal(["7", "7"], broker.Deliveries.Select(Text));
    }

    [Fact]
    public async Task A_dropped_link_keeps_its_messages_until_it_resumes()
    {
        await using var broker = await RecordingBroker.StartAsync();
        await using var device = new RunningLink(broker);
        device.Post(0);
        await Eventually.HoldsAsync(() => device.Counters.AckedCount == 1, "the first message");
        device.Link.Drop();
        await Eventually.HoldsAsync(() => device.Counters.ConnectedCount == 0, "the break");
        device.Post(1);
        Assert.Equal(1, device.Counters.AckedCount);

        device.Link.Resume();
        await Eventually.HoldsAsync(() => device.Counters.AckedCount == 2, "the message from the gap");
    }

    private static string Text(Delivery delivery) => Encoding.ASCII.GetString(delivery.Payload);

    private sealed class RunningLink : IAsyncDisposable
    {
        private readonly CancellationTokenSource stopping = new();
        private readonly Task running;
        private int ackedCalls;

        public RunningLink(RecordingBroker broker)
        {
            Link = new DeviceLink(
                broker.EndPoint, new MqttSession("device-1", null), Counters, TimeProvider.System, Seeds.Stream(1, "device-1"));
            running = Link.RunAsync(stopping.Token);
        }

        public LinkCounters Counters { get; } = new();

        public DeviceLink Link { get; }

        public int AckedCalls => Volatile.Read(ref ackedCalls);

        public void Post(int number) => Link.Post(new Outgoing(
            Encoding.ASCII.GetBytes("t/1"), Encoding.ASCII.GetBytes($"{number}"), Outgoing.Protobuf, Retain: false)
        {
            Acked = () => Interlocked.Increment(ref ackedCalls),
        });

        public async ValueTask DisposeAsync()
        {
            await stopping.CancelAsync();
            await running;
            Link.Dispose();
            stopping.Dispose();
        }
    }
}
