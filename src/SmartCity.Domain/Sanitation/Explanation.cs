using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Tells a person why an obligation has its verdict, in the order in which things decided.</summary>
public static class Explanation
{
    /// <summary>The reasons, one sentence or two each.</summary>
    /// <param name="visits">To the point, around the obligation, by decision instant.</param>
    /// <param name="evidence">About the point, around the obligation, by time.</param>
    /// <param name="trucks">What was known of each relevant truck.</param>
    public static IReadOnlyList<string> Of(
        ObligationOutcome outcome, IReadOnlyList<Visit> visits, IReadOnlyList<EvidenceUse> evidence,
        IReadOnlyList<TruckWatch> trucks, SanitationRules rules, Instant evaluation)
    {
        var obligation = outcome.Obligation;
        var clock = new LocalWords(obligation);
        List<string> reasons = [Due(obligation, clock), Rule(obligation, clock)];
        reasons.AddRange(visits.Select(v => VisitWords.Of(v, obligation, evidence, clock, rules)));
        reasons.AddRange(evidence.Take(EvidenceMax).Select(e => EvidenceLine(e, clock)));
        if (evidence.Count > EvidenceMax)
        {
            reasons.Add(Text($"{evidence.Count - EvidenceMax} more pieces of evidence are in the list."));
        }
        reasons.AddRange(Decision(outcome, trucks, clock, evaluation));
        reasons.Add(outcome.Final
            ? "The verdict is final; a change from here on would be listed as a restatement."
            : $"The verdict is not final before {clock.Of(obligation.AcceptUntil + rules.FinalAfter)}; "
                + "data that arrives until then may still change it.");
        return reasons;
    }

    // Enough for every bin of a point; more would hide the verdict.
    private const int EvidenceMax = 40;

    private static string EvidenceLine(EvidenceUse use, LocalWords clock)
    {
        var stamp = use.Record.Stamp;
        var isEntered = (stamp.Flags & StampFlags.Entered) != 0;
        var who = isEntered ? Text($"{use.Record.CrewId}{(stamp.Device.Length > 0 ? $" about truck {stamp.Device}" : "")}")
            : stamp.Device.Length > 0 ? $"truck {stamp.Device}" : "the point's sensor";
        var refused = (stamp.Flags & StampFlags.ClockRefused) != 0 ? ", its clock was refused" : "";
        return $"{EvidenceWords.NameOf(use.Record.Type)} of {who} at {clock.Of(stamp.Time)} "
            + $"({(isEntered ? "entered" : "received")} {clock.Of(stamp.Received)}{refused}): {use.Reason}";
    }

    private static string Due(Obligation obligation, LocalWords clock) => Text(
        $"{obligation.Point.Name} ({obligation.Point.Id}) was to be served in the window {obligation.Window.Key} ")
        + Text($"of {obligation.ServiceDate:yyyy-MM-dd}, ")
        + $"from {clock.Of(obligation.Start)} to {clock.Of(obligation.End)} local time ({obligation.Window.TimeZone})"
        + (obligation.Assignment.TruckId is { } truck ? $", by truck {truck}" : "")
        + (obligation.Assignment.RouteId is { } route ? $", on route {route}." : ".");

    private static string Rule(Obligation obligation, LocalWords clock) =>
        $"On time is from {clock.Of(obligation.OnTimeFrom)} to {clock.Of(obligation.OnTimeUntil)}"
        + Text($" (tolerance {obligation.Window.EarlyTolerance.TotalMinutes:0.#} min before, ")
        + Text($"{obligation.Window.LateGrace.TotalMinutes:0.#} min after); ")
        + $"a visit from {clock.Of(obligation.AcceptFrom)} to {clock.Of(obligation.AcceptUntil)} still counts, as early or late.";

    private static IEnumerable<string> Decision(
        ObligationOutcome outcome, IReadOnlyList<TruckWatch> trucks, LocalWords clock, Instant evaluation)
    {
        var obligation = outcome.Obligation;
        if (outcome.Primary is { } visit)
        {
            yield return Served(outcome, visit, clock);
        }
        if ((obligation.Cancellation ?? obligation.Excuse) is { } exception)
        {
            yield return Excepted(outcome.Verdict, exception, clock);
        }
        if (outcome is { Primary: not null } or { Verdict: Verdict.Cancelled or Verdict.Excused })
        {
            yield break;
        }
        if (outcome.Verdict is Verdict.Upcoming or Verdict.Pending or Verdict.Overdue)
        {
            yield return Open(outcome.Verdict, obligation, clock, evaluation);
            yield break;
        }
        yield return $"No visit with proof was seen before {clock.Of(obligation.AcceptUntil)}.";
        foreach (var truck in trucks)
        {
            yield return truck.Reason;
        }
        yield return outcome.Verdict == Verdict.Missed
            ? "MISSED (漏收): nobody came, and every truck that was to come, or could have, was in sight."
            : trucks.Any(t => t.Tracked)
                ? "UNDETERMINED (数据缺失): a truck could have collected without being seen, so this is not called missed."
                : "UNDETERMINED (数据缺失): no truck that was to come carries a tracker, so nobody can tell.";
    }

    internal static string Excepted(Verdict verdict, ObligationException exception, LocalWords clock)
    {
        var word = verdict switch
        {
            Verdict.Cancelled => "CANCELLED (取消): ",
            Verdict.Excused => "EXCUSED (免责): ",
            _ => "It was excused, which changes nothing as it was served: ",
        };
        return word + Declared(exception, clock);
    }

    /// <summary>The reason, and who says so.</summary>
    internal static string Declared(ObligationException exception, LocalWords clock) =>
        $"{exception.Reason}, declared by {exception.DeclaredBy} at {clock.Of(exception.Declared)}"
            + $" and approved by {exception.Approver} at {clock.Of(exception.Approved!.Value)}.";

    private static string Served(ObligationOutcome outcome, Visit visit, LocalWords clock)
    {
        var deviation = outcome.Deviation!.Value;
        var by = deviation < TimeSpan.Zero ? Text($", {-deviation.TotalMinutes:0.#} min before the window")
            : deviation > TimeSpan.Zero ? Text($", {deviation.TotalMinutes:0.#} min after the window")
            : ", inside the window";
        var word = outcome.Verdict switch
        {
            Verdict.OnTime => "ON_TIME (按时)",
            Verdict.Early => "EARLY (提前)",
            _ => "LATE (迟收)",
        };
        return $"{word}: served at {clock.Of(visit.Decision)}{by}."
            + (outcome.Substituted ? $" Truck {visit.TruckId} came instead of the planned one." : "")
            + (outcome.Probable ? " It is only probable: one weak piece of evidence is all there is." : "");
    }

    internal static string Open(Verdict verdict, Obligation obligation, LocalWords clock, Instant evaluation)
    {
        var now = $"it is {clock.Of(evaluation)}";
        return verdict switch
        {
            Verdict.Upcoming => $"UPCOMING (未到时段): {now}, and visits count from {clock.Of(obligation.AcceptFrom)} on.",
            Verdict.Pending => $"PENDING (待收): {now}; a visit before {clock.Of(obligation.OnTimeUntil)} is not late.",
            _ => $"OVERDUE (超时未收): {now}; a visit before {clock.Of(obligation.AcceptUntil)} still counts as late.",
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
