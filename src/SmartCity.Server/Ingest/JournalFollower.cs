using System.Runtime.CompilerServices;
using System.Threading.Channels;
using SmartCity.Storage.Journal;

namespace SmartCity.Server.Ingest;

/// <summary>Reads the journal as it grows: from memory right after each commit, and from disk what memory did not hold.</summary>
internal sealed class JournalFollower : IDisposable
{
    private const long BytesInMemoryMax = 64L * 1024 * 1024;
    private const int OverheadBytes = 256;
    private const int ChunkMessages = 1_000;

    private readonly Channel<IReadOnlyList<JournalMessage>> commits =
        Channel.CreateUnbounded<IReadOnlyList<JournalMessage>>(new UnboundedChannelOptions { SingleReader = true });

    private readonly JournalLog journal;
    private long bytesInMemory;
    private long lastCommitted = -1;

    public JournalFollower(JournalLog journal)
    {
        this.journal = journal;
        journal.Committed += OnCommitted;
    }

    /// <summary>Everything from a position on, in order, in groups. Ends, after all that was committed, when the follower is
    /// disposed of.</summary>
    public async IAsyncEnumerable<IReadOnlyList<JournalMessage>> FollowAsync(
        long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var next = from;
        await foreach (var chunk in FromDiskAsync(next, long.MaxValue, cancellation))
        {
            next = chunk[^1].Position + 1;
            yield return chunk;
        }
        while (await commits.Reader.WaitToReadAsync(cancellation))
        {
            while (commits.Reader.TryRead(out var commit))
            {
                Interlocked.Add(ref bytesInMemory, -BytesOf(commit));
                await foreach (var chunk in FromDiskAsync(next, commit[0].Position, cancellation))
                {
                    next = chunk[^1].Position + 1;
                    yield return chunk;
                }
                if (commit[^1].Position >= next)
                {
                    yield return commit[0].Position >= next ? commit : [.. commit.Where(m => m.Position >= next)];
                    next = commit[^1].Position + 1;
                }
            }
            // Commits that memory had no room for, with none after them.
            await foreach (var chunk in FromDiskAsync(next, Volatile.Read(ref lastCommitted) + 1, cancellation))
            {
                next = chunk[^1].Position + 1;
                yield return chunk;
            }
        }
    }

    public void Dispose()
    {
        journal.Committed -= OnCommitted;
        commits.Writer.TryComplete();
    }

    private async IAsyncEnumerable<IReadOnlyList<JournalMessage>> FromDiskAsync(
        long from, long until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from >= until)
        {
            yield break;
        }
        var chunk = new List<JournalMessage>();
        await foreach (var message in journal.ReadAsync(from, cancellation))
        {
            if (message.Position >= until)
            {
                break;
            }
            chunk.Add(message);
            if (chunk.Count == ChunkMessages)
            {
                yield return chunk;
                chunk = [];
            }
        }
        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    private void OnCommitted(IReadOnlyList<JournalMessage> commit)
    {
        var bytes = BytesOf(commit);
        Volatile.Write(ref lastCommitted, commit[^1].Position);
        if (Interlocked.Add(ref bytesInMemory, bytes) > BytesInMemoryMax)
        {
            Interlocked.Add(ref bytesInMemory, -bytes);
            return;
        }
        commits.Writer.TryWrite(commit);
    }

    private static long BytesOf(IReadOnlyList<JournalMessage> commit)
    {
        var bytes = 0L;
        foreach (var message in commit)
        {
            bytes += message.Entry.Payload.Length + OverheadBytes;
        }
        return bytes;
    }
}
