using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using StopReason = SmartCity.Protocol.V1.StopReason;

namespace SmartCity.Server.Api.Charging;

/// <summary>Answers ListSessions.</summary>
internal sealed class SessionAnswers(Requests requests, UsageReader usage, Qualities qualities, ChargingRules rules)
{
    public async Task<ListSessionsResponse> AnswerAsync(ListSessionsRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        var asked = await requests.ReadAsync(
            request, request.Scope, request.Period, request.AsOf, request.PageToken, cancellation);
        var scoped = ScopedPiles.Of(asked.Registry, asked.Scope, PileGrouping.None, asked.From, asked.Until);
        var table = new UtilizationTable(1, Buckets.Of(BucketKind.Whole, asked.From, asked.Until, asked.Zone), true, rules);
        var (sessions, facts) = await CollectAsync(asked, scoped, request.OpenOnly, table, cancellation);
        var (page, next) = Pages.Take(sessions, request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        return new ListSessionsResponse
        {
            Sessions = { page.Select(SessionOf) },
            NextPageToken = next,
            Quality = qualities.Of(
                table.Total().Coverage, asked.Evaluation, facts.LatestReceived, scoped.Piles.Count, facts.Silent, facts.DeletedUntil),
        };
    }

    private async Task<(List<ChargingSession> Sessions, HistoryFacts Facts)> CollectAsync(
        Asked asked, ScopedPiles scoped, bool openOnly, UtilizationTable table, CancellationToken cancellation)
    {
        var query = new HistoryQuery(
            scoped.Piles, asked.From, asked.Until, asked.Evaluation,
            HistoryParts.Statuses | HistoryParts.Sessions, rules);
        var found = new List<ChargingSession>();
        var facts = await usage.ReadAsync(query, (pile, did) =>
        {
            table.Add(did.History, pile.Groups, did.Segments, [], [], asked.Evaluation);
            found.AddRange(did.Sessions.Where(s => IsAsked(s, asked, pile, did.History) && !(openOnly && s.End is not null)));
            if (found.Count > Requests.RowsMax)
            {
                throw new InvalidQueryException(
                    "period", $"holds more than {Requests.RowsMax} sessions. Ask for a shorter period or a smaller scope.");
            }
        }, cancellation);
        found.Sort(static (a, b) => Compare(a, b));
        return (found, facts);
    }

    private static int Compare(ChargingSession a, ChargingSession b)
    {
        var order = a.Start.CompareTo(b.Start);
        order = order != 0 ? order : string.CompareOrdinal(a.Pile, b.Pile);
        order = order != 0 ? order : a.Port.CompareTo(b.Port);
        return order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
    }

    /// <summary>It started in the period, on a port that was in scope then.</summary>
    private static bool IsAsked(ChargingSession session, Asked asked, ScopedPile pile, PileHistory history)
    {
        var version = history.VersionAt(session.Start);
        return session.Start >= asked.From && session.Start < asked.Until && session.Start <= asked.Evaluation
            && history.HasPort(version, session.Port) && pile.Groups.Of(version, session.Port) >= 0;
    }

    private static Session SessionOf(ChargingSession session)
    {
        var sent = new Session
        {
            PileId = session.Pile,
            Port = session.Port,
            SessionId = session.Id,
            StartTime = session.Start.ToTimestamp(),
            ChargeDoneTime = session.ChargeDone.ToTimestamp(),
            EndTime = session.End.ToTimestamp(),
            EnergyWh = UtilizationRows.WattHours(session.EnergyMicroWh),
            StopReason = (StopReason)session.StopReason,
            Settled = session.Settled,
            Estimated = session.Estimated,
            SuspectSamples = session.Suspects,
            VendorReason = session.VendorReason ?? "",
        };
        if (session.MaxPowerW is { } power)
        {
            sent.MaxPowerW = power;
        }
        return sent;
    }
}
