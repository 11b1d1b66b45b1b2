using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SmartCity.Cli;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Server.Settings;
using SmartCity.Server.Stores;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Telemetry;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Sanitation;
using SmartCity.Tests.Stores;
using static SmartCity.Tests.Stores.Telemetry;
using Channel = SmartCity.Domain.Telemetry.Channel;

namespace SmartCity.Tests.Retention;

public sealed class RetentionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_goes_at_a_time_until_no_more_is_due()
    {
        await using var kept = await KeptStore.OpenAsync(values: 5, day: 202, new RetentionOptions { MeterDays = 200 });
        var left = new List<int>();
        for (var look = 0; look < 4; look++)
        {
            await kept.Keeper.LookAsync(Token);
            left.Add(await kept.CountAsync());
        }
        Assert.Equal([4, 3, 3, 3], left);
        Assert.Equal(Instant.Min, kept.Store.DeletedUntil(Channel.Position));
    }

    [Fact]
    public async Task A_date_that_leaps_ahead_for_an_hour_deletes_no_more_than_four_days()
    {
        await using var kept = await KeptStore.OpenAsync(values: 20, day: 10_000, new RetentionOptions { MeterDays = 200 });
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromHours(1); passed += RetentionKeeper.Pause)
        {
            await kept.Keeper.LookAsync(Token);
        }
        Assert.Equal(16, await kept.CountAsync());
    }

    [Fact]
    public async Task A_server_looks_by_itself_and_one_look_that_fails_is_not_the_last()
    {
        await using var kept = await KeptStore.OpenAsync(values: 2, day: 202, new RetentionOptions { MeterDays = 200 });
        await kept.Store.DisposeAsync(); // Closed for good: what the first look meets is no outage.
        await kept.Keeper.StartAsync(Token);
        await TestServer.EventuallyAsync(
            () =>
            {
                kept.Clock.Advance(RetentionKeeper.Pause);
                return Task.FromResult(kept.Log.Count > 1);
            },
            "it looks again");
        await kept.Keeper.StopAsync(Token);
    }

    [Fact]
    public async Task An_empty_store_has_nothing_to_delete()
    {
        await using var kept = await KeptStore.OpenAsync(values: 0, day: 202, new RetentionOptions { MeterDays = 200 });
        await kept.Keeper.LookAsync(Token);
        Assert.Equal(Instant.Min, kept.Store.DeletedUntil(Channel.Meter));
    }

    [Fact]
    public async Task What_was_heard_of_and_is_gone_is_said_to_be_deleted_also_by_a_new_index()
    {
        await using var kept = await KeptStore.OpenAsync(values: 5, day: 202, new RetentionOptions { PositionDays = 200 });
        await kept.Keeper.LookAsync(Token); // There are no positions of days of which there are other records.
        Assert.Equal(At(0) + TimeSpan.FromDays(2) - TimeSpan.FromHours(12), kept.Store.DeletedUntil(Channel.Position));
    }

    [Fact]
    public async Task Keeping_for_longer_deletes_nothing_more()
    {
        await using var kept = await KeptStore.OpenAsync(values: 5, day: 202, new RetentionOptions { MeterDays = 300 });
        await kept.Store.DeleteAsync(Channel.Meter, At(86_400), Token);
        await kept.Store.AppendAsync(new TelemetryBatch([MeterMessage("p1", 3_600, 77)], 6), Token); // An import brought it back.
        await kept.Keeper.LookAsync(Token);
        Assert.Equal(5, await kept.CountAsync());
        Assert.Equal(At(86_400), kept.Store.DeletedUntil(Channel.Meter));
    }

    [Fact]
    public async Task Operators_are_told_until_when_was_deleted()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Null((await server.Operations.GetIngestStatusAsync(new GetIngestStatusRequest())).MetersDeletedUntilTime);
        var store = server.Services.GetRequiredService<ITelemetryStore>();
        await store.DeleteAsync(Channel.Meter, At(0), Token);
        await store.DeleteAsync(Channel.Position, At(60), Token);
        var status = await server.Operations.GetIngestStatusAsync(new GetIngestStatusRequest());
        Assert.Equal((At(0).ToTimestamp(), At(60).ToTimestamp()), (status.MetersDeletedUntilTime, status.PositionsDeletedUntilTime));
        using var stdout = new StringWriter();
        using var stderr = new StringWriter();
        Assert.Equal(0, await CommandLine.RunAsync(["ingest", "--server", server.GrpcAddress], stdout, stderr, Token));
        Assert.Contains("meters deleted until    2026-03-01 ", stdout.ToString());
        Assert.Contains("positions deleted until 2026-03-01 ", stdout.ToString());
    }

    [Fact]
    public async Task A_collection_whose_positions_are_deleted_is_unknown_and_the_answer_says_why()
    {
        var town = new Town().Window("MORNING", "04:30", "08:00").Truck("T1").Point("P", 300, "MORNING").Point("Q", -300, "MORNING");
        await using var world = await SanitationApiWorld.OpenAsync(town);
        await world.StoreAsync(town.Log("T1").Stay("06:00:00", "06:05:00", 300));
        var request = new GetComplianceRequest { Dates = new DateRange { First = "2026-11-23", Last = "2026-11-23" } };
        var before = await world.Compliance.AnswerAsync(request, Token);
        Assert.Equal((1L, 1L, 0L), (before.Total.OnTime, before.Total.Missed, before.Total.Undetermined));
        Assert.Null(before.Quality.DeletedUntilTime);

        var deleted = Town.At("2026-11-24 00:00:00");
        await world.DeletePositionsAsync(deleted);
        var after = await world.Compliance.AnswerAsync(request, Token);
        Assert.Equal((0L, 0L, 2L), (after.Total.OnTime, after.Total.Missed, after.Total.Undetermined));
        Assert.Equal(deleted.ToTimestamp(), after.Quality.DeletedUntilTime);
    }

    // A meter value at the same time of each day, and the keeper some days after the first.
    private sealed class KeptStore : IAsyncDisposable
    {
        private static readonly RecordQuery All = new(
            Domain.Telemetry.DeviceKind.Pile, null, Instant.Min, Instant.Max, Instant.Max);

        private readonly TempDirectory directory = new();

        private KeptStore(int day, RetentionOptions options)
        {
            Store = new DuckDbTelemetryStore(
                directory.File(DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
            Clock = new FakeTimeProvider(At(0).ToDateTimeOffset().AddDays(day));
            Keeper = new RetentionKeeper(Store, Options.Create(options), Clock, Log);
        }

        public DuckDbTelemetryStore Store { get; }

        public FakeTimeProvider Clock { get; }

        public RetentionKeeper Keeper { get; }

        public FakeLogger Log { get; } = new();

        public static async Task<KeptStore> OpenAsync(int values, int day, RetentionOptions options)
        {
            var kept = new KeptStore(day, options);
            await kept.Store.OpenAsync(Token);
            var messages = Enumerable.Range(0, values).Select(i => MeterMessage("p1", i * 86_400, i)).ToList();
            await kept.Store.AppendAsync(new TelemetryBatch([.. messages], values), Token);
            return kept;
        }

        public async Task<int> CountAsync() => (await Store.ReadAsync<Domain.Telemetry.MeterRecord>(All, Token).ToListAsync(Token)).Count;

        public async ValueTask DisposeAsync()
        {
            Keeper.Dispose();
            await Store.DisposeAsync();
            directory.Dispose();
        }
    }

    // Counts what was said.
    private sealed class FakeLogger : ILogger<RetentionKeeper>
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Interlocked.Increment(ref count);
    }
}
