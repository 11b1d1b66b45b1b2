using System.Text;
using SmartCity.Protocol.Mqtt;
using SmartCity.Protocol.V1;
using SmartCity.Simulator.Load;
using SmartCity.Simulator.Mqtt;

namespace SmartCity.Tests.Simulator;

public sealed class LoadTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 25)]
    [InlineData(false, 1)]
    [InlineData(false, 25)]
    public void Templates_are_valid_messages_of_the_contract(bool json, int records)
    {
        var format = json ? PayloadFormat.Json : PayloadFormat.Protobuf;
        var template = new LoadTemplate("load-0007", "boot-a", format, records, qos: 1);
        var packet = new byte[template.Length];
        foreach (var seq in new[] { 1L, 4_000_000 })
        {
            template.Write(packet, 513, seq, 1_780_000_000_123);
            Assert.True(MqttWire.TryReadPacket(packet, out var header, out var body, out var consumed));
            Assert.Equal((0x32, packet.Length), (header, consumed));
            var topicBytes = (body[0] << 8) | body[1];
            Assert.True(UplinkTopic.TryParse(Encoding.UTF8.GetString(body.Slice(2, topicBytes)), out var topic, out _));
            Assert.Equal(513, (body[2 + topicBytes] << 8) | body[3 + topicBytes]);
            var payload = body[(2 + topicBytes + 3 + body[4 + topicBytes])..].ToArray();

            var contentType = format == PayloadFormat.Json ? null : UplinkCodec.ProtobufContentType;
            var uplink = UplinkCodec.Decode(topic, payload, contentType);
            Assert.Empty(uplink.Problems);
            Assert.Equal(("load-0007", "boot-a", (ulong?)seq), (topic.DeviceId, uplink.Boot, uplink.Seq));
            Assert.Equal(records, uplink.Records.Count);
            Assert.All(uplink.Records, r =>
            {
                var meter = Assert.IsType<MeterRecord>(r.Content);
                Assert.Equal(1_780_000_000_123, meter.Time);
                Assert.InRange(meter.PowerW, 100, 400);
                Assert.Equal(meter.PowerW / 221.5, meter.CurrentA, tolerance: 0.002);
                Assert.InRange(meter.Port, 1, LoadTemplate.Ports);
            });
        }
    }

    [Fact]
    public async Task Every_message_is_acknowledged_and_written_down_once_whatever_happens_to_the_broker()
    {
        await using var broker = await RecordingBroker.StartAsync();
        var path = Path.GetTempFileName();
        try
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            var running = new LoadRun(
                new LoadOptions(broker.EndPoint)
                {
                    Connections = 20, Window = 4, UntilStopped = true, Rate = 4000, LedgerPath = path,
                },
                TimeProvider.System).RunAsync(stop.Token);
            await Eventually.HoldsAsync(() => broker.Count > 500, "messages before the restart");
            await broker.CloseAsync();
            await broker.OpenAsync();
            var before = broker.Count;
            await Eventually.HoldsAsync(() => broker.Count > before + 500, "messages after the restart");
            await stop.CancelAsync();
            var result = await running;

            Assert.Equal(result.Sent, result.Acked);
            Assert.Equal(20, result.Breaks);
            var lines = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(result.Acked, lines.Length);
            var ledger = lines.Select(l => string.Join(',', l.Split(',')[..3])).ToList();
            Assert.Equal(ledger.Count, ledger.Distinct().Count());
            var received = broker.Deliveries.Select(d => d.Decode())
                .GroupBy(u => $"{u.Topic.DeviceId},{u.Boot},{u.Seq}").ToList();
            Assert.Equal(ledger.Order(), received.Select(g => g.Key).Order());
            Assert.All(received, g => Assert.Single(
                g.Select(u => ContentHash.MessageHash(UplinkChannel.Meter, u.Records)).Distinct()));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_message_that_is_never_acknowledged_is_told()
    {
        await using var broker = await RecordingBroker.StartAsync();
        var never = new TaskCompletionSource<MQTTnet.Protocol.MqttPubAckReasonCode>();
        var answered = 0;
        broker.Answer = _ => Interlocked.Increment(ref answered) > 10
            ? never.Task
            : Task.FromResult(MQTTnet.Protocol.MqttPubAckReasonCode.Success);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = new LoadRun(
            new LoadOptions(broker.EndPoint) { Connections = 3, UntilStopped = true, DrainWait = TimeSpan.FromMilliseconds(200) },
            TimeProvider.System).RunAsync(stop.Token);
        await Eventually.HoldsAsync(() => broker.Count == 13, "three messages without an answer");
        await stop.CancelAsync();
        var result = await running;
        never.SetResult(MQTTnet.Protocol.MqttPubAckReasonCode.Success);

        Assert.Equal(3, result.Sent - result.Acked);
    }

    [Fact]
    public void Percentiles_are_within_the_width_of_a_bucket()
    {
        var histogram = new LatencyHistogram();
        for (var ms = 1; ms <= 1000; ms++)
        {
            histogram.Add(ms * System.Diagnostics.Stopwatch.Frequency / 1000);
        }
        Assert.InRange(histogram.PercentileMs(0.5), 500, 520);
        Assert.InRange(histogram.PercentileMs(0.99), 990, 1000);
        Assert.Equal(1000, histogram.MaxMs);
    }
}
