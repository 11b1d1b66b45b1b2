using SmartCity.Domain.Charging;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using CapacityAdvice = SmartCity.Domain.Charging.CapacityAdvice;

namespace SmartCity.Server.Api.Charging;

/// <summary>Answers GetCapacityAdvice.</summary>
internal sealed class CapacityAnswers(Requests requests, UsageReader usage, Qualities qualities, ChargingRules rules)
{
    private const double TargetDefault = 0.02;
    private const double TargetMin = 0.001;
    private const double TargetMax = 0.5;

    public async Task<GetCapacityAdviceResponse> AnswerAsync(GetCapacityAdviceRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        var target = TargetOf(request);
        var asked = await requests.ReadAsync(
            request, request.Scope, request.Period, request.AsOf, request.PageToken, cancellation);
        var scoped = ScopedPiles.Of(asked.Registry, asked.Scope, PileGrouping.None, asked.From, asked.Until);
        var buckets = Buckets.Of(BucketKind.Whole, asked.From, asked.Until, asked.Zone);
        var table = new UtilizationTable(1, buckets, true, rules);
        var end = Instant.Earlier(asked.Until, asked.Evaluation);
        var capacity = new CapacityTable(buckets, end, rules);
        var query = new HistoryQuery(
            scoped.Piles, asked.From, asked.Until, asked.Evaluation, HistoryParts.Statuses | HistoryParts.Sessions, rules);
        var facts = await usage.ReadAsync(query, (pile, did) =>
        {
            table.Add(did.History, pile.Groups, did.Segments, [], [], asked.Evaluation);
            capacity.Add(did.History, pile.Groups, did.Segments, did.Sessions);
        }, cancellation);
        var advice = capacity.Uses().Select(use => CapacityAdvice.Of(use, target))
            .OrderByDescending(advice => advice.PortsToAdd ?? -1).ToList();
        var (page, next) = Pages.Take(advice, request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        return new GetCapacityAdviceResponse
        {
            Advice = { page.Select(row => CapacityRows.RowOf(row, NameOf(asked.Registry, row.Use.CompoundId, end))) },
            NextPageToken = next,
            Period = Periods.Of(asked.From, asked.Until, asked.Zone),
            Target = target,
            Quality = qualities.Of(
                table.Total().Coverage, asked.Evaluation, facts.LatestReceived, scoped.Piles.Count, facts.Silent, facts.DeletedUntil),
        };
    }

    private static string NameOf(RegistrySnapshot registry, string compound, Instant end) =>
        RegistryScope.GroupOf(registry, compound, Domain.Registry.AreaKind.Compound, end - TimeSpan.FromMilliseconds(1)).Name;

    private static double TargetOf(GetCapacityAdviceRequest request)
    {
        var target = request.HasTarget ? request.Target : TargetDefault;
        return target is >= TargetMin and <= TargetMax
            ? target
            : throw new InvalidQueryException(
                "target", $"{target} is not a share in {TargetMin}..{TargetMax}; without it {TargetDefault} is taken.");
    }
}
