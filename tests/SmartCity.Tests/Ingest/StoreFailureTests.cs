using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;

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
