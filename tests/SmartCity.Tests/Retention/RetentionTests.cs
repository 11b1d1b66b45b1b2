using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api;
using SmartCity.Server.Settings;
using SmartCity.Server.Stores;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.Telemetry;
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
        using var directory = new TempDirectory();
        await using var store = await StoreAsync(directory, days: 5);
        var clock = new FakeTimeProvider(At(0).ToDateTimeOffset().AddDays(202));
        using var keeper = Keeper(store, clock, new RetentionOptions { MeterDays = 200 });
        var left = new List<int>();
        for (var look = 0; look < 4; look++)
        {
            await keeper.LookAsync(Token);
            left.Add((await store.ReadAsync<Domain.Telemetry.MeterRecord>(All, Token).ToListAsync(Token)).Count);
        }
        Assert.Equal([4, 3, 3, 3], left);
        Assert.Equal(Instant.Min, store.DeletedUntil(Channel.Position));
    }

    [Fact]
    public async Task A_date_that_leaps_ahead_for_an_hour_deletes_no_more_than_four_days()
    {
        using var directory = new TempDirectory();
        await using var store = await StoreAsync(directory, days: 20);
        var clock = new FakeTimeProvider(At(0).ToDateTimeOffset().AddYears(30));
        using var keeper = Keeper(store, clock, new RetentionOptions { MeterDays = 200 });
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromHours(1); passed += RetentionKeeper.Pause)
        {
            await keeper.LookAsync(Token);
        }
        Assert.Equal(16, (await store.ReadAsync<Domain.Telemetry.MeterRecord>(All, Token).ToListAsync(Token)).Count);
    }

    [Fact]
    public async Task An_empty_store_has_nothing_to_delete()
    {
        using var directory = new TempDirectory();
        await using var store = await StoreAsync(directory, days: 0);
        using var keeper = Keeper(store, new FakeTimeProvider(), new RetentionOptions { MeterDays = 200, PositionDays = 200 });
        await keeper.LookAsync(Token);
        Assert.Equal(Instant.Min, store.DeletedUntil(Channel.Meter));
    }

    [Fact]
    public async Task What_was_heard_of_and_is_gone_is_said_to_be_deleted_also_by_a_new_index()
    {
        using var directory = new TempDirectory();
        await using var store = await StoreAsync(directory, days: 5);
        var clock = new FakeTimeProvider(At(0).ToDateTimeOffset().AddDays(202));
        using var keeper = Keeper(store, clock, new RetentionOptions { PositionDays = 200 });
        await keeper.LookAsync(Token); // There are no positions of days of which there are other records.
        Assert.Equal(At(0) + TimeSpan.FromDays(2) - TimeSpan.FromHours(12), store.DeletedUntil(Channel.Position));
    }

    [Fact]
    public async Task Keeping_for_longer_deletes_nothing_more()
    {
        using var directory = new TempDirectory();
        await using var store = await StoreAsync(directory, days: 5);
        await store.DeleteAsync(Channel.Meter, At(86_400), Token);
        var late = MeterMessage("p1", 3_600, 77); // An import brought it back.
        await store.AppendAsync(new TelemetryBatch([late], 6), Token);
        var clock = new FakeTimeProvider(At(0).ToDateTimeOffset().AddDays(202));
        using var keeper = Keeper(store, clock, new RetentionOptions { MeterDays = 300 });
        await keeper.LookAsync(Token);
        Assert.Equal(5, (await store.ReadAsync<Domain.Telemetry.MeterRecord>(All, Token).ToListAsync(Token)).Count);
        Assert.Equal(At(86_400), store.DeletedUntil(Channel.Meter));
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

    private static readonly RecordQuery All = new(Domain.Telemetry.DeviceKind.Pile, null, Instant.Min, Instant.Max, Instant.Max);

    private static RetentionKeeper Keeper(ITelemetryStore store, TimeProvider clock, RetentionOptions options) =>
        new(store, Options.Create(options), clock, NullLogger<RetentionKeeper>.Instance);

    // A meter value at the same time of each day.
    private static async Task<DuckDbTelemetryStore> StoreAsync(TempDirectory directory, int days)
    {
        var store = new DuckDbTelemetryStore(
            directory.File(DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);
        await store.OpenAsync(Token);
        var messages = Enumerable.Range(0, days).Select(day => MeterMessage("p1", day * 86_400, day)).ToList();
        await store.AppendAsync(new TelemetryBatch([.. messages], days), Token);
        return store;
    }
}
