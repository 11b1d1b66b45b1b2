using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.DuckDb;
using SmartCity.Storage.DuckDb.Native;
using SmartCity.Storage.Telemetry;
using static SmartCity.Tests.Stores.Telemetry;

namespace SmartCity.Tests.Stores;

public sealed class DuckDbTelemetryStoreTests : TelemetryStoreContract
{
    private static readonly RecordQuery All = new(DeviceKind.Pile, null, Instant.Min, Instant.Max, Instant.Max);

    [Fact]
    public async Task A_crash_loses_nothing_that_was_appended()
    {
        await using var store = await FilledAsync();
        using var crashed = Directory.CopyAsAfterCrash();
        await using var reopened = Open(crashed);
        Assert.Equal(6, await reopened.OpenAsync(Token));
        Assert.Equal(6, (await AllAsync(reopened.ReadAsync<MeterRecord>(All, Token))).Count);
    }

    [Fact]
    public async Task A_log_that_does_not_replay_is_kept_aside_and_the_store_goes_on_from_its_checkpoint()
    {
        await using var store = await FilledAsync();
        using var crashed = Directory.CopyAsAfterCrash();
        var log = crashed.File(DuckDbTelemetryStore.FileName + ".wal");
        var bytes = await File.ReadAllBytesAsync(log, Token);
        bytes.AsSpan(bytes.Length / 4, bytes.Length / 2).Fill(0xA5);
        await File.WriteAllBytesAsync(log, bytes, Token);
        await using var reopened = Open(crashed);
        var position = await reopened.OpenAsync(Token);
        // Whatever was left out is replayed from the journal, from the position that the store gives.
        Assert.InRange(position, 3, 5);
        Assert.Equal(position, (await AllAsync(reopened.ReadAsync<MeterRecord>(All, Token))).Count);
        for (var next = position; next < 6; next++)
        {
            await reopened.AppendAsync(new TelemetryBatch([MeterMessage("p", next, next)], next + 1), Token);
        }
        Assert.Equal([0L, 1, 2, 3, 4, 5], (await AllAsync(reopened.ReadAsync<MeterRecord>(All, Token))).Select(m =>
            m.Stamp.Sequence));
        Assert.Equal(6, (await reopened.ReadCountsAsync(Token)).Stored);
    }

    [Fact]
    public async Task A_log_that_ended_the_process_while_opening_is_set_aside()
    {
        await using var store = await FilledAsync();
        using var crashed = Directory.CopyAsAfterCrash();
        await File.WriteAllTextAsync(crashed.File(DuckDbTelemetryStore.FileName + ".opening"), "", Token);
        await using var reopened = Open(crashed);
        Assert.Equal(3, await reopened.OpenAsync(Token));
        Assert.True(File.Exists(crashed.File(DuckDbTelemetryStore.FileName + ".wal.damaged-1")));
        Assert.False(File.Exists(crashed.File(DuckDbTelemetryStore.FileName + ".opening")));
    }

    [Fact]
    public async Task A_damaged_main_file_is_left_alone_and_the_error_says_what_to_do()
    {
        await using (var store = await FilledAsync())
        {
        }
        var file = Directory.File(DuckDbTelemetryStore.FileName);
        var bytes = await File.ReadAllBytesAsync(file, Token);
        bytes.AsSpan(0, 12_288).Clear();
        await File.WriteAllBytesAsync(file, bytes, Token);
        await using var damaged = Make(Directory);
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => damaged.OpenAsync(Token).AsTask());
        Assert.Contains("backup", error.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(file, Token));
        File.Delete(file);
        Assert.Equal(0, await damaged.OpenAsync(Token));
    }

    [Fact]
    public async Task Checkpoints_and_questions_do_not_disturb_each_other()
    {
        await using var store = Make(Directory);
        await store.OpenAsync(Token);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                while (!ending.IsCancellationRequested)
                {
                    await AllAsync(store.ReadLastBeforeAsync<MeterRecord>(All with { From = Instant.Max }, Token));
                }
            },
            Token)).ToList();
        for (var i = 0; i < 40; i++)
        {
            var batch = Enumerable.Range(i * 50, 50).Select(n => MeterMessage("p", n, n)).ToList();
            await store.AppendAsync(new TelemetryBatch(batch, (i + 1) * 50), Token);
            Assert.Equal((i + 1) * 50, await store.CheckpointAsync(Token));
        }
        await ending.CancelAsync();
        await Task.WhenAll(asking);
    }

    [Fact]
    public async Task A_file_of_before_counts_what_its_counts_do_not_explain_as_damaged()
    {
        await using (var store = await FilledAsync())
        {
        }
        using (var database = DuckDbFile.Open(
            Directory.File(DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger.Instance))
        using (var connection = new DuckDbConnection(database, ""))
        {
            connection.Execute("ALTER TABLE progress DROP COLUMN damaged");
            connection.Execute("UPDATE progress SET position = position + 3");
        }
        await using var reopened = Open(Directory);
        Assert.Equal(9, await reopened.OpenAsync(Token));
        Assert.Equal((6, 3), ((await reopened.ReadCountsAsync(Token)).Stored, (await reopened.ReadCountsAsync(Token)).Damaged));
    }

    [Fact]
    public async Task A_file_of_before_finds_on_which_days_its_sessions_spoke()
    {
        await using (var store = await FilledAsync())
        {
            await store.AppendAsync(new TelemetryBatch([MeterMessage("p", 86_400 * 40, 9)], 7), Token);
        }
        using (var database = DuckDbFile.Open(
            Directory.File(DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger.Instance))
        using (var connection = new DuckDbConnection(database, ""))
        {
            connection.Execute("DROP TABLE session_day");
        }
        await using var reopened = Open(Directory);
        await reopened.OpenAsync(Token);
        var whole = All with { From = At(86_400 * 40), Until = Instant.Max, SessionsUntil = Instant.Max };
        Assert.Equal(7, (await AllAsync(reopened.ReadAsync<EnergySample>(whole, Token))).Count);
    }

    [Fact]
    public void An_error_about_a_value_is_told_from_one_about_the_world_and_from_a_bug()
    {
        Assert.IsType<StoreRefusedException>(DuckDbErrors.Of("Constraint Error: NOT NULL constraint failed: meter.time", "x"));
        Assert.IsType<StoreRefusedException>(DuckDbErrors.Of("Conversion Error: Could not convert string", "x"));
        Assert.IsType<StoreUnavailableException>(DuckDbErrors.Of("IO Error: Could not write file", "x"));
        Assert.IsType<DuckDbException>(DuckDbErrors.Of("Binder Error: no such column", "x"));
    }

    private protected override ITelemetryStore Make(TempDirectory directory) => Open(directory);

    private static DuckDbTelemetryStore Open(TempDirectory directory) =>
        new(directory.File(DuckDbTelemetryStore.FileName), new DuckDbOptions(), NullLogger<DuckDbTelemetryStore>.Instance);

    // Three messages in the checkpoint, three in the log.
    private async Task<ITelemetryStore> FilledAsync()
    {
        var store = Make(Directory);
        await store.OpenAsync(Token);
        for (var i = 0; i < 6; i++)
        {
            await store.AppendAsync(new TelemetryBatch([MeterMessage("p", i, i)], i + 1), Token);
            if (i == 2)
            {
                Assert.Equal(3, await store.CheckpointAsync(Token));
            }
        }
        return store;
    }
}
