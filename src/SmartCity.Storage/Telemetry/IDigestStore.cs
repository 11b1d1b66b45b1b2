using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Storage.Telemetry;

/// <summary>How far a pile is digested.</summary>
/// <param name="Until">Everything since <see cref="EventTime.Oldest"/> and before this is, and still true.</param>
/// <param name="Computed">When the newest part was made; an answer as known earlier cannot use it.</param>
/// <param name="Basis">What else it was made from: <see cref="DigestBasis"/>.</param>
public readonly record struct DigestMark(Instant Until, Instant Computed, ulong Basis);

/// <summary>A digest to be kept.</summary>
/// <param name="Mark">Its Until is that of the digest.</param>
/// <param name="Reach">A record may change what its pile did so long before it, and no longer.</param>
public sealed record MarkedDigest(PileDigest Digest, DigestMark Mark, TimeSpan Reach);

/// <summary>Keeps digests of piles beside the records, and knows which of them a record that came late has made wrong: the append
/// of such a record and the end of its pile's digest are one transaction.</summary>
public interface IDigestStore
{
    /// <summary>The marks of all piles that have a digest, by pile.</summary>
    ValueTask<IReadOnlyDictionary<string, DigestMark>> ReadMarksAsync(CancellationToken cancellation);

    /// <summary>Which digests were cut back since the last call, and to where; null when that is not known: at the first call, and
    /// after the store was opened anew. What was cut back before marks were read is told after. For one caller only.</summary>
    /// <exception cref="StoreUnavailableException">Worth another try later.</exception>
    IReadOnlyDictionary<string, Instant>? TakeCutBack();

    /// <summary>How many messages with old records each pile had since the store was opened.</summary>
    IReadOnlyDictionary<string, long> LateMessages { get; }

    /// <summary>From now on it is noted which records come while digests are made. Called before anything is read for
    /// them; a second call ends the round that the first began.</summary>
    ValueTask<DigestRun> BeginAsync(CancellationToken cancellation);

    /// <summary>Replaces what the piles' digests said from <c>Digest.From</c> on. A digest that has become wrong since the round
    /// began is kept up to where it is right; of a round that ended nothing is kept.</summary>
    ValueTask WriteAsync(
        DigestRun run, IReadOnlyList<MarkedDigest> digests, ChargingRules rules, CancellationToken cancellation);

    /// <summary>The newest received time of what was heard of each pile on some days; null of a day without records.</summary>
    /// <param name="from">Where the first day begins; each has 24 hours.</param>
    /// <param name="knownAt">Nothing that was accepted later counts.</param>
    ValueTask<IReadOnlyDictionary<string, Instant?[]>> ReadLatestReceivedAsync(
        IReadOnlyCollection<string> piles, Instant from, int days, Instant knownAt, CancellationToken cancellation);

    /// <summary>What digests say of [from, until), by pile, as one snapshot; each ends at its mark at the latest. Their sessions are
    /// those that started in the span.</summary>
    ValueTask<IReadOnlyDictionary<string, (DigestMark Mark, PileDigest Digest)>> ReadAsync(
        IReadOnlyCollection<string> piles, Instant from, Instant until, ChargingRules rules, CancellationToken cancellation);
}
