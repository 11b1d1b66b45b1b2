using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using Overstay = SmartCity.Domain.Charging.Overstay;
using WireStatus = SmartCity.Protocol.V1.PortStatus;

namespace SmartCity.Server.Api.Charging;

/// <summary>Answers ListOverstays.</summary>
internal sealed class OverstayAnswers(Requests requests, UsageReader usage, Qualities qualities, ChargingRules rules)
{
    private const int ThresholdDefault = 30 * 60;

    // An overstay is followed beyond the period, so that what is left of it at an edge does not look short.
    private static readonly TimeSpan Reach = TimeSpan.FromDays(7);

    public async Task<ListOverstaysResponse> AnswerAsync(ListOverstaysRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        var threshold = ThresholdOf(request);
        var asked = await requests.ReadAsync(
            request, request.Scope, request.Period, request.AsOf, request.PageToken, cancellation);
        var scoped = ScopedPiles.Of(asked.Registry, asked.Scope, PileGrouping.None, asked.From, asked.Until);
        var table = new UtilizationTable(1, Buckets.Of(BucketKind.Whole, asked.From, asked.Until, asked.Zone), true, rules);
        var longerThan = TimeSpan.FromSeconds(threshold);
        var (found, facts) = await CollectAsync(asked, scoped, longerThan, request.OpenOnly, table, cancellation);
        var (page, next) = Pages.Take(found, request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        return new ListOverstaysResponse
        {
            Overstays = { page.Select(row => MessageOf(row, asked)) },
            NextPageToken = next,
            Period = Periods.Of(asked.From, asked.Until, asked.Zone),
            ThresholdS = threshold,
            Quality = qualities.Of(
                table.Total().Coverage, asked.Evaluation, facts.LatestReceived, scoped.Piles.Count, facts.Silent, facts.DeletedUntil),
        };
    }

    private static int ThresholdOf(ListOverstaysRequest request)
    {
        var threshold = request.HasThresholdS ? request.ThresholdS : ThresholdDefault;
        // What lasts longer than overstays are followed would never be found.
        return threshold >= 0 && threshold <= Reach.TotalSeconds
            ? threshold
            : throw new InvalidQueryException(
                "threshold_s", $"{threshold} is not in 0..{Reach.TotalSeconds:0}; without it {ThresholdDefault} is taken.");
    }

    private async Task<(List<Row> Rows, HistoryFacts Facts)> CollectAsync(
        Asked asked, ScopedPiles scoped, TimeSpan longerThan, bool openOnly, UtilizationTable table,
        CancellationToken cancellation)
    {
        var query = new HistoryQuery(
            scoped.Piles, asked.From - Reach, Instant.Earlier(asked.Until + Reach, Instant.Later(asked.Until, asked.Evaluation)),
            asked.Evaluation, HistoryParts.Statuses | HistoryParts.Sessions, rules);
        var found = new List<Row>();
        var facts = await usage.ReadAsync(query, (pile, did) =>
        {
            var segments = did.Segments.FindAll(s => pile.Groups.Of(s.Version, s.Port) >= 0);
            table.Add(did.History, pile.Groups, Clip(segments, asked), [], [], asked.Evaluation);
            // Of sessions that began earlier only some are read.
            var sessions = did.Sessions.Where(s => s.Start >= query.From);
            found.AddRange(Overstays.Of(segments, sessions, longerThan)
                .Where(o => o.Within(asked.From, asked.Until) > TimeSpan.Zero && !(openOnly && o.Until < asked.Evaluation))
                .Select(o => new Row(pile.Id, did.History.Versions[o.Version].CompoundId, o)));
            if (found.Count > Requests.RowsMax)
            {
                throw new InvalidQueryException(
                    "period",
                    $"holds more than {Requests.RowsMax} overstays. Ask for a shorter period, a smaller scope or a higher threshold_s.");
            }
        }, cancellation);
        return ([.. found.OrderByDescending(r => r.Overstay.Since).ThenBy(r => r.Pile, StringComparer.Ordinal)
            .ThenBy(r => r.Overstay.Port)], facts);
    }

    private static List<StatusSegment> Clip(List<StatusSegment> segments, Asked asked) =>
        segments.FindAll(s => s.From < asked.Until && s.Until > asked.From).ConvertAll(s => s with
        {
            From = Instant.Later(s.From, asked.From),
            Until = Instant.Earlier(s.Until, asked.Until),
        });

    private static Protocol.V1.Overstay MessageOf(Row row, Asked asked) => new()
    {
        PileId = row.Pile,
        Port = row.Overstay.Port,
        CompoundId = row.Compound,
        SessionId = row.Overstay.Session ?? "",
        Status = (WireStatus)row.Overstay.Status,
        SinceTime = row.Overstay.Since.ToTimestamp(),
        UntilTime = row.Overstay.Until < asked.Evaluation ? row.Overstay.Until.ToTimestamp() : null,
        DurationSeconds = row.Overstay.Duration.TotalSeconds,
        PeriodSeconds = row.Overstay.Within(asked.From, asked.Until).TotalSeconds,
    };

    private readonly record struct Row(string Pile, string Compound, Overstay Overstay);
}
