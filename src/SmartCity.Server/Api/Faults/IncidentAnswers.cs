using SmartCity.Domain.Charging;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using DomainFault = SmartCity.Domain.Faults.Fault;

namespace SmartCity.Server.Api.Faults;

/// <summary>Answers ListIncidents.</summary>
internal sealed class IncidentAnswers(
    Requests requests, HistoryLoader loader, IncidentReader incidents, Qualities qualities, ChargingRules rules)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    public async Task<ListIncidentsResponse> AnswerAsync(ListIncidentsRequest request, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        var asked = await requests.ReadAsync(
            request, request.Scope, request.Period, request.AsOf, request.PageToken, cancellation);
        if (request.Period is null)
        {
            asked = asked with { From = asked.Evaluation - Moment, Until = asked.Evaluation + Moment };
        }
        var scoped = ScopedPiles.Of(asked.Registry, asked.Scope, PileGrouping.None, asked.From, asked.Until);
        var silences = new List<(DomainFault Fault, string Compound)>();
        var query = new HistoryQuery(scoped.Piles, asked.From, asked.Until, asked.Evaluation, HistoryParts.None, rules);
        var facts = await loader.ReadAsync(
            query,
            (pile, history) =>
            {
                silences.AddRange(IncidentReader.SilencesOf(history, asked.Evaluation).Where(s => IsIn(s.Fault, asked, request)
                    && pile.Groups.Of(FaultHistory.NearestVersion(history, s.Fault.Raised), 1) >= 0));
                if (silences.Count > Requests.RowsMax)
                {
                    throw new InvalidQueryException(
                        "period", $"holds more than {Requests.RowsMax} silences. Ask for a shorter period or a smaller scope.");
                }
            },
            cancellation);
        var found = await incidents.OfAsync(silences, asked.Evaluation, cancellation);
        var (page, next) = Pages.Take(
            [.. found.Reverse()], request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        return new ListIncidentsResponse
        {
            Incidents = { page.Select(FaultMessages.Of) },
            NextPageToken = next,
            Quality = qualities.Of(null, asked.Evaluation, facts.LatestReceived, scoped.Piles.Count, facts.Silent, facts.DeletedUntil),
        };
    }

    private static bool IsIn(DomainFault silence, Asked asked, ListIncidentsRequest request) => request.Period is null
        ? silence.Cleared is null
        : silence.Raised < asked.Until
            && (silence.Cleared is not { } cleared || cleared > asked.From || silence.Raised >= asked.From);
}
