using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Journal;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;
using Receipt = SmartCity.Protocol.V1.Receipt;

namespace SmartCity.Tests.Ingest;

/// <summary>After a failure the store is asked where it stands; nothing is lost and nothing is stored twice.</summary>
public sealed class StoreFailureTests : IAsyncLifetime
{
    private const string Topic = "smartcity/v1/220204/pile/P-1/meter";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("smartcity-shaky-");
    private readonly long now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private ShakyStore store = null!;
    private TestServer server = null!;
    private TestDevice device = null!;

    private string Database => Path.Combine(directory.FullName, DuckDbTelemetryStore.FileName);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = new ShakyStore(New);
        server = await TestServer.StartAsync(
            directory.FullName, configure: services => services.AddSingleton<ITelemetryStore>(_ => store));
        await server.ImportFirstPileAsync();
        device = await TestDevice.ConnectAsync(server.MqttPort);
    }

    public async ValueTask DisposeAsync()
    {
        await device.DisposeAsync();
        await server.DisposeAsync();
        directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_commit_that_took_place_and_was_reported_as_failed_is_not_stored_twice()
    {
        store.FailsAfterNextAppend = true;
        await device.PublishAsync(Topic, Message(1));
        await server.SettledAsync(1);
        await device.PublishAsync(Topic, Message(1));
        await device.PublishAsync(Topic, Message(2));
        await AssertStoredAsync(received: 3, stored: 2, duplicates: 1);
    }

    [Fact]
    public async Task A_store_that_comes_back_with_less_gets_the_rest_from_the_journal_again()
    {
        await device.PublishAsync(Topic, Message(1));
        await device.PublishAsync(Topic, "nonsense");
        await server.SettledAsync(2);
        store.BeforeNextAppend = async old =>
        {
            await old.DisposeAsync();
            File.Delete(Database);
            return New();
        };
        await device.PublishAsync(Topic, Message(2));
        await TestServer.EventuallyAsync(
            async () => store.BeforeNextAppend is null && (await server.StatusAsync()).MessagesBehind == 0, "settled again");
        await device.PublishAsync(Topic, Message(1));
        await AssertStoredAsync(received: 4, stored: 2, duplicates: 1);
        Assert.Equal(1, (await server.StatusAsync()).DeadLettersWaiting);
    }

    [Fact]
    public async Task Messages_that_the_store_refuses_are_set_aside_and_all_others_stored()
    {
        store.Refuses = message => message.Sequence % 7 == 3;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(seq => device.PublishAsync(Topic, Message(seq))));
        var status = await server.SettledAsync(40);
        Assert.Equal((34, 6, 6), (status.MessagesStored, status.MessagesDead, status.DeadLettersWaiting));
        var letters = await server.Operations.ListDeadLettersAsync(new ListDeadLettersRequest());
        Assert.All(letters.DeadLetters, letter =>
            Assert.Equal((DeadLetterReason.RefusedByStore, "P-1"), (letter.Reason, letter.DeviceId)));
        store.Refuses = _ => false;
        var replayed = await server.Operations.ReplayDeadLettersAsync(new ReplayDeadLettersRequest());
        Assert.Equal((6, 6), (replayed.Replayed, replayed.Stored));
        Assert.Equal(40, (await server.StatusAsync()).RecordsStored);
    }

    [Fact]
    public async Task A_store_that_goes_away_while_a_refused_message_is_looked_for_stores_nothing_twice()
    {
        store.Refuses = message =>
        {
            store.FailsAfterNextAppend |= message.Sequence == 5;
            return message.Sequence == 5;
        };
        await Task.WhenAll(Enumerable.Range(0, 10).Select(seq => device.PublishAsync(Topic, Message(seq))));
        var status = await server.SettledAsync(10);
        Assert.Equal((9, 9, 1, 0), (status.MessagesStored, status.RecordsStored, status.MessagesDead, status.MessagesDuplicate));
    }

    [Fact]
    public async Task Receipts_with_many_holes_fit_into_pages_and_say_what_they_leave_out()
    {
        var holed = Enumerable.Range(0, 1_001).Select(i => (long.MaxValue - (2L * (1_001 - i)), long.MaxValue - (2L * (1_001 - i))))
            .ToList();
        store.Receipts = [.. Enumerable.Range(0, 300).Select(i => new Storage.Telemetry.Receipt(
            DeviceKind.Pile, $"P-{i:000}", "b", default, default, 1, 1, i == 7 ? holed : holed[..^1]))];
        var request = new GetReceiptsRequest();
        var receipts = new List<Receipt>();
        do
        {
            var page = await server.Operations.GetReceiptsAsync(request);
            receipts.AddRange(page.Receipts);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        Assert.Equal(store.Receipts.Select(receipt => receipt.Device), receipts.Select(receipt => receipt.DeviceId));
        Assert.All(receipts, receipt => Assert.Equal(1_000, receipt.Seqs.Count));
        Assert.Equal("P-007", Assert.Single(receipts, receipt => receipt.SeqsTruncated).DeviceId);
    }

    [Fact]
    public async Task What_the_disk_damaged_in_the_journal_is_counted()
    {
        await device.PublishAsync(Topic, Message(1));
        await server.SettledAsync(1);
        await RestartAsync(store => store.IsAway = true);
        server.IsExpectedError = e => e.Contains("quarantine", StringComparison.Ordinal);
        for (var seq = 2; seq <= 4; seq++)
        {
            await device.PublishAsync(Topic, Message(seq));
        }
        using (var journal = new SqliteConnection($"Data Source={Path.Combine(directory.FullName, JournalLog.FileName)};Pooling=False"))
        {
            journal.Open();
            using var damage = journal.CreateCommand();
            damage.CommandText = "UPDATE message_group SET crc = crc + 1 WHERE position = 2";
            Assert.Equal(1, damage.ExecuteNonQuery());
        }
        store.IsAway = false;
        await AssertDamagedAsync();
        await RestartAsync(_ => { });
        await AssertDamagedAsync();

        async Task AssertDamagedAsync()
        {
            var status = await server.SettledAsync(4);
            Assert.Equal((4, 3, 1), (status.MessagesReceived, status.MessagesStored, status.MessagesDamaged));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_journal_from_a_backup_loses_nothing_that_comes_after_it(int startsWithoutStore)
    {
        await device.PublishAsync(Topic, Message(1));
        await server.SettledAsync(1);
        var file = Path.Combine(directory.FullName, JournalLog.FileName);
        await RestartAsync(_ => { }, between: () => File.Copy(file, file + ".backup"));
        for (var seq = 2; seq <= 6; seq++)
        {
            await device.PublishAsync(Topic, Message(seq));
        }
        await server.SettledAsync(6);
        await RestartAsync(store => store.IsAway = startsWithoutStore > 0, between: () =>
        {
            File.Delete(file + "-wal");
            File.Move(file + ".backup", file, overwrite: true);
        });
        for (var seq = 7; seq <= 9; seq++)
        {
            await device.PublishAsync(Topic, Message(seq));
        }
        var sent = 9;
        if (startsWithoutStore > 1)
        {
            await RestartAsync(store => store.IsAway = true);
            await device.PublishAsync(Topic, Message(++sent));
        }
        store.IsAway = false;
        await TestServer.EventuallyAsync(async () => (await server.StatusAsync()).MessagesStored == sent, "all are stored");
        var status = await server.StatusAsync();
        Assert.Equal(status.MessagesReceived, status.MessagesStored + status.MessagesDuplicate + status.MessagesDead
            + status.MessagesDamaged + status.MessagesBehind);
        Assert.Contains(server.Log.All, line => line.Contains("the journal is older than the store", StringComparison.Ordinal));
    }

    private async Task RestartAsync(Action<ShakyStore> prepare, Action? between = null)
    {
        await device.DisposeAsync();
        await server.DisposeAsync();
        between?.Invoke();
        store = new ShakyStore(New);
        prepare(store);
        server = await TestServer.StartAsync(
            directory.FullName, configure: services => services.AddSingleton<ITelemetryStore>(_ => store));
        device = await TestDevice.ConnectAsync(server.MqttPort);
    }

    private DuckDbTelemetryStore New() =>
        new DuckDbTelemetryStore(Database, new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);

    private string Message(int seq) =>
        "{\"boot\":\"b\",\"seq\":" + seq + ",\"records\":[{\"time\":" + (now + seq) + ",\"port\":1,\"powerW\":1}]}";

    private async Task AssertStoredAsync(long received, long stored, long duplicates)
    {
        var status = await server.SettledAsync(received);
        var counts = await store.ReadCountsAsync(Token);
        Assert.Equal((stored, stored, duplicates), (counts.Stored, counts.Records, counts.Duplicates));
        Assert.Equal((stored, duplicates), (status.MessagesStored, status.MessagesDuplicate));
        Assert.Equal(received, counts.Stored + counts.Duplicates + counts.Dead);
    }
}
