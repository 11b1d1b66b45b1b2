using Microsoft.Extensions.Logging;

namespace SmartCity.Storage.Journal;

/// <summary>The durable front: every message is here before its sender is told so. One process at a time.</summary>
public sealed class JournalLog : IAsyncDisposable
{
    /// <summary>Opens or makes the journal in <paramref name="directory"/>.</summary>
    /// <exception cref="JournalUnavailableException">Another process has it, or the disk refuses.</exception>
    public static JournalLog Open(string directory, JournalOptions options, ILogger<JournalLog> logger) =>
        throw new NotSupportedException($"{directory}{options}{logger}");

    /// <summary>The position the next message gets.</summary>
    public long Head { get; }

    /// <summary>The position of the oldest message kept; equal to <see cref="Head"/> when there is none.</summary>
    public long Tail { get; }

    /// <summary>Bytes in use on disk.</summary>
    public long Bytes { get; }

    /// <summary>Damaged groups set aside since the journal was made; never deleted.</summary>
    public long Quarantined { get; }

    /// <summary>What keeps the journal from taking messages and what to do; null when it takes them.</summary>
    public string? Problem { get; }

    /// <summary>Raised on the writer's thread after each group commit, in order of position. Handlers only enqueue.</summary>
    public event Action<IReadOnlyList<JournalMessage>>? Committed;

    /// <summary>Completes with the message's position once it is on disk. The payload's memory must stay as it is.</summary>
    /// <exception cref="JournalUnavailableException">Not acknowledged: worth another try later.</exception>
    public ValueTask<long> AppendAsync(JournalEntry entry, CancellationToken cancellation)
    {
        Committed?.Invoke([]);
        throw new NotSupportedException();
    }

    /// <summary>Streams what is durable now from <paramref name="from"/> on; does not wait for more. Damaged groups are set
    /// aside, counted and skipped.</summary>
    public IAsyncEnumerable<JournalMessage> ReadAsync(long from, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Forgets whole groups before <paramref name="before"/>.</summary>
    public ValueTask TrimAsync(long before, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Where the reader of that name goes on; 0 before it first saved.</summary>
    public long ReadCursor(string name) => throw new NotSupportedException();

    /// <summary>Durably keeps where the reader of that name goes on.</summary>
    public ValueTask SaveCursorAsync(string name, long position, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Raises <see cref="Head"/> to at least <paramref name="position"/>, so that no position that the store has
    /// settled is given out again after the journal's file was lost. Call after the store is open.</summary>
    public ValueTask EnsureHeadAsync(long position, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Writes what waits, then closes.</summary>
    public ValueTask DisposeAsync() => throw new NotSupportedException();
}
