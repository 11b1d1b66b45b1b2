using Microsoft.Extensions.Logging.Abstractions;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Journal;
using SmartCity.Tests.Stores;

namespace SmartCity.Tests.Disks;

/// <summary>A journal whose content is known, to be damaged.</summary>
internal sealed class JournalSample : IDisposable
{
    private const string Reader = "reader";
    private readonly List<int> groups = [];

    // A damaged journal is opened a million times.
    private readonly TempDirectory directory = new(inMemory: true);

    private JournalSample()
    {
    }

    /// <summary>The files' bytes, undamaged.</summary>
    public byte[] Main { get; private set; } = [];

    /// <summary>What a crash leaves beside it; empty after an orderly end.</summary>
    public byte[] Log { get; private set; } = [];

    /// <summary>The position after the last message.</summary>
    public long Head { get; private set; }

    public string MainPath => directory.File(JournalLog.FileName);

    /// <summary>A file of about 64 KiB with groups of one, some and many messages, large and small, the first ones trimmed.</summary>
    /// <param name="isCrash">Leaves what is written in the write-ahead log.</param>
    public static async Task<JournalSample> MakeAsync(bool isCrash, CancellationToken cancellation)
    {
        var sample = new JournalSample();
        var log = sample.Open();
        for (var group = 0; group < (isCrash ? 10 : 28); group++)
        {
            var count = group % 5 == 4 ? 12 : 1;
            var appends = Enumerable.Range(0, count).Select(_ => log.AppendAsync(EntryOf(sample.Head++), cancellation).AsTask());
            sample.groups.AddRange(Enumerable.Repeat(group, count));
            await Task.WhenAll(appends);
        }
        await log.TrimAsync(3, cancellation);
        await log.SaveCursorAsync(Reader, 7, cancellation);
        if (isCrash)
        {
            sample.Main = Bytes(sample.MainPath);
            sample.Log = Bytes(sample.MainPath + "-wal");
        }
        await log.DisposeAsync();
        sample.Main = isCrash ? sample.Main : Bytes(sample.MainPath);
        return sample;
    }

    public JournalLog Open() => JournalLog.Open(directory.Path, new JournalOptions(), NullLogger<JournalLog>.Instance);

    /// <summary>Puts the undamaged files there, and nothing else.</summary>
    public void Restore()
    {
        foreach (var file in Directory.GetFiles(directory.Path))
        {
            File.Delete(file);
        }
        File.WriteAllBytes(MainPath, Main);
        if (Log.Length > 0)
        {
            File.WriteAllBytes(MainPath + "-wal", Log);
        }
    }

    /// <summary>Starts on what is there, reads everything, starts again, and judges.</summary>
    public async Task<Damage> ExamineAsync(CancellationToken cancellation)
    {
        var (read, refused) = await ReadAsync(cancellation);
        if (refused || read.Quarantined > 0 || IsRebuilt())
        {
            (read, var again) = await ReadAsync(cancellation);
            Assert.False(again, "what a start mends was not mended by a start");
        }
        var missing = Enumerable.Range(3, (int)Head - 3).Where(position => !read.Positions.Contains(position)).ToList();
        return new Damage(
            missing.Count, missing.Select(position => groups[position]).Distinct().Count(),
            refused || read.Quarantined > 0 || IsRebuilt(), read.Head >= Head);
    }

    public void Dispose() => directory.Dispose();

    private bool IsRebuilt() => Directory.GetFiles(directory.Path, "*.damaged-*").Length > 0;

    private async Task<((HashSet<int> Positions, long Quarantined, long Head) Read, bool Refused)> ReadAsync(CancellationToken cancellation)
    {
        await using var log = Open();
        var positions = new HashSet<int>();
        var refused = false;
        try
        {
            await foreach (var message in log.ReadAsync(0, cancellation))
            {
                var expected = EntryOf(message.Position);
                Assert.Equal(expected with { Payload = default }, message.Entry with { Payload = default });
                Assert.True(expected.Payload.Span.SequenceEqual(message.Entry.Payload.Span), "a changed message was read");
                positions.Add((int)message.Position);
            }
        }
        catch (JournalUnavailableException)
        {
            refused = true;
        }
        return ((positions, log.Quarantined, log.Head), refused);
    }

    private static JournalEntry EntryOf(long position)
    {
        var payload = new byte[position % 7 == 2 ? 5_000 : 60 + (position % 9)];
        new Random((int)position).NextBytes(payload);
        return new JournalEntry($"topic/{position % 3}", payload, payload.Length, null, "c", new Instant(position), null);
    }

    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>What a damage cost.</summary>
/// <param name="Missing">Messages that are not read any more.</param>
/// <param name="Groups">In how many groups they were.</param>
/// <param name="Told">The journal noticed: a group in quarantine, a rebuilt file, or a reading that was refused.</param>
/// <param name="HeadKept">No position is given out twice, so what is missing is counted as damaged.</param>
internal readonly record struct Damage(int Missing, int Groups, bool Told, bool HeadKept);
