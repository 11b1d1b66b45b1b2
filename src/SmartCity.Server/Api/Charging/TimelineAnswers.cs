using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry;
using StatusCause = SmartCity.Protocol.V1.StatusCause;
using WireStatus = SmartCity.Protocol.V1.PortStatus;

namespace SmartCity.Server.Api.Charging;

/// <summary>Answers GetStatusTimeline. From records, since digests do not keep what a status was caused by.</summary>
internal sealed class TimelineAnswers(
    Requests requests, RegistryStore registry, HistoryLoader loader, Qualities qualities, ChargingRules rules)
{
    // Who asks about a moment wants to know since when and until when; a day of one pile is read at once.
    private static readonly TimeSpan Around = TimeSpan.FromDays(1);

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    public async Task<GetStatusTimelineResponse> AnswerAsync(GetStatusTimelineRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        Check(request);
        var asked = await requests.ReadAsync(request, null, request.Period, request.AsOf, request.PageToken, cancellation);
        var at = MomentOf(request, asked.Evaluation);
        asked = asked with
        {
            Scope = AssetScope.City with { Piles = new HashSet<string>(StringComparer.Ordinal) { request.PileId } },
            From = at - Around ?? asked.From,
            Until = at is { } moment ? Instant.Earlier(moment + Around, asked.Evaluation) : asked.Until,
        };
        var scoped = ScopedPiles.Of(asked.Registry, asked.Scope, PileGrouping.None, asked.From, asked.Until);
        var table = new UtilizationTable(1, Buckets.Of(BucketKind.Whole, asked.From, asked.Until, asked.Zone), true, rules);
        var (segments, facts) = await ExplainAsync(asked, scoped, at, table, cancellation);
        var (page, next) = Pages.Take(segments, request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        return new GetStatusTimelineResponse
        {
            Segments = { page.Select(SegmentOf) },
            NextPageToken = next,
            Period = Periods.Of(asked.From, asked.Until, asked.Zone),
            Quality = qualities.Of(
                table.Total().Coverage, asked.Evaluation, facts.LatestReceived, scoped.Piles.Count, facts.Silent, facts.DeletedUntil),
        };
    }

    private void Check(GetStatusTimelineRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.PileId))
        {
            throw new InvalidQueryException("pile_id", "is empty. Name one pile; ListAssets has the ids.");
        }
        var known = new KnownIds(registry.Current).Piles;
        if (!known.Contains(request.PileId))
        {
            throw new InvalidQueryException("pile_id", known.Refuse(request.PileId));
        }
        if (request is { At: not null, Period: not null })
        {
            throw new InvalidQueryException("at", "stands beside a period. Ask about a moment or about a period, not both.");
        }
    }

    /// <summary>The moment asked about; null for a period.</summary>
    private static Instant? MomentOf(GetStatusTimelineRequest request, Instant evaluation)
    {
        var at = Instants.From(request.At, "at");
        return at is { } moment && moment > evaluation + Instants.ClockDifferenceMax
            ? throw new InvalidQueryException(
                "at", $"{moment} lies after {evaluation}, and nothing later is known to this answer. Name an earlier moment.")
            : at;
    }

    private async Task<(IReadOnlyList<ExplainedSegment> Segments, HistoryFacts Facts)> ExplainAsync(
        Asked asked, ScopedPiles scoped, Instant? at, UtilizationTable table, CancellationToken cancellation)
    {
        var query = new HistoryQuery(
            scoped.Piles, asked.From, asked.Until, asked.Evaluation, HistoryParts.Statuses, rules);
        List<ExplainedSegment> found = [];
        var facts = await loader.ReadAsync(query, (pile, history) =>
        {
            var faults = FaultLog.Of(history.Faults, asked.Evaluation).Faults;
            var offline = OfflineSpans.Of(history, asked.Evaluation);
            var segments = new List<StatusSegment>();
            StatusTimeline.Write(history, faults, offline, asked.From, asked.Until, asked.Evaluation, segments);
            table.Add(history, pile.Groups, segments, [], [], asked.Evaluation);
            var timeline = new ExplainedTimeline(history, faults, segments);
            // At the evaluation nothing has been seen yet: what was there just before it is the answer.
            found = at is { } moment ? timeline.At(Instant.Earlier(moment, asked.Evaluation - Moment)) : timeline.All();
        }, cancellation);
        return found.Count <= Requests.RowsMax
            ? (found, facts)
            : throw new InvalidQueryException(
                "period", $"holds {found.Count} segments; at most {Requests.RowsMax} are allowed. Ask for a shorter period.");
    }

    private static TimelineSegment SegmentOf(ExplainedSegment segment) => new()
    {
        Port = segment.Port,
        FromTime = segment.From.ToTimestamp(),
        UntilTime = segment.Until.ToTimestamp(),
        Status = (WireStatus)segment.Status,
        Cause = (StatusCause)segment.Cause,
        FaultCodes = { segment.FaultCodes },
        VendorStatus = segment.VendorStatus ?? "",
        DurationSeconds = (segment.Until - segment.From).TotalSeconds,
    };
}
