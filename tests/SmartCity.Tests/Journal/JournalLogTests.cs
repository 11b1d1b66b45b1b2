using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Journal;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Stores;

namespace SmartCity.Tests.Journal;

public sealed class JournalLogTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Every_field_of_a_message_comes_back()
    {
        JournalEntry[] entries =
        [
            Entry(1), new("t", new byte[] { 1, 2 }, 70_000, "application/x-protobuf", "", Instant.Min, null),
            new("t", Array.Empty<byte>(), 0, "", "c", Instant.Max, new Replay(7, new Instant(-5), null)),
            new("主题", new byte[65_536], 65_536, null, "c", default, new Replay(long.MaxValue, Instant.Max, 499)),
        ];
        await using (var log = Open())
        {
            foreach (var entry in entries)
            {
                await log.AppendAsync(entry, Token);
            }
        }
        await using var again = Open();
        var read = await ReadAsync(again, 0);
        Assert.Equal([0L, 1, 2, 3], read.Select(m => m.Position));
        foreach (var (message, entry) in read.Zip(entries))
        {
            Assert.Equal(entry with { Payload = default }, message.Entry with { Payload = default });
            Assert.Equal(entry.Payload.ToArray(), message.Entry.Payload.ToArray());
        }
    }

    [Fact]
    public async Task Ten_thousand_concurrent_appends_are_all_durable_once_and_told_in_order()
    {
        var told = new List<long>();
        long[] positions;
        TempDirectory crashed;
        await using (var log = Open())
        {
            log.Committed += group => told.AddRange(group.Select(m => m.Position));
            positions = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(i =>
                Task.Run(() => log.AppendAsync(Entry(i), Token).AsTask(), Token)));
            Assert.Equal(10_000, log.Head);
            crashed = _directory.CopyAsAfterCrash();
        }
        using (crashed)
        {
            await using var reopened = Open(directory: crashed);
            var read = await ReadAsync(reopened, 0);
            Assert.Equal(Enumerable.Range(0, 10_000).Select(i => (long)i), read.Select(m => m.Position));
            for (var i = 0; i < positions.Length; i++)
            {
                Assert.Equal(Entry(i).Received, read[(int)positions[i]].Entry.Received);
            }
        }
        Assert.Equal(Enumerable.Range(0, 10_000).Select(i => (long)i), told);
    }

    [Fact]
    public async Task A_flood_is_written_in_the_order_in_which_it_came()
    {
        await using var log = Open();
        var flood = new Task<long>[30_000];
        for (var i = 0; i < flood.Length; i++)
        {
            flood[i] = log.AppendAsync(Entry(i), Token).AsTask();
        }
        Assert.Equal(Enumerable.Range(0, flood.Length).Select(i => (long)i), await Task.WhenAll(flood));
    }

    [Fact]
    public async Task Cursors_and_positions_survive_trimming_everything()
    {
        await using (var log = Open())
        {
            await FillAsync(log, 30);
            await log.SaveCursorAsync("live", 12, Token);
            await log.SaveCursorAsync("live", 30, Token);
            await log.TrimAsync(10, Token);
            Assert.Equal(10, log.Tail);
            await log.TrimAsync(30, Token);
            Assert.Equal(29, log.Tail);
        }
        await using var again = Open();
        Assert.Equal((30L, 29L, 30L, 0L), (again.Head, again.Tail, again.ReadCursor("live"), again.ReadCursor("other")));
        Assert.Equal(30, await again.AppendAsync(Entry(30), Token));
        Assert.Equal([30L], (await ReadAsync(again, 30)).Select(m => m.Position));
    }

    [Fact]
    public async Task Positions_that_the_store_has_settled_are_not_given_again_after_the_file_was_lost()
    {
        await using (var log = Open())
        {
            await log.EnsureHeadAsync(1_000, Token);
            await log.EnsureHeadAsync(10, Token);
        }
        await using var again = Open();
        Assert.Equal(1_000, await again.AppendAsync(Entry(1), Token));
        Assert.Equal([1_000L], (await ReadAsync(again, 0)).Select(m => m.Position));
    }

    [Fact]
    public async Task A_flipped_bit_is_never_read_as_a_message_and_costs_only_its_group()
    {
        await using (var log = Open())
        {
            await FillAsync(log, 20);
        }
        for (var bit = 0; bit < 200; bit += 7)
        {
            using var copy = _directory.CopyAsAfterCrash();
            var victim = bit % 20;
            FlipBodyBit(copy, victim, bit);
            await using var log = Open(directory: copy);
            var read = await ReadAsync(log, 0);
            Assert.Equal(Enumerable.Range(0, 20).Where(i => i != victim), read.Select(m => (int)m.Position));
            Assert.All(read, m => Assert.Equal(Entry((int)m.Position).Received, m.Entry.Received));
            Assert.Equal(1, log.Quarantined);
            Assert.Null(log.Problem);
            // A damaged last group may have held as many messages as a group can.
            Assert.Equal(victim == 19 ? 1_019 : 20, log.Head);
            Assert.Equal(log.Head - 1, await log.AppendAsync(Entry(50), Token) - 1);
        }
    }

    [Fact]
    public async Task Damaged_groups_are_kept_for_a_person_to_look_at()
    {
        await using (var log = Open())
        {
            await FillAsync(log, 3);
        }
        FlipBodyBit(_directory, 1, 3);
        await using (var log = Open())
        {
            await ReadAsync(log, 0);
            await ReadAsync(log, 0);
            Assert.Equal(1, log.Quarantined);
        }
        Assert.Equal(1L, Scalar(_directory, "SELECT count(*) FROM quarantine WHERE position = 1 AND length(body) > 0"));
    }

    [Fact]
    public async Task A_file_damaged_anywhere_opens_with_sound_messages_only()
    {
        await using (var log = Open())
        {
            for (var i = 0; i < 40; i++)
            {
                await log.AppendAsync(Entry(i) with { Payload = new byte[3_000] }, Token);
            }
        }
        var size = new FileInfo(_directory.File(JournalLog.FileName)).Length;
        for (var at = 0L; at < size; at += 4_096)
        {
            using var copy = _directory.CopyAsAfterCrash();
            await using (var file = new FileStream(copy.File(JournalLog.FileName), FileMode.Open))
            {
                file.Position = at;
                file.Write(Enumerable.Repeat((byte)0xFF, 64).ToArray());
            }
            for (var start = 0; start < 2; start++)
            {
                await using var log = Open(directory: copy);
                Assert.Empty(LeftOpen(copy));
                foreach (var message in await ReadOrRefuseAsync(log))
                {
                    Assert.Equal(Entry((int)message.Position).Received, message.Entry.Received);
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_rebuild_that_was_interrupted_goes_on_with_what_it_had_saved(bool isLogThere)
    {
        await using (var log = Open())
        {
            await FillAsync(log, 5);
        }
        using var other = new TempDirectory();
        await using (var log = Open(directory: other))
        {
            await FillAsync(log, 9);
            var wal = other.File(JournalLog.FileName + "-wal");
            Assert.True(new FileInfo(wal).Length > 0);
            File.Copy(wal, _directory.File(JournalLog.FileName + "-log"));
        }
        // Five messages were saved; the damaged file, and perhaps its log, still have the journal's name.
        File.Move(_directory.File(JournalLog.FileName), _directory.File(JournalLog.FileName + ".sound"));
        await File.WriteAllBytesAsync(_directory.File(JournalLog.FileName), new byte[8_192], Token);
        if (isLogThere)
        {
            File.Move(_directory.File(JournalLog.FileName + "-log"), _directory.File(JournalLog.FileName + "-wal"));
        }
        await using (var reopened = Open())
        {
            Assert.Equal(5, reopened.Head);
            Assert.Equal(5, (await ReadAsync(reopened, 0)).Count);
            Assert.Equal(5, await reopened.AppendAsync(Entry(0), Token));
        }
        await using var again = Open();
        Assert.Equal(6, again.Head);
    }

    [Fact]
    public async Task A_torn_log_ends_where_it_was_torn_and_goes_on_from_there()
    {
        await using var log = Open();
        await FillAsync(log, 50);
        using var crashed = _directory.CopyAsAfterCrash();
        var wal = crashed.File(JournalLog.FileName + "-wal");
        await using (var file = new FileStream(wal, FileMode.Open))
        {
            file.SetLength(file.Length / 2);
        }
        await using var reopened = Open(directory: crashed);
        var head = reopened.Head;
        Assert.InRange(head, 1, 49);
        Assert.Equal(Enumerable.Range(0, (int)head).Select(i => (long)i), (await ReadAsync(reopened, 0)).Select(m => m.Position));
        Assert.Equal(head, await reopened.AppendAsync(Entry(0), Token));
    }

    [Fact]
    public async Task A_second_process_is_told_who_has_the_directory()
    {
        await using (Open())
        {
            var error = Assert.Throws<JournalUnavailableException>(() => Open());
            Assert.Contains($"process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        }
        await using var afterwards = Open();
        Assert.Equal(0, afterwards.Head);
    }

    [Fact]
    public async Task At_its_limit_the_journal_refuses_and_goes_on_after_a_trim()
    {
        await using var log = Open(new JournalOptions { BytesMax = 1_000_000 });
        var big = Entry(0) with { Payload = new byte[60_000] };
        var error = await Assert.ThrowsAsync<JournalUnavailableException>(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await log.AppendAsync(big, Token);
            }
        });
        Assert.Contains("Journal:BytesMax", error.Message, StringComparison.Ordinal);
        Assert.Equal(error.Message, log.Problem);
        Assert.InRange(log.Bytes, 900_000, 1_000_000);
        Assert.NotEmpty(await ReadAsync(log, 0));
        var head = log.Head;
        await log.TrimAsync(head, Token);
        Assert.Equal(head, await log.AppendAsync(big, Token));
        Assert.Null(log.Problem);
    }

    [Fact]
    public async Task A_failed_commit_is_told_to_its_waiters_and_the_next_one_works()
    {
        await using var log = Open();
        await FillAsync(log, 5);
        using (var other = new SqliteConnection($"Data Source={_directory.File(JournalLog.FileName)};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction();
            using var command = other.CreateCommand();
            command.CommandText = "INSERT INTO reader(name, position) VALUES ('x', 1)";
            command.ExecuteNonQuery();
            var error = await Assert.ThrowsAsync<JournalUnavailableException>(() => log.AppendAsync(Entry(5), Token).AsTask());
            Assert.Contains("A running server tries again by itself", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<JournalUnavailableException>(() => log.AppendAsync(Entry(5), Token).AsTask());
            Assert.NotNull(log.Problem);
        }
        // Also when nobody sends anything.
        await TestServer.EventuallyAsync(() => Task.FromResult(log.Problem is null), "no problem any more");
        Assert.Equal(5, await log.AppendAsync(Entry(5), Token));
        Assert.Equal(6, (await ReadAsync(log, 0)).Count);
        Assert.Null(log.Problem);
    }

    private static JournalEntry Entry(int i) =>
        new("smartcity/v1/220204/pile/p1/meter", new byte[50 + (i % 7)], 50 + (i % 7), null, "p1", new Instant(1_000 + i), null);

    private static async Task FillAsync(JournalLog log, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(i, await log.AppendAsync(Entry(i), Token));
        }
    }

    private static async Task<List<JournalMessage>> ReadAsync(JournalLog log, long from)
    {
        var read = new List<JournalMessage>();
        await foreach (var message in log.ReadAsync(from, Token))
        {
            read.Add(message);
        }
        return read;
    }

    private static async Task<List<JournalMessage>> ReadOrRefuseAsync(JournalLog log)
    {
        try
        {
            return await ReadAsync(log, 0);
        }
        catch (JournalUnavailableException e)
        {
            Assert.Contains("restart", e.Message, StringComparison.Ordinal);
            return [];
        }
    }

    // Files that a rebuild replaced and that this process still holds. SQLite would close them whenever the garbage collector
    // comes by, and take the files now at their names with it.
    private static IEnumerable<string> LeftOpen(TempDirectory directory) =>
        !OperatingSystem.IsLinux() ? [] : Directory.GetFiles("/proc/self/fd").Select(f => new FileInfo(f).LinkTarget ?? "").Where(
            f => f.StartsWith(directory.Path, StringComparison.Ordinal) && f.EndsWith("(deleted)", StringComparison.Ordinal));

    private static void FlipBodyBit(TempDirectory directory, int position, int bit)
    {
        using var connection = new SqliteConnection($"Data Source={directory.File(JournalLog.FileName)};Pooling=False");
        connection.Open();
        using var read = connection.CreateCommand();
        read.CommandText = $"SELECT body FROM message_group WHERE position = {position}";
        var body = (byte[])read.ExecuteScalar()!;
        body[bit / 8 % body.Length] ^= (byte)(1 << (bit % 8));
        using var write = connection.CreateCommand();
        write.CommandText = $"UPDATE message_group SET body = $body WHERE position = {position}";
        write.Parameters.AddWithValue("$body", body);
        Assert.Equal(1, write.ExecuteNonQuery());
    }

    private static object? Scalar(TempDirectory directory, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={directory.File(JournalLog.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private JournalLog Open(JournalOptions? options = null, TempDirectory? directory = null) =>
        JournalLog.Open((directory ?? _directory).Path, options ?? new JournalOptions(), NullLogger<JournalLog>.Instance);
}
