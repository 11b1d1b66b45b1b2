using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;

namespace SmartCity.Server.Api.Faults;

/// <summary>Answers GetFaultStatistics.</summary>
internal sealed class FaultStatisticsAnswers(Requests requests, HistoryLoader loader, Qualities qualities, ChargingRules rules)
{
    public async Task<GetFaultStatisticsResponse> AnswerAsync(
        GetFaultStatisticsRequest request, CancellationToken cancellation)
    {
        var pilesBy = FaultGroups.PilesBy(request.GroupBy);
        if (request.Bucket is Bucket.HourOfDay or Bucket.DayOfWeek)
        {
            throw new InvalidQueryException(
                "bucket", "folds the period, and a fault that lasts cannot be folded. Give HOUR, DAY, WEEK or MONTH, or leave it out.");
        }
        var asked = await requests.ReadAsync(request, request.Scope, request.Period, request.AsOf, "", cancellation);
        var scoped = ScopedPiles.Of(asked.Registry, asked.Scope, pilesBy, asked.From, asked.Until);
        var groups = new FaultGroups(request.GroupBy, scoped.Groups);
        var buckets = Requests.Cut(asked, request.Bucket, groups.Count);
        var time = new UtilizationTable(scoped.Groups.Count, buckets, true, rules);
        var counts = new FaultTable(groups.Count, buckets, asked.Evaluation);
        var facts = await SumAsync(asked, scoped, groups, request.IncludeDerived, time, counts, cancellation);
        return Answer(asked, scoped, groups, time, counts, qualities, facts);
    }

    private Task<HistoryFacts> SumAsync(
        Asked asked, ScopedPiles scoped, FaultGroups groups, bool withDerived, UtilizationTable time, FaultTable counts,
        CancellationToken cancellation)
    {
        // Whether a derived fault is a repeat depends on the silences of the days before.
        var from = withDerived ? asked.From - FaultTable.RepeatWithin : asked.From;
        var parts = HistoryParts.Statuses | (withDerived ? HistoryParts.Meters : HistoryParts.None);
        var query = new HistoryQuery(scoped.Piles, from, asked.Until, asked.Evaluation, parts, rules);
        var segments = new List<StatusSegment>();
        return loader.ReadAsync(query, (pile, history) =>
        {
            var log = FaultLog.Of(history.Faults, asked.Evaluation);
            var offline = OfflineSpans.Of(history, asked.Evaluation);
            StatusTimeline.Write(history, log.Faults, offline, asked.From, asked.Until, asked.Evaluation, segments);
            time.Add(history, pile.Groups, segments, [], [], asked.Evaluation);
            var faults = FaultHistory.Of(history, log, offline, withDerived, rules.Thresholds, asked.Evaluation);
            Count(history, pile.Groups, groups, faults, log, asked.Evaluation, counts);
        }, cancellation);
    }

    private static void Count(
        PileHistory history, PileGroups of, FaultGroups groups, IReadOnlyList<Domain.Faults.Fault> faults, FaultLog log,
        Instant evaluation, FaultTable counts)
    {
        var repeats = FaultTable.Repeats(faults, evaluation);
        foreach (var fault in faults)
        {
            // What happens to a pile that is not commissioned is nobody's fault.
            if (of.Of(history.VersionAt(fault.Raised), 1) is >= 0 and var group)
            {
                counts.Add(groups.Of(group, fault.Code, fault.Severity), fault, repeats.Contains(fault));
            }
        }
        foreach (var ignored in log.Ignored)
        {
            if (of.Of(history.VersionAt(ignored.At), 1) is >= 0 and var group)
            {
                counts.AddIgnored(groups.Of(group, ignored.Code, ignored.Severity), ignored.At);
            }
        }
    }

    private static GetFaultStatisticsResponse Answer(
        Asked asked, ScopedPiles scoped, FaultGroups groups, UtilizationTable time, FaultTable counts, Qualities qualities,
        HistoryFacts facts)
    {
        var all = time.Total();
        var answer = new GetFaultStatisticsResponse
        {
            Total = RowOf(new RowKey(), counts.Total(), all),
            Quality = qualities.Of(all.Coverage, asked.Evaluation, facts.LatestReceived, scoped.Piles.Count, facts.Silent),
        };
        for (var group = 0; group < groups.Count; group++)
        {
            for (var bucket = 0; bucket < time.Buckets.Rows.Count; bucket++)
            {
                var sums = counts.Row(group, bucket);
                // Of a table of fifty codes most never happen.
                if (!groups.DividesFaults || sums != default)
                {
                    var key = Requests.KeyOf(groups.Names[group], time.Buckets.Rows[bucket]);
                    answer.Rows.Add(RowOf(key, sums, time.Row(groups.TimeOf(group), bucket)));
                }
            }
        }
        return answer;
    }

    private static FaultStatisticsRow RowOf(RowKey key, FaultSums sums, UtilizationSums time)
    {
        var row = new FaultStatisticsRow
        {
            Key = key,
            Raised = sums.Raised,
            Cleared = sums.Cleared,
            Transients = sums.Transients,
            Repeats = sums.Repeats,
            OpenAtEnd = sums.OpenAtEnd,
            RepairSeconds = UtilizationRows.Seconds(sums.RepairMs),
            SeenSeconds = UtilizationRows.Seconds(time.Seen),
            FaultedSeconds = UtilizationRows.Seconds(time[PortStatus.Faulted]),
            UnavailableSeconds = UtilizationRows.Seconds(time[PortStatus.Unavailable]),
            CommissionedSeconds = UtilizationRows.Seconds(time.Commissioned),
            UnknownSeconds = UtilizationRows.Seconds(time[PortStatus.Unknown] + time[PortStatus.Offline]),
            RaisedEventsIgnored = sums.Ignored,
        };
        AddRatios(row, sums, time);
        return row;
    }

    private static void AddRatios(FaultStatisticsRow row, FaultSums sums, UtilizationSums time)
    {
        if (sums.MttrSeconds is { } mttr)
        {
            row.MttrSeconds = mttr;
        }
        if (sums.MtbfSeconds(time.Seen - time[PortStatus.Faulted]) is { } mtbf)
        {
            row.MtbfSeconds = mtbf;
        }
        if (sums.RepeatRate is { } repeats)
        {
            row.RepeatRate = repeats;
        }
        if (time.Availability is { } availability)
        {
            row.Availability = availability;
        }
    }
}
