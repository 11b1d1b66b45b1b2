using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SmartCity.Storage.Moving;

namespace SmartCity.Storage.Journal;

/// <summary>The durable front: every message is here before its sender is told so. One process at a time; all members may be
/// used from any thread.</summary>
public sealed class JournalLog : IAsyncDisposable
{
    /// <summary>The file's name in the data directory.</summary>
    public const string FileName = "journal.db";

    private readonly string _path;
    private readonly DataDirectoryLock _lock;
    private readonly JournalWriter _writer;

    private JournalLog(string path, DataDirectoryLock held, JournalWriter writer)
    {
        _path = path;
        _lock = held;
        _writer = writer;
        HeadWhenOpened = writer.Head;
        _writer.Committed += group => Committed?.Invoke(group);
    }

    /// <summary>Opens or makes the journal in <paramref name="directory"/>.</summary>
    /// <exception cref="JournalUnavailableException">Another process has it, or the disk refuses.</exception>
    public static JournalLog Open(string directory, JournalOptions options, ILogger<JournalLog> logger)
    {
        var held = DataDirectoryLock.Take(directory);
        var path = Path.Combine(directory, FileName);
        try
        {
            return new JournalLog(path, held, OpenWriter(path, options, logger));
        }
        catch (SqliteException e)
        {
            held.Dispose();
            throw JournalErrors.Of(e, path);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>The position the next message gets: every position before it was given out.</summary>
    public long Head => _writer.Head;

    /// <summary>What <see cref="Head"/> was before this process appended anything.</summary>
    public long HeadWhenOpened { get; }

    /// <summary>The position of the oldest message kept; equal to <see cref="Head"/> when there is none.</summary>
    public long Tail => _writer.Tail;

    /// <summary>Bytes in use on disk.</summary>
    public long Bytes => _writer.Bytes;

    /// <summary>Damaged groups met since the journal was made. They are kept, in the table <c>quarantine</c>.</summary>
    internal long Quarantined => _writer.Quarantined;

    /// <summary>What keeps the journal from taking messages and what to do; null when it takes them.</summary>
    public string? Problem => _writer.Problem;

    /// <summary>Raised on the writer's thread after each group commit, in order of position. Handlers only enqueue.</summary>
    public event Action<IReadOnlyList<JournalMessage>>? Committed;

    /// <summary>Completes with the message's position once it is on disk; to be awaited once. Positions are in the order of the
    /// calls. The payload's memory must stay as it is, also afterwards. Cancellation is not heard any more once this
    /// returned.</summary>
    /// <exception cref="JournalUnavailableException">Do not acknowledge it; worth another try later.</exception>
    public ValueTask<long> AppendAsync(JournalEntry entry, CancellationToken cancellation) =>
        _writer.AppendAsync(entry, cancellation);

    /// <summary>Streams what is durable when the reading begins from <paramref name="from"/> on; does not wait for more. Damaged
    /// groups are set aside, counted and skipped: then positions jump.</summary>
    /// <exception cref="JournalUnavailableException">Worth another try later.</exception>
    public async IAsyncEnumerable<JournalMessage> ReadAsync(long from, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var until = Head;
        using var reader = Guarded(() => new JournalReader(_path));
        var at = Guarded(() => reader.StartOf(from));
        while (Guarded(() => reader.Next(at)) is { } group && group.Position < until)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!group.IsSound)
            {
                await _writer.QuarantineAsync(group.Position, cancellation);
                at = group.Position + 1;
                continue;
            }
            foreach (var message in group.Messages())
            {
                if (message.Position >= from)
                {
                    yield return message;
                }
            }
            at = group.Position + group.Count;
        }
    }

    /// <summary>Forgets whole groups before <paramref name="before"/>; the last group always stays.</summary>
    /// <exception cref="JournalUnavailableException">Worth another try later.</exception>
    public ValueTask TrimAsync(long before, CancellationToken cancellation) => _writer.TrimAsync(before, cancellation);

    /// <summary>Where the reader of that name goes on; 0 before it first saved.</summary>
    public long ReadCursor(string name) => _writer.ReadCursor(name);

    /// <summary>Durably keeps where the reader of that name goes on.</summary>
    /// <exception cref="JournalUnavailableException">Worth another try later.</exception>
    public ValueTask SaveCursorAsync(string name, long position, CancellationToken cancellation) =>
        _writer.SaveCursorAsync(name, position, cancellation);

    /// <summary>Raises <see cref="Head"/> to at least <paramref name="position"/>, so that no position that the store has
    /// settled is given out again after the journal's file was lost. Call once the store is open, before the first
    /// append.</summary>
    /// <exception cref="JournalUnavailableException">Worth another try later.</exception>
    public ValueTask EnsureHeadAsync(long position, CancellationToken cancellation) =>
        _writer.EnsureHeadAsync(position, cancellation);

    /// <summary>Copies the journal as of one moment, while it is written to.</summary>
    /// <returns>The head of the copy: it has every message before this position, as far as they were not cut off.</returns>
    /// <exception cref="JournalUnavailableException">The disk refuses.</exception>
    public async Task<long> CopyAsync(string to)
    {
        try
        {
            await SqliteCopy.OfFileAsync(_path, to);
            return await SqliteCopy.NumberAsync(to, """
                SELECT max((SELECT ifnull(max(position + count), 0) FROM message_group), (SELECT ifnull(max(head), 0) FROM floor))
                """);
        }
        catch (SqliteException e)
        {
            throw JournalErrors.Of(e, _path);
        }
    }

    /// <summary>Writes what waits, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _lock.Dispose();
    }

    private static JournalWriter OpenWriter(string path, JournalOptions options, ILogger logger)
    {
        try
        {
            if (JournalSalvage.IsMarked(path) || JournalSalvage.IsDamaged(path))
            {
                JournalSalvage.Run(path, logger);
            }
            return new JournalWriter(path, options, logger);
        }
        catch (Exception e) when (JournalSalvage.IsDamage(e))
        {
            JournalSalvage.Run(path, logger);
            return new JournalWriter(path, options, logger);
        }
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException e)
        {
            throw JournalErrors.Of(e, _path);
        }
    }
}
