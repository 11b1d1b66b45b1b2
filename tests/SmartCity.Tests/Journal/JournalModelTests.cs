using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Journal;
using SmartCity.Tests.Stores;

namespace SmartCity.Tests.Journal;

/// <summary>Any series of appends, trims, cursors, reopenings and crashes leaves what a list would have.</summary>
public sealed class JournalModelTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private enum Step
    {
        Append, AppendMany, Trim, SaveCursor, Reopen, Crash,
    }

    [Fact]
    public async Task The_journal_behaves_like_a_list() =>
        await Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 60]).Array[1, 40].SampleAsync(RunAsync, iter: 40);

    private static async Task RunAsync((Step Step, int Number)[] steps)
    {
        var directory = new TempDirectory();
        var log = Open(directory);
        var (head, cursor, keptFrom) = (0L, 0L, 0L);
        try
        {
            foreach (var (step, number) in steps)
            {
                switch (step)
                {
                    case Step.Append:
                        Assert.Equal(head, await log.AppendAsync(Entry(head++), Token));
                        break;
                    case Step.AppendMany:
                        var first = head;
                        head += number;
                        var appended = await Task.WhenAll(Enumerable.Range(0, number).Select(i =>
                            log.AppendAsync(Entry(first + i), Token).AsTask()));
                        Assert.Equal(Enumerable.Range(0, number).Select(i => first + i), appended);
                        break;
                    case Step.Trim:
                        keptFrom = Math.Max(keptFrom, Math.Min(number, head));
                        await log.TrimAsync(number, Token);
                        break;
                    case Step.SaveCursor:
                        await log.SaveCursorAsync("reader", cursor = number, Token);
                        break;
                    case Step.Reopen:
                        await log.DisposeAsync();
                        log = Open(directory);
                        break;
                    default:
                        var crashed = directory.CopyAsAfterCrash();
                        await log.DisposeAsync();
                        directory.Dispose();
                        log = Open(directory = crashed);
                        break;
                }
                await CheckAsync(log, head, cursor, keptFrom);
            }
        }
        finally
        {
            await log.DisposeAsync();
            directory.Dispose();
        }
    }

    private static async Task CheckAsync(JournalLog log, long head, long cursor, long keptFrom)
    {
        Assert.Equal((head, cursor, 0L), (log.Head, log.ReadCursor("reader"), log.Quarantined));
        // Whole groups go, so a little more than asked for may stay; never less.
        Assert.True(log.Tail <= keptFrom);
        var next = keptFrom;
        await foreach (var message in log.ReadAsync(keptFrom, Token))
        {
            Assert.Equal(next, message.Position);
            Assert.Equal(Entry(next).Received, message.Entry.Received);
            next++;
        }
        Assert.Equal(head, next);
    }

    private static JournalEntry Entry(long i) => new($"topic/{i % 3}", new byte[i % 100], (int)(i % 100), null, "c",
        new Instant(i), null);

    private static JournalLog Open(TempDirectory directory) =>
        JournalLog.Open(directory.Path, new JournalOptions(), NullLogger<JournalLog>.Instance);
}
