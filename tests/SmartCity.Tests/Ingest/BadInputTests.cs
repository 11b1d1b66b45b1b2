using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Ingest;

/// <summary>Whatever a device sends is acknowledged, and either stored or set aside with a reason and replayable.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private const string Meter = "smartcity/v1/220204/pile/P-1/meter";
    private const string Status = "smartcity/v1/220204/pile/P-1/status";

    private TestServer server = null!;
    private TestDevice device = null!;

    private static string Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    public async ValueTask InitializeAsync()
    {
        server = await TestServer.StartAsync();
        await server.ImportFirstPileAsync();
        device = await TestDevice.ConnectAsync(server.MqttPort);
    }

    public async ValueTask DisposeAsync()
    {
        await device.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_payload_that_is_no_json_is_set_aside() =>
        await SetAsideAsync(Meter, "{{{", DeadLetterReason.Undecodable);

    [Fact]
    public async Task An_unknown_device_is_set_aside() =>
        await SetAsideAsync("smartcity/v1/220204/pile/P-9/meter", OnePort(1), DeadLetterReason.UnknownDevice);

    [Fact]
    public async Task A_topic_with_a_bad_id_is_set_aside() =>
        await SetAsideAsync("smartcity/v1/220204/pile/P 1!/meter", OnePort(1), DeadLetterReason.BadTopic);

    [Fact]
    public async Task A_topic_of_somebody_else_is_set_aside() =>
        await SetAsideAsync("zigbee2mqtt/lamp", "{}", DeadLetterReason.BadTopic);

    [Fact]
    public async Task Port_99_is_set_aside() => await SetAsideAsync(Meter, OnePort(99), DeadLetterReason.OutOfRange);

    [Fact]
    public async Task A_port_the_registry_does_not_know_is_set_aside() =>
        await SetAsideAsync(Meter, OnePort(11), DeadLetterReason.UnknownPort);

    [Fact]
    public async Task A_record_of_half_a_year_ago_is_set_aside()
    {
        var old = TimeProvider.System.GetUtcNow().AddDays(-180).ToUnixTimeMilliseconds();
        await SetAsideAsync(Meter, "{\"records\":[{\"time\":" + old + ",\"port\":1,\"powerW\":5}]}", DeadLetterReason.TooOld);
    }

    [Fact]
    public async Task A_payload_of_70_KB_is_acknowledged_set_aside_and_kept_in_part()
    {
        var letter = await SetAsideAsync(Meter, new string('x', 70_000), DeadLetterReason.TooLarge);
        Assert.Equal(70_000, letter.PayloadBytes);
        Assert.Equal(4_096, letter.Payload.Length);
    }

    [Fact]
    public async Task A_hot_temperature_sets_its_record_aside_alone()
    {
        var payload = "{\"boot\":\"b\",\"seq\":1,\"records\":[{\"time\":" + Now + ",\"port\":1,\"powerW\":100},{\"time\":" + Now
            + ",\"port\":2,\"portTempC\":\"hot\"}]}";
        Assert.Equal(MqttClientPublishReasonCode.Success, await device.PublishAsync(Meter, payload));
        var status = await server.SettledAsync(1);
        Assert.Equal((1, 1, 0, 1), (status.MessagesStored, status.RecordsStored, status.MessagesDead, status.RecordsDead));
        var letter = Assert.Single((await server.Operations.ListDeadLettersAsync(new ListDeadLettersRequest())).DeadLetters);
        Assert.Equal(1, letter.RecordIndex);
        Assert.Contains("hot", letter.Problem, StringComparison.Ordinal);
        Assert.Contains("portTempC", letter.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)] // 1970
    [InlineData(2_051_222_400_000)] // 2035
    public async Task A_wrong_clock_is_marked_and_its_record_kept(long time)
    {
        await device.PublishAsync(Status, "{\"records\":[{\"time\":" + time + ",\"port\":1,\"status\":\"CHARGING\"}]}");
        var status = await server.SettledAsync(1);
        Assert.Equal((1, 1, 0), (status.MessagesStored, status.ClockRefusedRecords, status.DeadLettersWaiting));
    }

    [Fact]
    public async Task A_resend_is_known_and_the_same_number_with_other_content_is_kept()
    {
        var first = "{\"boot\":\"b\",\"seq\":7,\"records\":[{\"time\":" + Now + ",\"port\":1,\"powerW\":1}]}";
        await device.PublishAsync(Meter, first);
        await device.PublishAsync(Meter, first);
        await device.PublishAsync(Meter, first.Replace("\"powerW\":1", "\"powerW\":2", StringComparison.Ordinal));
        var status = await server.SettledAsync(3);
        Assert.Equal((2, 1, 1), (status.MessagesStored, status.MessagesDuplicate, status.Conflicts));
        Assert.Equal(status.MessagesReceived, status.MessagesStored + status.MessagesDuplicate + status.MessagesDead);
    }

    [Fact]
    public async Task Records_without_a_count_are_known_again_one_by_one()
    {
        var now = Now;
        string Record(int port) => "{\"time\":" + now + ",\"port\":" + port + ",\"powerW\":5}";
        await device.PublishAsync(Meter, "{\"records\":[" + Record(1) + "," + Record(2) + "]}");
        await device.PublishAsync(Meter, "{\"records\":[" + Record(2) + "," + Record(3) + "]}");
        await device.PublishAsync(Meter, "{\"records\":[" + Record(3) + "]}");
        var status = await server.SettledAsync(3);
        Assert.Equal((2, 1, 3), (status.MessagesStored, status.MessagesDuplicate, status.RecordsStored));
    }

    [Fact]
    public async Task What_waits_for_a_device_is_stored_by_itself_when_the_device_is_imported()
    {
        await SetAsideAsync("smartcity/v1/220204/pile/P-2/meter", OnePort(1), DeadLetterReason.UnknownDevice);
        await server.ImportAsync("""{"piles":[{"id":"P-2","name":"Second","compoundId":"garden","kind":"EBIKE_AC","ports":2}]}""");
        await TestServer.EventuallyAsync(
            async () => (await server.StatusAsync()) is { MessagesStored: 1, DeadLettersWaiting: 0 }, "stored without being asked");
        var letters = await server.Operations.ListDeadLettersAsync(new ListDeadLettersRequest { IncludeReplayed = true });
        Assert.NotNull(Assert.Single(letters.DeadLetters).ReplayedTime);
    }

    [Fact]
    public async Task A_device_that_subscribed_is_told_why_something_was_set_aside()
    {
        var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var granted = await device.SubscribeAsync(
            "smartcity/v1/220204/pile/P-1/errors", m => told.TrySetResult(m.ConvertPayloadToString()));
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS0, granted);
        await device.PublishAsync(Meter, OnePort(99));
        var note = await told.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Contains("99", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_may_listen_to_other_topics() =>
        Assert.Equal(MqttClientSubscribeResultCode.NotAuthorized, await device.SubscribeAsync("#", _ => { }));

    [Fact]
    public async Task A_message_of_QoS_0_is_stored_too()
    {
        await device.PublishAsync(Meter, Encoding.UTF8.GetBytes(OnePort(1)), MqttQualityOfServiceLevel.AtMostOnce);
        Assert.Equal(1, (await server.SettledAsync(1)).MessagesStored);
    }

    [Fact]
    public async Task Each_loss_of_a_device_is_a_will_of_its_own()
    {
        const string conn = "smartcity/v1/220204/pile/P-1/conn";
        var will = "{\"records\":[{\"time\":" + Now + ",\"online\":false}]}";
        for (var i = 0; i < 2; i++)
        {
            var lost = await TestDevice.ConnectAsync(
                server.MqttPort, "lost", configure: o => o.WithWillTopic(conn).WithWillPayload(will));
            lost.Vanish();
            await server.SettledAsync(i + 1);
        }
        var status = await server.SettledAsync(2);
        Assert.Equal((2, 0), (status.MessagesStored, status.MessagesDuplicate));
    }

    [Fact]
    public async Task A_will_that_waited_for_its_device_is_stored_once_however_often_it_is_replayed()
    {
        const string conn = "smartcity/v1/220204/pile/P-2/conn";
        await device.PublishAsync(conn, "{\"records\":[{\"time\":" + Now + ",\"online\":false}]}");
        await server.SettledAsync(1);
        var letter = Assert.Single((await server.Operations.ListDeadLettersAsync(new ListDeadLettersRequest())).DeadLetters);
        await server.ImportAsync("""{"piles":[{"id":"P-2","name":"Second","compoundId":"garden","kind":"EBIKE_AC","ports":2}]}""");
        await TestServer.EventuallyAsync(async () => (await server.StatusAsync()).DeadLettersWaiting == 0, "replayed by itself");
        var again = new ReplayDeadLettersRequest { DeadLetterIds = { letter.DeadLetterId } };
        var replays = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => server.Operations.ReplayDeadLettersAsync(again).ResponseAsync));
        Assert.All(replays, replay => Assert.Equal((1, 1, 0), (replay.Replayed, replay.Stored, replay.Failed)));
        var status = await server.StatusAsync();
        Assert.Equal((1, 1, 2), (status.MessagesStored, status.RecordsStored, status.MessagesDuplicate));
    }

    [Fact]
    public async Task A_will_of_a_connection_older_than_late_data_is_dated_at_that_bound()
    {
        var old = TimeProvider.System.GetUtcNow().AddDays(-180).ToUnixTimeMilliseconds();
        await device.PublishAsync("smartcity/v1/220204/pile/P-1/conn", "{\"records\":[{\"time\":" + old + ",\"online\":false}]}");
        await server.SettledAsync(1);
        var all = new RecordQuery(DeviceKind.Pile, null, Instant.Min, Instant.Max, Instant.Max);
        var will = Assert.Single(await server.Services.GetRequiredService<ITelemetryStore>()
            .ReadAsync<Domain.Telemetry.ConnRecord>(all, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(TimeSpan.FromDays(90), will.Stamp.Received - will.Stamp.Time);
    }

    private static string OnePort(int port) => "{\"records\":[{\"time\":" + Now + ",\"port\":" + port + ",\"powerW\":100}]}";

    private async Task<DeadLetter> SetAsideAsync(string topic, string payload, DeadLetterReason reason)
    {
        Assert.Equal(MqttClientPublishReasonCode.Success, await device.PublishAsync(topic, payload));
        var status = await server.SettledAsync(1);
        Assert.Equal((0, 1, 1), (status.MessagesStored, status.MessagesReceived - status.MessagesStored, status.DeadLettersWaiting));
        var letter = Assert.Single((await server.Operations.ListDeadLettersAsync(new ListDeadLettersRequest())).DeadLetters);
        Assert.Equal((topic, reason), (letter.Topic, letter.Reason));
        Assert.NotEmpty(letter.Problem);
        Assert.True(letter.Payload.ToStringUtf8().Length == 4_096 || letter.Payload.ToStringUtf8() == payload);

        // Nothing was mended, so it comes back to the list.
        var replay = await server.Operations.ReplayDeadLettersAsync(new ReplayDeadLettersRequest());
        Assert.Equal((0, 1), (replay.Stored, replay.Failed));
        Assert.Equal(1, (await server.StatusAsync()).DeadLettersWaiting);
        return letter;
    }
}
