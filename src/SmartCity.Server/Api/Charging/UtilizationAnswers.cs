using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;

namespace SmartCity.Server.Api.Charging;

/// <summary>Answers GetUtilization.</summary>
internal sealed class UtilizationAnswers(
    Requests requests, UsageSummer usage, HistoryLoader loader, Qualities qualities, ChargingRules rules)
{
    public async Task<GetUtilizationResponse> AnswerAsync(GetUtilizationRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        var grouping = GroupingOf(request.GroupBy);
        var asked = await requests.ReadAsync(
            request, request.Scope, request.Period, request.AsOf, request.PageToken, cancellation);
        var scoped = ScopedPiles.Of(asked.Registry, asked.Scope, grouping, asked.From, asked.Until);
        var buckets = Requests.Cut(asked, request.Bucket, scoped.Groups.Count);
        var isWhole = grouping is not (PileGrouping.Port or PileGrouping.Pile);
        var table = new UtilizationTable(scoped.Groups.Count, buckets, isWhole, rules);
        var query = new HistoryQuery(
            scoped.Piles, asked.From, asked.Until, asked.Evaluation, HistoryParts.Statuses | HistoryParts.Sessions, rules);
        var silent = loader.SilentAsync(query, cancellation);
        var latest = usage.SumAsync(asked, query, request.Bucket, table, isWhole, cancellation);
        await Task.WhenAll(silent, latest);

        var rows = Enumerable.Range(0, scoped.Groups.Count * buckets.Rows.Count).ToList();
        var (page, next) = Pages.Take(rows, request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        var total = table.Total();
        var answer = new GetUtilizationResponse
        {
            Total = UtilizationRows.RowOf(new RowKey(), total),
            NextPageToken = next,
            Period = Periods.Of(asked.From, asked.Until, asked.Zone),
            Quality = qualities.Of(
                total.Coverage, asked.Evaluation, await latest, scoped.Piles.Count, await silent, loader.DeletedUntil(query)),
        };
        foreach (var row in page)
        {
            var (group, bucket) = Math.DivRem(row, buckets.Rows.Count);
            var key = Requests.KeyOf(scoped.Groups[group], buckets.Rows[bucket]);
            answer.Rows.Add(UtilizationRows.RowOf(key, table.Row(group, bucket)));
        }
        return answer;
    }

    private static PileGrouping GroupingOf(GroupBy groupBy) => groupBy switch
    {
        GroupBy.Unspecified => PileGrouping.None,
        GroupBy.Port => PileGrouping.Port,
        GroupBy.Pile => PileGrouping.Pile,
        GroupBy.Compound => PileGrouping.Compound,
        GroupBy.Subdistrict => PileGrouping.Subdistrict,
        GroupBy.District => PileGrouping.District,
        GroupBy.Grid => PileGrouping.Grid,
        _ => throw new InvalidQueryException(
            "group_by", $"{groupBy} does not group ports. Give PORT, PILE, COMPOUND, SUBDISTRICT, DISTRICT or GRID, or leave it out."),
    };
}
