using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry;

namespace SmartCity.Server.Api.Charging;

/// <summary>What every question about charging says: which piles, when, and as known when.</summary>
/// <param name="Evaluation">Nothing later exists. The same on all pages of an answer.</param>
internal sealed record Asked(
    AssetScope Scope, Instant From, Instant Until, TimeZoneInfo Zone, Instant Evaluation, string Fingerprint,
    RegistrySnapshot Registry);

/// <summary>Reads requests.</summary>
internal sealed class Requests(RegistryStore registry, TimeProvider clock)
{
    /// <summary>The most rows an answer may have, over all its pages.</summary>
    public const int RowsMax = 100_000;

    /// <summary>The common part of a request.</summary>
    /// <param name="pageToken">Empty for the first page, and for answers without pages.</param>
    public async Task<Asked> ReadAsync(
        IMessage request, Scope? scope, Period? period, Timestamp? asOf, string pageToken, CancellationToken cancellation)
    {
        var fingerprint = Pages.FingerprintOf(request);
        var now = Instant.From(clock.GetUtcNow());
        var evaluation = Pages.AsOf(pageToken, fingerprint, Instants.AsOf(asOf, now));
        var (from, until, zone) = Periods.From(period, evaluation);
        var known = await registry.AsKnownAtAsync(evaluation, cancellation);
        await KnownRegistry.RefuseNothingAsync(registry, known, zone, cancellation);
        return new Asked(Scopes.From(scope, registry.Current), from, until, zone, evaluation, fingerprint, known);
    }

    /// <summary>Cuts the period; refuses what would have too many rows.</summary>
    /// <param name="groups">How many rows there are per bucket.</param>
    public static Buckets Cut(Asked asked, Bucket bucket, int groups)
    {
        if (!System.Enum.IsDefined(bucket))
        {
            throw new InvalidQueryException("bucket",
                $"{(int)bucket} is not known. Give one of the names of Bucket, or leave it out.");
        }
        var cut = Buckets.Of((BucketKind)bucket, asked.From, asked.Until, asked.Zone);
        if ((long)cut.Rows.Count * groups > RowsMax)
        {
            throw new InvalidQueryException(
                "bucket",
                $"gives {(long)cut.Rows.Count * groups} rows; at most {RowsMax} are allowed. "
                    + "Ask for larger buckets, a larger group_by, a shorter period or a smaller scope.");
        }
        return cut;
    }

    /// <summary>The key of a row.</summary>
    public static RowKey KeyOf(GroupName group, BucketSpan bucket)
    {
        var key = new RowKey { GroupId = group.Id, GroupName = group.Name };
        if (bucket.Fold is { } fold)
        {
            key.Fold = fold;
        }
        else
        {
            key.BucketFrom = bucket.From.ToTimestamp();
            key.BucketUntil = bucket.Until.ToTimestamp();
        }
        return key;
    }
}
