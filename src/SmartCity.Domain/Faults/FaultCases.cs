using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Faults;

/// <summary>Joins faults with what people did about them.</summary>
public static class FaultCases
{
    /// <summary>A fault of the same key is the old one again when it is raised so soon after that was resolved or closed.</summary>
    public static readonly TimeSpan ReopenWithin = TimeSpan.FromHours(24);

    /// <summary>One pile's faults, in their order, each with its state.</summary>
    /// <param name="actions">The pile's, in any order and any number of times; those recorded after the evaluation are not
    /// known.</param>
    public static IReadOnlyList<FaultCase> Of(IReadOnlyList<Fault> faults, IEnumerable<FaultAction> actions, Instant evaluation)
    {
        var known = actions.Where(a => a.Recorded <= evaluation).DistinctBy(a => a.Id)
            .OrderBy(a => a.Recorded).ThenBy(a => a.Id, StringComparer.Ordinal).ToList();
        return [.. faults.Select(fault => Of(fault, known, evaluation))];
    }

    private static FaultCase Of(Fault fault, List<FaultAction> actions, Instant evaluation)
    {
        if (actions.Count == 0)
        {
            return new FaultCase(fault, FaultState.Open, null, [], null);
        }
        var before = fault.CountsAt(evaluation) ? FinishedBefore(fault, actions) : null;
        var (state, assignee) = (before is null ? FaultState.Open : FaultState.Reopened, (string?)null);
        var own = actions.FindAll(action => action.On.Is(fault));
        foreach (var action in own)
        {
            // All were right when they were recorded. What late data made of the fault may have had some of them twice.
            state = After(state, action.Step);
            assignee = action.Assignee ?? assignee;
        }
        return new FaultCase(fault, state, assignee, own, before?.On.FaultId);
    }

    private static FaultState After(FaultState state, FaultStep step) => (state, step) switch
    {
        (FaultState.Closed, _) => FaultState.Closed,
        (FaultState.Open or FaultState.Reopened, FaultStep.Acknowledge) => FaultState.Acknowledged,
        (_, FaultStep.Acknowledge) => state,
        (_, FaultStep.Assign) => FaultState.Assigned,
        (_, FaultStep.Resolve) => FaultState.Resolved,
        _ => FaultState.Closed,
    };

    /// <summary>The step that finished an earlier fault of the key, if that was shortly before and the same was not taken up
    /// again. Told by the actions alone: the earlier fault itself need not have been read.</summary>
    private static FaultAction? FinishedBefore(Fault fault, List<FaultAction> actions)
    {
        var earlier = actions.FindAll(a => a.Recorded < fault.Raised && fault.Raised - a.Recorded <= ReopenWithin
            && a.On.Port == fault.Port && a.On.Code == fault.Code.Number && a.On.Pile == fault.Pile);
        return earlier.FindLast(a => a.Step is FaultStep.Resolve or FaultStep.Close
            && !earlier.Exists(b => b.Step == FaultStep.Assign && IsAfter(b, a) && b.On.Overlaps(a.On)));
    }

    private static bool IsAfter(FaultAction b, FaultAction a) =>
        b.Recorded > a.Recorded || (b.Recorded == a.Recorded && string.CompareOrdinal(b.Id, a.Id) > 0);
}
