using Microsoft.Extensions.Logging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.DeadLetters;

/// <summary>Keeps what was set aside until it is replayed. Thread-safe; every method that writes is durable when it returns.</summary>
public sealed class DeadLetterStore : IDisposable
{
    /// <summary>Opens or makes the list in <paramref name="directory"/>.</summary>
    /// <exception cref="Telemetry.StoreUnavailableException">The disk refuses.</exception>
    public static DeadLetterStore Open(string directory, DeadLetterOptions options, ILogger<DeadLetterStore> logger) =>
        throw new NotSupportedException($"{directory}{options}{logger}");

    /// <summary>Sets aside. The same topic, payload and record index is one letter whose deliveries are counted; the same journal
    /// position is counted once, so a re-read changes nothing. A replayed letter that comes again waits again.</summary>
    /// <returns>The letters' ids, in the order of <paramref name="drafts"/>.</returns>
    /// <exception cref="Telemetry.StoreUnavailableException">Full or the disk refuses; the message says what to do.</exception>
    public IReadOnlyList<long> Add(IReadOnlyList<DeadLetterDraft> drafts) => throw new NotSupportedException();

    /// <summary>The letters that match, newest first.</summary>
    public IReadOnlyList<DeadLetter> List(DeadLetterQuery query) => throw new NotSupportedException();

    /// <summary>How many letters match, whatever the query's page.</summary>
    public long Count(DeadLetterQuery query) => throw new NotSupportedException();

    /// <summary>The letters of these ids that exist.</summary>
    public IReadOnlyList<DeadLetter> Find(IReadOnlyCollection<long> ids) => throw new NotSupportedException();

    /// <summary>Letters that wait for a replay.</summary>
    public long Waiting => throw new NotSupportedException();

    /// <summary>Marks letters as sent through ingest again with success.</summary>
    public void MarkReplayed(IReadOnlyCollection<long> ids, Instant at) => throw new NotSupportedException();

    /// <summary>What was set aside at journal positions from <paramref name="position"/> on; a null record index is the whole
    /// message. A reader that goes back to that position must not store these.</summary>
    public IReadOnlySet<(long Position, int? RecordIndex)> PositionsFrom(long position) => throw new NotSupportedException();

    /// <summary>Forgets the positions (not the letters) before <paramref name="position"/>, to which no reader goes back.</summary>
    public void ForgetPositionsBefore(long position) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Dispose() => throw new NotSupportedException();
}
