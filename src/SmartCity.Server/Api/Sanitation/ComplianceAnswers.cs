using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Sanitation;

/// <summary>Answers GetCompliance.</summary>
internal sealed class ComplianceAnswers(
    SanitationRequests requests, SanitationLoader loader, RestatementReader restatements, TruckQuality quality)
{
    // One row per point and day over a year is a list of obligations, not a table.
    private const int RowsMax = 100_000;

    public async Task<GetComplianceResponse> AnswerAsync(GetComplianceRequest request, CancellationToken cancellation)
    {
        var bucket = BucketOf(request.Bucket);
        var keys = requests.KeysOf(request.WindowKeys);
        var asked = await requests.ReadAsync(request, request.Scope, request.Dates, request.AsOf, "", cancellation);
        if (request.IncludeRestatements)
        {
            RestatementReader.Check(asked);
        }
        var groups = new ObligationGroups(asked.Registry, request.GroupBy);
        var judged = await loader.JudgeAsync(asked, requests.Rules, cancellation);

        bool IsCounted(Domain.Sanitation.Obligation obligation) => keys.Count == 0 || keys.Contains(obligation.Window.Key);
        bool IsAsked(Domain.Sanitation.Obligation obligation) =>
            obligation.ServiceDate >= asked.First && obligation.ServiceDate <= asked.Last && IsCounted(obligation);
        var followed = await FollowAsync(asked, judged.Obligations, cancellation);
        var rows = Compliance.Of(followed, IsAsked, groups.IdOf, bucket, asked.First, asked.Last);
        if (rows.Count > RowsMax)
        {
            throw new InvalidQueryException(
                "bucket", $"gives {rows.Count} rows; at most {RowsMax} are allowed. Ask for larger buckets or groups, or fewer dates.");
        }
        var total = rows is [(("", _, _, null), var all)] && bucket == ServiceDateBucket.Whole
            ? all
            : Compliance.Of(followed, IsAsked, _ => "", ServiceDateBucket.Whole, asked.First, asked.Last)
                .Select(r => r.Figures).SingleOrDefault() ?? ComplianceFigures.None;
        return new GetComplianceResponse
        {
            Rows = { rows.Select(r => ComplianceRows.Of(KeyOf(r.Key, groups, asked), r.Figures)) },
            Total = ComplianceRows.Of(null, total),
            Tolerances = { ToleranceMessages.Of(judged.Obligations.Select(o => o.Obligation).Where(IsCounted)) },
            Quality = await quality.OfAsync(
                LocalDay.StartOf(asked.First, asked.Zone), total.Completeness, asked.Evaluation, judged.LatestReceived, asked.Registry,
                requests.Rules, cancellation),
            Restatements = request.IncludeRestatements
                ? await restatements.ReadAsync(
                    asked, judged.Obligations.Where(o => IsCounted(o.Obligation)), requests.Rules, cancellation)
                : null,
        };
    }

    /// <summary>The outcomes, and those of the dates after them at points whose last misses may have been answered there.</summary>
    private async Task<IReadOnlyList<ObligationOutcome>> FollowAsync(
        AskedDates asked, IReadOnlyList<ObligationOutcome> outcomes, CancellationToken cancellation)
    {
        // The cutoff of a date may lie on the next one.
        var dates = (int)Compliance.FollowMax.TotalDays + 1;
        var today = ServiceClock.DateOf(asked.Evaluation, asked.Zone, requests.Rules.ServiceDayStart);
        var last = asked.Last.AddDays(dates) < today ? asked.Last.AddDays(dates) : today;
        var missed = outcomes.Where(o => o.Verdict == Domain.Sanitation.Verdict.Missed)
            .Where(o => o.Obligation.ServiceDate.AddDays(dates) > asked.Last)
            .Select(o => o.Obligation.Point.Id).ToHashSet(StringComparer.Ordinal);
        if (missed.Count == 0 || last <= asked.Last)
        {
            return outcomes;
        }
        var later = await loader.JudgeAsync(asked with { First = asked.Last.AddDays(1), Last = last }, requests.Rules, cancellation);
        var then = later.Obligations.Where(o => missed.Contains(o.Obligation.Point.Id))
            .ToLookup(o => o.Obligation.Point.Id, StringComparer.Ordinal);
        var followed = new List<ObligationOutcome>(outcomes.Count);
        for (var i = 0; i < outcomes.Count; i++)
        {
            followed.Add(outcomes[i]);
            var point = outcomes[i].Obligation.Point.Id;
            if (i + 1 == outcomes.Count || outcomes[i + 1].Obligation.Point.Id != point)
            {
                followed.AddRange(then[point]);
            }
        }
        return followed;
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
