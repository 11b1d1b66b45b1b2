using Microsoft.Extensions.Logging.Abstractions;
using MQTTnet;
using SmartCity.Storage.Journal;
using SmartCity.Tests.EndToEnd;

namespace SmartCity.Tests.Ingest;

public sealed class DurabilityTests
{
    private const string Topic = "smartcity/v1/220204/pile/P-1/meter";

    [Fact]
    public async Task What_was_acknowledged_is_in_the_journal_as_a_crash_would_leave_it()
    {
        await using var server = await TestServer.StartAsync();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        Assert.Equal(MqttClientPublishReasonCode.Success, await device.PublishAsync(Topic, "{\"seq\":1}"));

        // The files as they are on disk at this moment, without a word to the server.
        var crashed = Directory.CreateTempSubdirectory("smartcity-crash-");
        foreach (var file in Directory.EnumerateFiles(server.Directory, "journal.db*"))
        {
            await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            await using var copy = File.Create(Path.Combine(crashed.FullName, Path.GetFileName(file)));
            await source.CopyToAsync(copy, TestContext.Current.CancellationToken);
        }
        await using (var journal = JournalLog.Open(crashed.FullName, new JournalOptions(), NullLogger<JournalLog>.Instance))
        {
            var messages = await journal.ReadAsync(0, TestContext.Current.CancellationToken)
                .ToListAsync(TestContext.Current.CancellationToken);
            Assert.Equal(Topic, Assert.Single(messages).Entry.Topic);
        }
        crashed.Delete(recursive: true);
    }

    [Fact]
    public async Task A_restart_carries_on_with_the_same_figures_and_knows_resends()
    {
        var directory = Directory.CreateTempSubdirectory("smartcity-restart-");
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        string Message(int seq) =>
            "{\"boot\":\"b\",\"seq\":" + seq + ",\"records\":[{\"time\":" + (now + seq) + ",\"port\":1,\"powerW\":1}]}";
        await using (var first = await TestServer.StartAsync(directory.FullName))
        {
            await first.ImportFirstPileAsync();
            await using var device = await TestDevice.ConnectAsync(first.MqttPort);
            for (var seq = 0; seq < 50; seq++)
            {
                await device.PublishAsync(Topic, Message(seq));
            }
            await device.PublishAsync(Topic, "nonsense");
        }
        await using (var second = await TestServer.StartAsync(directory.FullName))
        {
            var carried = await second.SettledAsync(51);
            Assert.Equal((51, 50), (carried.MessagesReceived, carried.MessagesStored));
            Assert.Equal((1, 0), (carried.MessagesDead, carried.MessagesDuplicate));
            await using var device = await TestDevice.ConnectAsync(second.MqttPort);
            await device.PublishAsync(Topic, Message(7));
            await device.PublishAsync(Topic, Message(50));
            var status = await second.SettledAsync(53);
            Assert.Equal((51, 1), (status.MessagesStored, status.MessagesDuplicate));
        }
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Nothing_is_lost_when_the_store_is_too_slow_for_memory()
    {
        // Memory for one message: nearly all are read from the journal again.
        await using var server = await TestServer.StartAsync(settings: ["--Ingest:BufferMessages=1", "--Ingest:BatchMessages=7"]);
        await server.ImportFirstPileAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using var device = await TestDevice.ConnectAsync(server.MqttPort);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(seq => device.PublishAsync(
            Topic, "{\"boot\":\"b\",\"seq\":" + seq + ",\"records\":[{\"time\":" + (now - seq) + ",\"port\":1,\"powerW\":1}]}")));
        var status = await server.SettledAsync(300);
        Assert.Equal((300, 300, 0), (status.MessagesStored, status.RecordsStored, status.MessagesDuplicate));
        Assert.Equal(status.JournalPosition, status.LivePosition);
    }
}
