using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Server.Api.Charging;
using SmartCity.Storage.Registry;
using FaultState = SmartCity.Protocol.V1.FaultState;

namespace SmartCity.Server.Api.Faults;

/// <summary>Answers ListFaults.</summary>
internal sealed class FaultListAnswers(
    Requests requests, FaultReader reader, RepairLog repairs, IncidentReader incidents, Qualities qualities, ChargingRules rules)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    public Task<ListFaultsResponse> AnswerAsync(ListFaultsRequest request, CancellationToken cancellation) =>
        AnswerAsync(request, looksBack: request.Period is not null, cancellation);

    /// <param name="looksBack">Faults that are open where reading begins are read from as far back as statistics are. Not for who asks
    /// again and again: on a cold day every pile has one.</param>
    public async Task<ListFaultsResponse> AnswerAsync(ListFaultsRequest request, bool looksBack, CancellationToken cancellation)
    {
        Pages.SizeOf(request.PageSize);
        Check(request);
        var asked = await requests.ReadAsync(
            request, request.Scope, request.Period, request.AsOf, request.PageToken, cancellation);
        if (IsOfNow(request))
        {
            asked = asked with { From = asked.Evaluation - Moment, Until = asked.Evaluation + Moment };
        }
        var scoped = ScopedPiles.Of(asked.Registry, asked.Scope, PileGrouping.None, asked.From, asked.Until);
        var found = new List<(FaultCase Case, string Compound)>();
        var table = new UtilizationTable(1, Buckets.Of(BucketKind.Whole, asked.From, asked.Until, asked.Zone), true, rules);
        var unnamed = new List<string>();
        var facts = await CollectAsync(asked, scoped, request, looksBack, found, unnamed, table, cancellation);
        var ordered = found.OrderByDescending(f => f.Case.Fault.Raised).ThenBy(f => f.Case.Fault.Id, StringComparer.Ordinal).ToList();
        var (page, next) = Pages.Take(ordered, request.PageSize, request.PageToken, asked.Fingerprint, asked.Evaluation);
        var incidentOf = await IncidentsAsync(page, asked.Evaluation, cancellation);
        return new ListFaultsResponse
        {
            Faults = { page.Select(f => FaultMessages.Of(
                f.Case, f.Compound, incidentOf.GetValueOrDefault(f.Case.Fault.Id, ""), asked.Evaluation)) },
            NextPageToken = next,
            FaultedWithoutFault = { request.PageToken.Length == 0 && request.Codes.Count == 0 ? unnamed : [] },
            Quality = qualities.Of(
                table.Total().Coverage, asked.Evaluation, facts.LatestReceived, scoped.Piles.Count, facts.Silent, facts.DeletedUntil),
        };
    }

    private static void Check(ListFaultsRequest request)
    {
        if (!Enum.IsDefined(request.MinSeverity))
        {
            throw new InvalidQueryException(
                "min_severity", $"{(int)request.MinSeverity} is not known. Give one of the names of FaultSeverity, or leave it out.");
        }
        if (request.States.Any(state => state == FaultState.Unspecified || !Enum.IsDefined(state)))
        {
            throw new InvalidQueryException("states", "holds one that is not known. Give names of FaultState, or leave it empty.");
        }
        var unknown = request.Codes.Where(code => FaultCode.Find(code).Number != code).Take(1).ToList();
        if (unknown.Count > 0)
        {
            throw new InvalidQueryException(
                "codes", $"{unknown[0]} is not in the table of fault codes. Faults with unknown numbers have the code 999.");
        }
    }

    private Task<HistoryFacts> CollectAsync(
        Asked asked, ScopedPiles scoped, ListFaultsRequest request, bool looksBack, List<(FaultCase Case, string Compound)> found,
        List<string> unnamed, UtilizationTable table, CancellationToken cancellation)
    {
        var withDerived = !request.ExcludeDerived;
        var parts = HistoryParts.Statuses | (withDerived ? HistoryParts.Meters : HistoryParts.None);
        var query = new HistoryQuery(scoped.Piles, asked.From, asked.Until, asked.Evaluation, parts, rules);
        var segments = new List<StatusSegment>();
        return reader.ReadAsync(
            query, withDerived, looksBack,
            read =>
            {
                StatusTimeline.Write(
                    read.History, read.Log.Faults, read.Offline, asked.From, asked.Until, asked.Evaluation, segments);
                table.Add(read.History, read.Pile.Groups, segments, [], [], asked.Evaluation);
                unnamed.AddRange(UnnamedFaults.Of(read.Pile, segments, read.Log, Instant.Earlier(asked.Until, asked.Evaluation)));
            },
            (read, faults) => Collect(asked, request, read.Pile, read.History, faults, found),
            cancellation);
    }

    private void Collect(
        Asked asked, ListFaultsRequest request, ScopedPile pile, PileHistory history, IReadOnlyList<Domain.Faults.Fault> faults,
        List<(FaultCase Case, string Compound)> found)
    {
        foreach (var told in FaultCases.Of(faults, repairs.ActionsOf(pile.Id, asked.Evaluation), asked.Evaluation))
        {
            var version = FaultHistory.NearestVersion(history, told.Fault.Raised);
            if (IsAsked(told, asked, request) && pile.Groups.Of(version, 1) >= 0)
            {
                found.Add((told, history.Versions[version].CompoundId));
            }
        }
        if (found.Count > Requests.RowsMax)
        {
            throw new InvalidQueryException(
                "period", $"holds more than {Requests.RowsMax} faults. Ask for a shorter period or a smaller scope.");
        }
    }

    private async Task<Dictionary<string, string>> IncidentsAsync(
        IEnumerable<(FaultCase Case, string Compound)> page, Instant evaluation, CancellationToken cancellation)
    {
        var found = await incidents.OfAsync(page.Select(f => (f.Case.Fault, f.Compound)), evaluation, cancellation);
        return found.SelectMany(incident => incident.Members.Select(member => (member.Id, incident.Id)))
            .DistinctBy(member => member.Item1).ToDictionary(StringComparer.Ordinal);
    }

    // Work that is left to do may be about what was cleared long ago.
    private static bool IsOfNow(ListFaultsRequest request) => request.Period is null && request.States.Count == 0;

    /// <summary>Without a period: what is there and not closed. With states, also what somebody works on though it is gone, but not
    /// what came and went without anybody: nothing is left to do about that.</summary>
    private static bool IsLeft(FaultCase told, ListFaultsRequest request) => request.States.Count == 0
        ? told.Fault.Cleared is null && told.State != Domain.Faults.FaultState.Closed
        : told.Fault.Cleared is null || told.State != Domain.Faults.FaultState.Open;

    private static bool IsAsked(FaultCase told, Asked asked, ListFaultsRequest request)
    {
        var fault = told.Fault;
        // A fault that waits for its debounce has not happened yet, as far as anyone needs to know.
        var shows = request.IncludeTransients || (!fault.IsTransient && fault.CountsAt(asked.Evaluation));
        var overlaps = fault.Raised < asked.Until
            && (fault.Cleared is not { } cleared || cleared > asked.From || fault.Raised >= asked.From);
        return shows && overlaps && (request.Period is not null || IsLeft(told, request))
            && (int)fault.Severity >= (int)request.MinSeverity
            && (request.Codes.Count == 0 || request.Codes.Contains(fault.Code.Number))
            && (request.States.Count == 0 || request.States.Contains((FaultState)told.State));
    }
}
