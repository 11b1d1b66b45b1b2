using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Journal;
using SmartCity.Tests.EndToEnd;
using SmartCity.Tests.Stores;

namespace SmartCity.Tests.Journal;

/// <summary>Any series of appends, trims, cursors, reopenings and crashes, also in the middle of a step, leaves what a list would
/// have. SMARTCITY_JOURNAL_SEQUENCES=100000 is the long form.</summary>
public sealed class JournalModelTests(ITestOutputHelper output)
{
    private const int ShortSeconds = 4;

    private enum Kind
    {
        Append, AppendMany, AppendLarge, Trim, SaveCursor, RaiseHead, Reopen,
    }

    // How a step ends: well, with a crash after it, or with a crash when only a part of what it wrote had reached the disk.
    private enum End
    {
        Well, WellToo, Crash, Torn,
    }

    [Fact]
    public async Task The_journal_behaves_like_a_list()
    {
        var sequences = Account.Setting("SMARTCITY_JOURNAL_SEQUENCES", 0);
        var (done, steps) = (0, 0);
        await Gen.Select(Gen.Enum<Kind>(), Gen.Enum<End>(), Gen.Int[0, 60], Gen.Double[0, 1]).Array[1, 16].SampleAsync(
            async series =>
            {
                await RunAsync([.. series.Select(s => new Step(s.Item1, s.Item2, s.Item3, s.Item4))]);
                Interlocked.Increment(ref done);
                Interlocked.Add(ref steps, series.Length);
            },
            iter: sequences > 0 ? sequences : -1, time: sequences > 0 ? -1 : ShortSeconds);
        output.WriteLine($"{done} sequences of {steps} steps");
        Assert.True(done > 10);
    }

    private static async Task RunAsync(Step[] steps)
    {
        var directory = new TempDirectory(inMemory: true);
        var log = Open(directory);
        var model = new Model();
        try
        {
            foreach (var step in steps)
            {
                using var before = step.End == End.Torn ? directory.CopyAsAfterCrash() : null;
                var known = model;
                (log, model) = await DoAsync(step, log, directory, model);
                if (step.End is End.Crash or End.Torn)
                {
                    var crashed = directory.CopyAsAfterCrash();
                    await log.DisposeAsync();
                    directory.Dispose();
                    directory = crashed;
                    if (before is not null)
                    {
                        Tear(before, directory, step.Part);
                    }
                    log = Open(directory);
                    model = before is null ? model : model.AsFound(known, log);
                }
                await CheckAsync(log, model);
            }
        }
        finally
        {
            await log.DisposeAsync();
            directory.Dispose();
        }
    }

    private static async Task<(JournalLog, Model)> DoAsync(Step step, JournalLog log, TempDirectory directory, Model model)
    {
        var number = step.Number;
        switch (step.Kind)
        {
            case Kind.Trim:
                await log.TrimAsync(number, Token);
                return (log, model with { KeptFrom = Math.Max(model.KeptFrom, Math.Min(number, model.Head)) });
            case Kind.SaveCursor:
                await log.SaveCursorAsync("reader", number, Token);
                return (log, model with { Cursor = number });
            case Kind.RaiseHead:
                await log.EnsureHeadAsync(number, Token);
                return (log, model.Raised(number));
            case Kind.Reopen:
                await log.DisposeAsync();
                return (Open(directory), model);
            default:
                var entries = Enumerable.Range(0, step.Kind == Kind.AppendMany ? number : 1)
                    .Select(i => Entry(model.Head + i, step.Kind == Kind.AppendLarge)).ToArray();
                var positions = await Task.WhenAll(entries.Select(entry => log.AppendAsync(entry, Token).AsTask()));
                Assert.Equal(entries.Select((_, i) => model.Head + i), positions);
                return (log, model.With(entries));
        }
    }

