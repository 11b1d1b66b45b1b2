using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Ingest;
using SmartCity.Storage.Journal;

namespace SmartCity.Tests.Ingest;

public sealed class JournalFollowerTests : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("smartcity-follower-");
    private readonly JournalLog journal;

    public JournalFollowerTests() =>
        journal = JournalLog.Open(folder.FullName, new JournalOptions(), NullLogger<JournalLog>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await journal.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    public async Task Everything_comes_once_and_in_order_from_before_and_after_the_start(long from)
    {
        await AppendAsync(50, 10);
        using var follower = new JournalFollower(journal);
        await AppendAsync(50, 10);
        var reading = ReadAsync(follower, from);
        await AppendAsync(100, 10);
        follower.Dispose();
        Assert.Equal(Enumerable.Range((int)from, 200 - (int)from).Select(i => (long)i), await reading);
    }

    [Fact]
    public async Task What_memory_has_no_room_for_is_read_from_disk()
    {
        using var follower = new JournalFollower(journal);
        // 90 MiB while nobody reads, of which memory keeps 64.
        await AppendAsync(1_500, 60_000);
        var reading = ReadAsync(follower, 0);
        follower.Dispose();
        Assert.Equal(Enumerable.Range(0, 1_500).Select(i => (long)i), await reading);
    }

    private static async Task<List<long>> ReadAsync(JournalFollower follower, long from)
    {
        var positions = new List<long>();
        await foreach (var chunk in follower.FollowAsync(from, Token))
        {
            positions.AddRange(chunk.Select(m => m.Position));
        }
        return positions;
    }

    private async Task AppendAsync(int count, int bytes)
    {
        var entry = new JournalEntry("topic", new byte[bytes], bytes, null, "client", new Instant(0), null);
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => journal.AppendAsync(entry, Token).AsTask()));
    }
}
