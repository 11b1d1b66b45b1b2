using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Answers GetCompliance.</summary>
internal sealed class ComplianceAnswers(SanitationRequests requests, SanitationLoader loader, TruckQuality quality)
{
    // One row per point and day over a year is a list of obligations, not a table.
    private const int RowsMax = 100_000;

    public async Task<GetComplianceResponse> AnswerAsync(GetComplianceRequest request, CancellationToken cancellation)
    {
        var bucket = BucketOf(request.Bucket);
        var keys = requests.KeysOf(request.WindowKeys);
        var asked = await requests.ReadAsync(request, request.Scope, request.Dates, request.AsOf, "", cancellation);
        var groups = new ObligationGroups(asked.Registry, request.GroupBy);
        var judged = await loader.JudgeAsync(asked, requests.Rules, cancellation);

        bool IsCounted(Domain.Sanitation.Obligation obligation) => keys.Count == 0 || keys.Contains(obligation.Window.Key);
        var rows = Compliance.Of(judged.Obligations, IsCounted, groups.IdOf, bucket, asked.First, asked.Last);
        if (rows.Count > RowsMax)
        {
            throw new InvalidQueryException(
                "bucket", $"gives {rows.Count} rows; at most {RowsMax} are allowed. Ask for larger buckets or groups, or fewer dates.");
        }
        var total = rows is [(("", _, _, null), var all)] && bucket == ServiceDateBucket.Whole
            ? all
            : Compliance.Of(judged.Obligations, IsCounted, _ => "", ServiceDateBucket.Whole, asked.First, asked.Last)
                .Select(r => r.Figures).SingleOrDefault() ?? ComplianceFigures.None;
        return new GetComplianceResponse
        {
            Rows = { rows.Select(r => ComplianceRows.Of(KeyOf(r.Key, groups, asked), r.Figures)) },
            Total = ComplianceRows.Of(null, total),
            Tolerances = { ToleranceMessages.Of(judged.Obligations.Select(o => o.Obligation).Where(IsCounted)) },
            Quality = await quality.OfAsync(
                total.Completeness, asked.Evaluation, judged.LatestReceived, asked.Registry, requests.Rules, cancellation),
        };
    }

    private static RowKey KeyOf(ComplianceKey key, ObligationGroups groups, AskedDates asked)
    {
        var row = new RowKey { GroupId = key.GroupId, GroupName = groups.NameOf(key.GroupId) };
        if (key is { First: { } first, Last: { } last })
        {
            row.BucketFrom = LocalDay.StartOf(first, asked.Zone).ToTimestamp();
            row.BucketUntil = LocalDay.StartOf(last.AddDays(1), asked.Zone).ToTimestamp();
        }
        if (key.Weekday is { } weekday)
        {
            row.Fold = weekday;
        }
        return row;
    }

    private static ServiceDateBucket BucketOf(Bucket bucket) => bucket switch
    {
        Bucket.Unspecified => ServiceDateBucket.Whole,
        Bucket.Day => ServiceDateBucket.Day,
        Bucket.Week => ServiceDateBucket.Week,
        Bucket.Month => ServiceDateBucket.Month,
        Bucket.DayOfWeek => ServiceDateBucket.DayOfWeek,
        _ => throw new InvalidQueryException(
            "bucket", $"{bucket} does not fit service dates. Use DAY, WEEK, MONTH or DAY_OF_WEEK, or leave it out."),
    };
}
