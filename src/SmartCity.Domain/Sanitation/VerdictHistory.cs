using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

// Numbers are those of the wire (protos/smartcity/v1/sanitation_decisions.proto); a test compares them.

/// <summary>Why a verdict changed.</summary>
public enum ChangeCause : byte
{
    /// <summary>The registry learned of the obligation, or learned it otherwise.</summary>
    Schedule = 1,

    /// <summary>Nothing came in; time went by.</summary>
    Time = 2,

    /// <summary>Something was received.</summary>
    Telemetry = 3,

    /// <summary>Somebody decided about an exception.</summary>
    Exception = 4,

    /// <summary>Somebody confirmed a collection, or decided about a confirmation.</summary>
    Confirmation = 5,
}

/// <summary>A moment at which a verdict may change without anything being received.</summary>
/// <param name="Reason">What happened then, for a person.</param>
public sealed record Milestone(Instant Time, ChangeCause Cause, string Reason);

/// <summary>From a moment on, until the next change, an obligation had this verdict.</summary>
/// <param name="IsRestatement">The verdict before was final.</param>
public sealed record VerdictChange(
    Instant Time, Verdict Verdict, bool IsProbable, ChangeCause Cause, string Reason, bool IsRestatement)
{
    /// <summary>Whether the verdict that changed was final by then; null: nobody knew of the obligation.</summary>
    internal static bool Restates(ObligationOutcome? before, Instant at, SanitationRules rules) =>
        before is not null && at >= before.Obligation.AcceptUntil + rules.FinalAfter;
}

/// <summary>Finds when, and by what, the verdict on one obligation changed: what would have been answered at each moment.</summary>
public sealed class VerdictHistory
{
    private const int ChangesMax = 100;

    // Each costs a dozen judgements.
    private const int FoundMax = 1_000;

    private readonly Func<Instant, ObligationOutcome?> judge;
    private readonly SanitationRules rules;
    private readonly List<VerdictChange> changes = [];
    private ObligationOutcome? state;

    private VerdictHistory(Func<Instant, ObligationOutcome?> judge, SanitationRules rules) => (this.judge, this.rules) = (judge, rules);

    /// <summary>The changes, oldest first; of very many the last hundred, the first of which says so.</summary>
    /// <param name="milestones">In any order; the first of one moment names the cause.</param>
    /// <param name="arrivals">When something was received that may matter, oldest first, each moment once.</param>
    /// <param name="checkpoints">Arrivals that are looked at one by one. Between two looks a change that was undone again is not
    /// found.</param>
    /// <param name="judge">The outcome as it was known at a moment; null while nobody knew of the obligation.</param>
    public static IReadOnlyList<VerdictChange> Of(
        IEnumerable<Milestone> milestones, IReadOnlyList<Instant> arrivals, IEnumerable<Instant> checkpoints,
        Func<Instant, ObligationOutcome?> judge, SanitationRules rules, Instant evaluation)
    {
        var history = new VerdictHistory(judge, rules);
        var looks = milestones.Select(m => (m.Time, Milestone: (Milestone?)m))
            .Concat(checkpoints.Append(evaluation).Select(at => (Time: at, Milestone: (Milestone?)null)))
            .Where(look => look.Time <= evaluation).OrderBy(look => look.Time).ThenBy(look => look.Milestone is null).ToList();
        var next = 0;
        foreach (var (time, milestone) in looks)
        {
            // What came in at the very moment of a milestone is not told apart from it.
            var until = next;
            while (until < arrivals.Count && (milestone is null ? arrivals[until] <= time : arrivals[until] < time))
            {
                until++;
            }
            history.FollowArrivals(arrivals, next, until);
            next = until;
            if (milestone is not null)
            {
                history.Look(time, milestone.Cause, milestone.Reason);
            }
        }
        return history.Newest();
    }

    private List<VerdictChange> Newest()
    {
        var left = changes.Count - ChangesMax;
        return left <= 0 ? changes
            : [changes[left] with { Reason = $"{changes[left].Reason} {left} earlier changes are left out." }, .. changes.Skip(left + 1)];
    }

    /// <summary>Finds the changes among the arrivals [from, until), as long as what is known at their end differs.</summary>
    private void FollowArrivals(IReadOnlyList<Instant> arrivals, int from, int until)
    {
        while (from < until && changes.Count < FoundMax && !IsSame(state, judge(arrivals[until - 1])))
        {
            var (low, high) = (from, until - 1);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = IsSame(state, judge(arrivals[middle])) ? (middle + 1, high) : (low, middle);
            }
            Look(arrivals[low], ChangeCause.Telemetry, "Something was received that changed it.");
            from = low + 1;
        }
    }

    private void Look(Instant at, ChangeCause cause, string reason)
    {
        var outcome = judge(at);
        if (outcome is not null && !IsSame(state, outcome))
        {
            changes.Add(new VerdictChange(
                at, outcome.Verdict, outcome.Probable, cause, reason, VerdictChange.Restates(state, at, rules)));
        }
        state = outcome;
    }

    private static bool IsSame(ObligationOutcome? a, ObligationOutcome? b) =>
        (a?.Verdict, a?.Probable) == (b?.Verdict, b?.Probable);
}
