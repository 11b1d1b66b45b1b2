using SmartCity.Domain.Faults;
using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;
using SmartCity.Protocol.V1;
using SmartCity.Storage.Registry;
using Fault = SmartCity.Protocol.V1.Fault;

namespace SmartCity.Server.Api.Faults;

/// <summary>Looks what is broken in a scope at a moment, for somebody who watches.</summary>
internal sealed class FaultLook(
    FaultListAnswers faults, FaultFinder finder, IncidentReader incidents, RegistryStore registry, RepairLog repairs, Scope? scope)
{
    // How long it takes until what another server recorded is known here, and how far its clock may be behind.
    private static readonly TimeSpan OtherServersMax = TimeSpan.FromSeconds(10);

    /// <summary>The faults open at a moment, as known then, by id.</summary>
    public async Task<Dictionary<string, Fault>> OpenAsync(Instant at, CancellationToken cancellation) =>
        await AskAsync(new ListFaultsRequest { Scope = scope, AsOf = at.ToTimestamp() }, cancellation);

    /// <summary>The faults open at a moment or cleared not before another, as known then, by id.</summary>
    public async Task<Dictionary<string, Fault>> SinceAsync(Instant since, Instant at, CancellationToken cancellation) =>
        await AskAsync(
            new ListFaultsRequest
            {
                Scope = scope,
                Period = new Period { From = since.ToTimestamp(), Until = (at + TimeSpan.FromMilliseconds(1)).ToTimestamp() },
                AsOf = at.ToTimestamp(),
            },
            cancellation);

    /// <summary>One fault as known at a moment; null when there is none any more.</summary>
    public async Task<Fault?> FindAsync(string faultId, Instant at, CancellationToken cancellation)
    {
        if (await finder.TryFindAsync(faultId, at, cancellation) is not var (fault, compound))
        {
            return null;
        }
        var told = FaultCases.Of([fault], repairs.ActionsOf(fault.Pile, at), at)[0];
        var found = await incidents.OfAsync([(fault, compound)], at, cancellation);
        return FaultMessages.Of(told, compound, found is [var incident, ..] ? incident.Id : "", at);
    }

    /// <summary>The ids of faults in the scope on which somebody acted between two moments; with other servers also shortly
    /// before, because that comes to be known later.</summary>
    public IReadOnlyList<string> ActedOn(Instant after, Instant until)
    {
        var since = registry.IsShared ? after - OtherServersMax : after;
        var acted = repairs.ActionsAfter(since).Where(a => a.Recorded <= until).ToList();
        if (acted.Count == 0)
        {
            return [];
        }
        var piles = RegistryScope.Piles(registry.Current, Scopes.From(scope, registry.Current)).Select(pile => pile.Id)
            .ToHashSet(StringComparer.Ordinal);
        return [.. acted.Where(a => piles.Contains(a.On.Pile)).Select(a => a.On.FaultId).Distinct()];
    }

    private async Task<Dictionary<string, Fault>> AskAsync(ListFaultsRequest request, CancellationToken cancellation)
    {
        request.PageSize = Pages.SizeMax;
        var answer = await faults.AnswerAsync(request, looksBack: false, cancellation);
        return answer.NextPageToken.Length == 0
            ? answer.Faults.ToDictionary(fault => fault.FaultId, StringComparer.Ordinal)
            : throw new LimitReachedException($"There are more than {Pages.SizeMax} faults to watch. Name a smaller scope.");
    }
}