    // Everything that one step wrote is in its order of writing: first the log, then the file, whose pages are written once the log
    // is on disk; a log is cut only when the file is.
    private static void Tear(TempDirectory before, TempDirectory after, double part)
    {
        var (main, log) = (JournalLog.FileName, JournalLog.FileName + "-wal");
        var oldLog = Bytes(before.File(log));
        var newLog = Bytes(after.File(log));
        var oldMain = Bytes(before.File(main));
        var newMain = Bytes(after.File(main));
        var isCut = newLog.Length < oldLog.Length;
        var logBytes = isCut ? 0 : newLog.Length - Same(oldLog, newLog);
        var mainBytes = newMain.Length - Same(oldMain, newMain);
        var written = (int)(part * (logBytes + mainBytes + 1));
        File.WriteAllBytes(after.File(log), isCut && written > mainBytes ? newLog
            : isCut ? oldLog : Mixed(oldLog, newLog, Math.Min(written, logBytes)));
        File.WriteAllBytes(after.File(main), Mixed(oldMain, newMain, Math.Max(0, written - logBytes)));
    }

    private static byte[] Mixed(byte[] old, byte[] now, int written)
    {
        var until = Math.Min(now.Length, Same(old, now) + written);
        return [.. now[..until], .. old.Length > until ? old[until..] : []];
    }

    private static int Same(byte[] one, byte[] other) => one.AsSpan().CommonPrefixLength(other);

    private static byte[] Bytes(string path) => File.Exists(path) ? File.ReadAllBytes(path) : [];

    private static async Task CheckAsync(JournalLog log, Model model)
    {
        Assert.Equal((model.Head, model.Cursor, 0L), (log.Head, log.ReadCursor("reader"), log.Quarantined));
        // Whole groups go, so a little more than asked for may stay; never less.
        var read = new Dictionary<long, JournalEntry>();
        await foreach (var message in log.ReadAsync(0, Token))
        {
            read.Add(message.Position, message.Entry);
        }
        Assert.Equal(
            model.Entries.Keys.Where(position => position >= model.KeptFrom), read.Keys.Where(position => position >= model.KeptFrom));
        foreach (var (position, entry) in read)
        {
            var expected = model.Entries[position];
            Assert.Equal(expected.Received, entry.Received);
            Assert.True(expected.Payload.Span.SequenceEqual(entry.Payload.Span));
        }
    }

    private static JournalEntry Entry(long i, bool isLarge)
    {
        var payload = new byte[isLarge ? 20_000 : i % 100];
        Array.Fill(payload, (byte)i);
        return new($"topic/{i % 3}", payload, payload.Length, null, "c", new Instant(i), null);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static JournalLog Open(TempDirectory directory) =>
        JournalLog.Open(directory.Path, new JournalOptions(), NullLogger<JournalLog>.Instance);

    private sealed record Step(Kind Kind, End End, int Number, double Part);

    /// <summary>What must be there.</summary>
    private sealed record Model(long Head = 0, long Cursor = 0, long KeptFrom = 0)
    {
        public SortedDictionary<long, JournalEntry> Entries { get; private init; } = [];

        public Model With(JournalEntry[] more)
        {
            var entries = new SortedDictionary<long, JournalEntry>(Entries);
            for (var i = 0; i < more.Length; i++)
            {
                entries.Add(Head + i, more[i]);
            }
            return this with { Head = Head + more.Length, Entries = entries };
        }

        public Model Raised(long head) => this with { Head = Math.Max(Head, head) };

        /// <summary>After a crash in the middle of a step: all that was there before it, and of the step what is found.</summary>
        public Model AsFound(Model before, JournalLog log)
        {
            Assert.InRange(log.Head, before.Head, Head);
            Assert.Contains(log.ReadCursor("reader"), (long[])[before.Cursor, Cursor]);
            var entries = new SortedDictionary<long, JournalEntry>(
                Entries.Where(e => e.Key < log.Head).ToDictionary(e => e.Key, e => e.Value));
            return this with { Head = log.Head, Cursor = log.ReadCursor("reader"), Entries = entries };
        }
    }
}
