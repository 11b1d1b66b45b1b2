using SmartCity.Domain.Charging;
using SmartCity.Domain.Faults;
using SmartCity.Domain.Telemetry;
using SmartCity.Server.Api.Charging;
using SmartCity.Storage.Registry;
using DomainFault = SmartCity.Domain.Faults.Fault;

namespace SmartCity.Server.Api.Faults;

/// <summary>What was read of a pile for the period that is asked for.</summary>
internal readonly record struct PileRead(ScopedPile Pile, PileHistory History, FaultLog Log, IReadOnlyList<OfflineSpan> Offline);

/// <summary>
/// Reads the faults of piles. What the server derives may begin before a period and outlast it; a pile of which that is so is read
/// once more, from further back or to a later moment, until it is known what became of the fault.
/// </summary>
internal sealed class FaultReader(HistoryLoader loader, RepairLog repairs, ChargingRules rules)
{
    // Nearly all that outlasts a period is over a day later; what is not is asked for in ever larger steps.
    private const int StepFactor = 4;
    private static readonly TimeSpan FirstStep = TimeSpan.FromDays(1);

    /// <summary>Reads all piles of a question.</summary>
    /// <param name="query">The period.</param>
    /// <param name="withDerived">Also what the server finds itself.</param>
    /// <param name="looksBack">What is open where reading begins is read from as far back as statistics are, so that every question
    /// about a period finds the same beginning.</param>
    /// <param name="look">Called with each pile once, as read for the period.</param>
    /// <param name="use">Called once with each pile's faults.</param>
    public async Task<HistoryFacts> ReadAsync(
        HistoryQuery query, bool withDerived, bool looksBack, Action<PileRead> look,
        Action<PileRead, IReadOnlyList<DomainFault>> use, CancellationToken cancellation)
    {
        var left = new List<(ScopedPile Pile, Instant From, Instant Until)>();
        var facts = await loader.ReadAsync(
            query,
            (pile, history) =>
            {
                var read = Read(pile, history, query.Evaluation);
                look(read);
                var faults = FaultsOf(read, withDerived, query.Evaluation);
                var from = withDerived ? FromOf(query, read, faults, looksBack) : query.From;
                var until = LaterUntil(query.Until, query, faults);
                if (from < query.From || until > query.Until)
                {
                    left.Add((pile, from, until));
                    return;
                }
                use(read, faults);
            },
            cancellation);
        while (left.Count > 0)
        {
            left = await ReadMoreAsync(query, left, use, cancellation);
        }
        return facts;
    }

    private async Task<List<(ScopedPile Pile, Instant From, Instant Until)>> ReadMoreAsync(
        HistoryQuery query, List<(ScopedPile Pile, Instant From, Instant Until)> piles,
        Action<PileRead, IReadOnlyList<DomainFault>> use, CancellationToken cancellation)
    {
        var left = new List<(ScopedPile Pile, Instant From, Instant Until)>();
        foreach (var span in piles.GroupBy(pile => (pile.From, pile.Until)))
        {
            var (from, until) = span.Key;
            var more = query with { Piles = [.. span.Select(pile => pile.Pile)], From = from, Until = until };
            await loader.ReadOnlyAsync(
                more,
                (pile, history) =>
                {
                    var read = Read(pile, history, query.Evaluation);
                    var faults = FaultsOf(read, true, query.Evaluation);
                    if (LaterUntil(until, query, faults) is var later && later > until)
                    {
                        left.Add((pile, from, later));
                        return;
                    }
                    use(read, faults);
                },
                cancellation);
        }
        return left;
    }

    private static PileRead Read(ScopedPile pile, PileHistory history, Instant evaluation) =>
        new(pile, history, FaultLog.Of(history.Faults, evaluation), OfflineSpans.Of(history, evaluation));

    private IReadOnlyList<DomainFault> FaultsOf(in PileRead read, bool withDerived, Instant evaluation) =>
        FaultHistory.Of(read.History, read.Log, read.Offline, withDerived, rules.Thresholds, evaluation);

    private Instant FromOf(HistoryQuery query, in PileRead read, IReadOnlyList<DomainFault> faults, bool looksBack)
    {
        var actions = repairs.ActionsOf(read.Pile.Id, query.Evaluation);
        var from = LongFaults.AskedFrom(faults, read.Offline, actions, rules.Thresholds, query.From) ?? query.From;
        if (looksBack && LongFaults.BeginBefore(faults, read.Offline, rules.Thresholds, query.From))
        {
            from = Instant.Earlier(from, query.From - FaultTable.RepeatWithin);
        }
        return Instant.Earlier(query.From, Instant.Later(from, query.Evaluation - Periods.LengthMax));
    }

    /// <summary>Until when a pile has to be read, when it was read until a moment: what is told as over after that, or as open, may
    /// have gone on or not.</summary>
    private static Instant LaterUntil(Instant read, HistoryQuery query, IReadOnlyList<DomainFault> faults)
    {
        var isKnown = read >= query.Evaluation || !faults.Any(fault =>
            LongFaults.IsOfRecords(fault.Derived, fault.Code.Number) && fault.Raised < query.Until && !(fault.Cleared <= read));
        if (isKnown)
        {
            return read;
        }
        var step = (read - query.Until) * StepFactor;
        return Instant.Earlier(query.Evaluation, query.Until + (step > FirstStep ? step : FirstStep));
    }
}
