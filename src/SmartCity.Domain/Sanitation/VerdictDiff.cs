using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Tells whether the verdict on one obligation changed between two looks, and what made it so. What came and went between
/// the looks is not told.</summary>
public static class VerdictDiff
{
    /// <summary>The change; null when there is none.</summary>
    /// <param name="before">As it was known at the look before; null when nobody knew that it was due.</param>
    /// <param name="after">As it is known now.</param>
    /// <param name="confirmations">What people entered or decided about it since the look before, oldest first.</param>
    /// <param name="now">The moment of this look.</param>
    public static VerdictChange? Of(
        ObligationOutcome? before, ObligationOutcome after, IReadOnlyList<Milestone> confirmations, SanitationRules rules, Instant now)
    {
        if (before is not null && (before.Verdict, before.Probable) == (after.Verdict, after.Probable))
        {
            return null;
        }
        var cause = before is null
            ? new Milestone(now, ChangeCause.Schedule, "It is due: its service date came up, or the registry recorded it.")
            : ByException(before, after, now)
                ?? (before.Primary == after.Primary || confirmations.Count == 0 ? null : confirmations[^1])
                ?? BySchedule(before.Obligation, after.Obligation, now) ?? ByTime(before, after) ?? ByTelemetry(after, now);
        return new VerdictChange(
            cause.Time, after.Verdict, after.Probable, cause.Cause, cause.Reason, VerdictChange.Restates(before, now, rules));
    }

    /// <summary>An exception moved or excused it. Where somebody came since, that decided.</summary>
    private static Milestone? ByException(ObligationOutcome before, ObligationOutcome after, Instant now)
    {
        bool IsExcepted(ObligationOutcome outcome) => outcome.Verdict is Verdict.Cancelled or Verdict.Excused;
        var (then, holds) = (Applied(before.Obligation), Applied(after.Obligation));
        if (then.SetEquals(holds) || !(IsExcepted(before) || IsExcepted(after) || before.Primary?.Id == after.Primary?.Id))
        {
            return null;
        }
        var news = after.Obligation.Effects.LastOrDefault(e => !then.Contains((e.Exception.Id, e.ActedAs)))?.Exception;
        return news is { Approved: { } approved }
            ? new Milestone(approved, ChangeCause.Exception, $"{news.Approver} approved exception {news.Id} ({news.Reason}).")
            : new Milestone(now, ChangeCause.Exception, "An exception about it holds no more.");
    }

    private static HashSet<(string, ExceptionKind?)> Applied(Obligation due) =>
        [.. due.Effects.Select(e => (e.Exception.Id, e.ActedAs))];

    private static Milestone? BySchedule(Obligation before, Obligation after, Instant now) =>
        // What an exception moved, the registry did not.
        !Applied(before).SetEquals(Applied(after))
        || (before.Start, before.End, before.AcceptFrom, before.AcceptUntil, before.OnTimeFrom, before.OnTimeUntil, before.Point)
        == (after.Start, after.End, after.AcceptFrom, after.AcceptUntil, after.OnTimeFrom, after.OnTimeUntil, after.Point)
            ? null
            : new Milestone(now, ChangeCause.Schedule, "The registry was changed.");

    /// <summary>Nobody came, before or since, and a moment of its schedule passed.</summary>
    private static Milestone? ByTime(ObligationOutcome before, ObligationOutcome after)
    {
        var due = after.Obligation;
        return before.Primary is not null || !RouteRun.IsOpen(before) ? null : after.Verdict switch
        {
            Verdict.Pending => new Milestone(due.AcceptFrom, ChangeCause.Time, "The collection can be served from here on."),
            Verdict.Overdue => new Milestone(due.OnTimeUntil, ChangeCause.Time, "The time in which it was on time ended."),
            Verdict.Missed or Verdict.Undetermined => new Milestone(due.AcceptUntil, ChangeCause.Time, "The cutoff passed."),
            _ => null,
        };
    }

    private static Milestone ByTelemetry(ObligationOutcome after, Instant now) => new(
        now, ChangeCause.Telemetry,
        after.Primary is { } visit
            ? (visit.TruckId.Length > 0 ? $"Truck {visit.TruckId}" : "Somebody")
                + $" served it at {new LocalWords(after.Obligation).Of(visit.Decision)}, as what was received tells."
            : "Something was received that changed it.");
}
