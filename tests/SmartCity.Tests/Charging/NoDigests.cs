using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Storage.Telemetry;

namespace SmartCity.Tests.Charging;

/// <summary>Keeps nothing: every answer is made from records.</summary>
internal sealed class NoDigests : IDigestStore
{
    public IReadOnlyDictionary<string, long> LateMessages { get; } = new Dictionary<string, long>();

    public ValueTask<IReadOnlyDictionary<string, DigestMark>> ReadMarksAsync(CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, DigestMark>>(new Dictionary<string, DigestMark>());

    public IReadOnlyDictionary<string, Instant>? TakeCutBack() => null;

    public ValueTask<IReadOnlyDictionary<string, Instant?[]>> ReadLatestReceivedAsync(
        IReadOnlyCollection<string> piles, Instant from, int days, Instant knownAt, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<DigestRun> BeginAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask WriteAsync(
        DigestRun run, IReadOnlyList<MarkedDigest> digests, ChargingRules rules, CancellationToken cancellation) =>
        throw new NotSupportedException();

    public ValueTask<IReadOnlyDictionary<string, (DigestMark Mark, PileDigest Digest)>> ReadAsync(
        IReadOnlyCollection<string> piles, Instant from, Instant until, ChargingRules rules, CancellationToken cancellation) =>
        ValueTask.FromResult<IReadOnlyDictionary<string, (DigestMark, PileDigest)>>(
            new Dictionary<string, (DigestMark, PileDigest)>());
}
