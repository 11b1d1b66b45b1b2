using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using SmartCity.Storage.Registry;
using PortStatus = SmartCity.Domain.Telemetry.PortStatus;

namespace SmartCity.Server.Api.Faults;

/// <summary>Answers GetFaultStatistics.</summary>
internal sealed class FaultStatisticsAnswers(
    Requests requests, FaultReader reader, RepairLog repairs, Qualities qualities, ChargingRules rules)
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
        // One group more, for what is in the total only.
        var counts = new FaultTable(groups.Count + 1, buckets, asked.Evaluation);
        var excluded = new ExcludedOutages(scoped.Groups.Count, buckets);
        var sums = new Sums(time, counts, excluded, new ExcludedOutages(scoped.Groups.Count, buckets));
        var facts = await SumAsync(asked, scoped, groups, request.IncludeDerived, sums, cancellation);
        return Answer(asked, scoped, groups, sums, qualities, facts);
    }

    private Task<HistoryFacts> SumAsync(
        Asked asked, ScopedPiles scoped, FaultGroups groups, bool withDerived, Sums sums, CancellationToken cancellation)
    {
        // Whether a derived fault is a repeat depends on the silences of the days before.
        var from = withDerived ? asked.From - FaultTable.RepeatWithin : asked.From;
        var parts = HistoryParts.Statuses | (withDerived ? HistoryParts.Meters : HistoryParts.None);
        var query = new HistoryQuery(scoped.Piles, from, asked.Until, asked.Evaluation, parts, rules);
        var segments = new List<StatusSegment>();
        var declared = repairs.MaintenanceAt(asked.Evaluation)
            .Where(work => work.From < asked.Until && work.Until > asked.From).ToList();
        var announced = MaintenanceTimes.Of(asked.Registry, declared, announcedOnly: true);
        var worked = MaintenanceTimes.Of(asked.Registry, declared, announcedOnly: false);
        return reader.ReadAsync(
            query, withDerived, looksBack: false,
            read =>
            {
                StatusTimeline.Write(
                    read.History, read.Log.Faults, read.Offline, asked.From, asked.Until, asked.Evaluation, segments);
                sums.Time.Add(read.History, read.Pile.Groups, segments, [], [], asked.Evaluation);
                sums.Excluded.Add(read.Pile.Groups, segments, announced.Of(read.Pile.Id));
                sums.Worked.Add(read.Pile.Groups, segments, worked.Of(read.Pile.Id));
            },
            (read, faults) =>
            {
                var cases = FaultCases.Of(faults, repairs.ActionsOf(read.Pile.Id, asked.Evaluation), asked.Evaluation);
                Count(read.History, read.Pile.Groups, groups, cases, read.Log, asked.Evaluation, sums.Counts);
            },
            cancellation);
    }

    private static void Count(
        PileHistory history, PileGroups of, FaultGroups groups, IReadOnlyList<FaultCase> cases, FaultLog log,
        Instant evaluation, FaultTable counts)
    {
        var repeats = FaultTable.Repeats(cases.Select(told => told.Fault), evaluation);
        foreach (var told in cases)
        {
            var fault = told.Fault;
            // What happens to a pile that is not commissioned is nobody's fault.
            if (groups.Of(history, of, fault.Raised, fault.Port, fault.Code, fault.Severity) is { } group)
            {
                counts.Add(group, fault, repeats.Contains(fault));
                counts.AddAcknowledged(group, told);
            }
        }
        foreach (var ignored in log.Ignored)
        {
            if (groups.Of(history, of, ignored.At, ignored.Port, ignored.Code, ignored.Severity) is { } group)
            {
                counts.AddIgnored(group, ignored.At);
            }
        }
    }

    private static GetFaultStatisticsResponse Answer(
        Asked asked, ScopedPiles scoped, FaultGroups groups, Sums sums, Qualities qualities, HistoryFacts facts)
    {
        var (time, counts, excluded, worked) = sums;
        var all = time.Total();
        var answer = new GetFaultStatisticsResponse
        {
            Total = RowOf(new RowKey(), counts.Total(), all, excluded.Total(), worked.Total()),
            Quality = qualities.Of(
                all.Coverage, asked.Evaluation, facts.LatestReceived, scoped.Piles.Count, facts.Silent, facts.DeletedUntil),
        };
        for (var group = 0; group < groups.Count; group++)
        {
            for (var bucket = 0; bucket < time.Buckets.Rows.Count; bucket++)
            {
                var counted = counts.Row(group, bucket);
                // Of a table of fifty codes most never happen.
                if (!groups.DividesFaults || counted != default)
                {
                    var key = Requests.KeyOf(groups.Names[group], time.Buckets.Rows[bucket]);
                    var of = groups.TimeOf(group);
                    answer.Rows.Add(RowOf(
                        key, counted, time.Row(of, bucket), excluded.Row(of, bucket), worked.Row(of, bucket)));
                }
            }
        }
        return answer;
    }

    private static FaultStatisticsRow RowOf(RowKey key, FaultSums sums, UtilizationSums time, long excludedMs, long workedMs)
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
            Acknowledged = sums.Acknowledged,
            AcknowledgeSeconds = UtilizationRows.Seconds(sums.AcknowledgeMs),
            OutageSeconds = UtilizationRows.Seconds(time.Down),
            ExcludedSeconds = UtilizationRows.Seconds(excludedMs),
            DeclaredTooLateSeconds = UtilizationRows.Seconds(workedMs - excludedMs),
            JudgedSeconds = UtilizationRows.Seconds(time.Judged),
        };
        if (time.Uptime(excludedMs) is { } uptime)
        {
            row.Uptime = uptime;
        }
        AddRatios(row, sums, time);
        return row;
    }

    private static void AddRatios(FaultStatisticsRow row, FaultSums sums, UtilizationSums time)
    {
        if (sums.MttaSeconds is { } mtta)
        {
            row.MttaSeconds = mtta;
        }
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

    /// <summary>What is summed pile by pile.</summary>
    /// <param name="Worked">As excluded, with what was declared only afterwards.</param>
    private sealed record Sums(UtilizationTable Time, FaultTable Counts, ExcludedOutages Excluded, ExcludedOutages Worked);
}
