using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Ingest;
using SmartCity.Server.Settings;
using SmartCity.Storage.DeadLetters;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Registry;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Ingest;

/// <summary>What must not stop the server, fill its memory or its lists.</summary>
public sealed class HardCaseTests
{
    private const string Meter = "smartcity/v1/220204/pile/P-1/meter";

    private static string Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_message_that_breaks_the_decoder_is_set_aside()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportFirstPileAsync();
        // Without a ledger it breaks on the first message with a number.
        var broken = new Decoder(
            server.Services.GetRequiredService<RegistryStore>(), null!,
            server.Services.GetRequiredService<IOptions<TelemetryOptions>>());
        var payload = "{\"boot\":\"b\",\"seq\":1,\"records\":[{\"time\":" + Now + ",\"port\":1,\"powerW\":1}]}";
        var decoded = broken.Decode(new JournalMessage(7, EntryOf(System.Text.Encoding.UTF8.GetBytes(payload))));
        var letter = Assert.Single(decoded.Dead);
        Assert.Empty(decoded.Messages);
        Assert.Equal((7, "P-1", null), (letter.Position, letter.Device, letter.RecordIndex));
        Assert.Contains(nameof(NullReferenceException), letter.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_breaks_the_live_state_goes_to_the_store_all_the_same()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportFirstPileAsync();
        var progress = new IngestProgress(TimeProvider.System);
        progress.Open(new StoreProgress(default, 0));
        var buffer = new DecodedBuffer(capacity: 10, TimeProvider.System);
        using var path = new HotPath(
            server.Services.GetRequiredService<JournalLog>(), server.Services.GetRequiredService<Decoder>(), null!, buffer,
            progress, server.Services.GetRequiredService<ProblemLog>(), TimeProvider.System);
        await path.StartAsync(TestContext.Current.CancellationToken);
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        await device.PublishAsync(Meter, "{\"records\":[{\"time\":" + Now + ",\"port\":1,\"powerW\":1}]}");
        await TestServer.EventuallyAsync(() => Task.FromResult(progress.LivePosition == 1), "it went on after the message");
        Assert.Equal(1, buffer.Count);
        await path.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Five_hundred_records_that_are_bad_for_one_reason_are_one_letter()
    {
        await using var server = await TestServer.StartAsync();
        await server.ImportFirstPileAsync();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        var records = string.Join(',', Enumerable.Repeat("{\"time\":" + Now + ",\"port\":11,\"powerW\":1}", 500));
        await device.PublishAsync(Meter, "{\"boot\":\"b\",\"seq\":1,\"records\":[" + records + "]}");
        var status = await server.SettledAsync(1);
        Assert.Equal((1, 1), (status.MessagesDead, status.DeadLettersWaiting));
        await server.ImportAsync(
            """
            {"piles":[{"id":"P-1","name":"First pile","compoundId":"garden","kind":"EBIKE_AC","ports":12,"ratedPortPowerW":1000}]}
            """);
        await TestServer.EventuallyAsync(
            async () => (await server.StatusAsync()) is { RecordsStored: 500, DeadLettersWaiting: 0 }, "all stored by themselves");
    }

    [Fact]
    public async Task A_full_journal_delays_a_replay_and_does_not_stop_the_server()
    {
        await using var server = await TestServer.StartAsync();
        server.IsExpectedError = e => e.Contains("limit", StringComparison.Ordinal);
        await server.ImportFirstPileAsync();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        await device.PublishAsync(
            "smartcity/v1/220204/pile/P-2/meter", "{\"records\":[{\"time\":" + Now + ",\"port\":1,\"powerW\":1}]}");
        await server.SettledAsync(1);
        var limits = server.Services.GetRequiredService<IOptions<JournalOptions>>().Value;
        var usual = limits.BytesMax;
        limits.BytesMax = 1;
        await server.ImportAsync("""{"piles":[{"id":"P-2","name":"Second","compoundId":"garden","kind":"EBIKE_AC","ports":2}]}""");
        var journal = server.Services.GetRequiredService<JournalLog>();
        await TestServer.EventuallyAsync(() => Task.FromResult(journal.Problem is not null), "the replay was refused");
        limits.BytesMax = usual;
        await TestServer.EventuallyAsync(
            async () => (await server.StatusAsync()) is { MessagesStored: 1, DeadLettersWaiting: 0 }, "stored in the end");
    }

    [Fact]
    public async Task A_full_journal_takes_no_message_of_QoS_2_either()
    {
        await using var server = await TestServer.StartAsync();
        server.IsExpectedError = e => e.Contains("limit", StringComparison.Ordinal);
        await server.ImportFirstPileAsync();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        var payload = System.Text.Encoding.UTF8.GetBytes("{\"records\":[{\"time\":" + Now + ",\"port\":1,\"powerW\":1}]}");
        Assert.Equal(
            MqttClientPublishReasonCode.Success,
            await device.PublishAsync(Meter, payload, MqttQualityOfServiceLevel.ExactlyOnce));
        Assert.Equal(1, (await server.SettledAsync(1)).MessagesStored);
        server.Services.GetRequiredService<IOptions<JournalOptions>>().Value.BytesMax = 1;
        await Assert.ThrowsAnyAsync<Exception>(
            () => device.PublishAsync(Meter, payload, MqttQualityOfServiceLevel.ExactlyOnce));
        Assert.Equal(1, (await server.StatusAsync()).MessagesReceived);
    }

    [Fact]
    public async Task Positions_that_the_dead_letters_know_are_not_given_out_again_after_the_journal_was_lost()
    {
        var directory = Directory.CreateTempSubdirectory("smartcity-lost-journal-");
        using (var letters = DeadLetterStore.Open(directory.FullName, new DeadLetterOptions()))
        {
            letters.Add(
            [
                new DeadLetterDraft(
                    2, default, Meter, "P-1", "P-1", null, Storage.DeadLetters.DeadLetterReason.Undecodable, "?", new byte[] { 1 },
                    1, null),
            ]);
        }
        await using (var server = await TestServer.StartAsync(directory.FullName))
        {
            await server.ImportFirstPileAsync();
            await using var device = await TestDevice.ConnectAsync(server.MqttPort);
            for (var seq = 0; seq < 5; seq++)
            {
                await device.PublishAsync(
                    Meter, "{\"boot\":\"b\",\"seq\":" + seq + ",\"records\":[{\"time\":" + Now + ",\"port\":1,\"powerW\":1}]}");
            }
            await TestServer.EventuallyAsync(
                async () => (await server.StatusAsync()) is { MessagesStored: 5, MessagesBehind: 0 }, "all five stored");
        }
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_mad_device_that_fills_the_dead_letters_stops_nobody()
    {
        await using var server = await TestServer.StartAsync(
            settings: ["--DeadLetters:CountPerDeviceMax=3", "--DeadLetters:CountMax=5"]);
        await server.ImportFirstPileAsync();
        await using var mad = await TestDevice.ConnectAsync(server.MqttPort, "mad");
        for (var i = 0; i < 10; i++)
        {
            await mad.PublishAsync(Meter, "nonsense " + i);
            await mad.PublishAsync("smartcity/v1/220204/pile/X-" + i + "/meter", "{\"records\":[{\"time\":" + Now + ",\"port\":1}]}");
        }
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        await device.PublishAsync(Meter, "{\"records\":[{\"time\":" + Now + ",\"port\":1,\"powerW\":1}]}");
        var status = await server.SettledAsync(21);
        Assert.Equal((1, 20, 0), (status.MessagesStored, status.MessagesDead, status.MessagesBehind));
        Assert.Equal(15, status.DeadLettersSummarised);
        Assert.Equal("", status.StoreProblem);
    }

    [Fact]
    public async Task Pages_of_large_dead_letters_fit_into_an_answer_and_all_of_them_are_replayed()
    {
        await using var server = await TestServer.StartAsync();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        var filler = new string(' ', 60_000);
        const int count = 300;
        for (var i = 0; i < count; i++)
        {
            await device.PublishAsync(
                Meter, "{\"boot\":\"b\",\"seq\":" + i + ",\"records\":[{\"time\":" + Now + ",\"port\":1,\"powerW\":1}]}" + filler);
        }
        await server.SettledAsync(count);
        var request = new ListDeadLettersRequest { PageSize = 1_000 };
        var ids = new List<long>();
        do
        {
            var page = await server.Operations.ListDeadLettersAsync(request);
            Assert.Equal(count, page.Total);
            ids.AddRange(page.DeadLetters.Select(letter => letter.DeadLetterId));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        Assert.Equal(Enumerable.Range(1, count).Select(id => (long)id).Reverse(), ids);
        await server.ImportFirstPileAsync();
        await TestServer.EventuallyAsync(
            async () => (await server.StatusAsync()) is { MessagesStored: count, DeadLettersWaiting: 0 }, "all stored");
        var replayed = await server.Operations.ReplayDeadLettersAsync(new ReplayDeadLettersRequest { DeadLetterIds = { ids } });
        Assert.Equal((count, count, 0), (replayed.Replayed, replayed.Stored, replayed.Failed));
    }

    private static JournalEntry EntryOf(byte[] payload) =>
        new(Meter, payload, payload.Length, null, "P-1", Instant.From(TimeProvider.System.GetUtcNow()), null);
}
