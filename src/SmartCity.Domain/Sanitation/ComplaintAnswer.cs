using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>What one would tell somebody who complains that a point was not emptied, in plain sentences. A part is empty where
/// there is nothing to say.</summary>
/// <param name="Question">What the complaint asks.</param>
/// <param name="Answer">The verdict, and in short why.</param>
/// <param name="Why">What was seen that decided.</param>
/// <param name="Certainty">How sure the answer is.</param>
/// <param name="Unseen">What was not seen, or did not count.</param>
/// <param name="Outlook">Whether the answer may still change.</param>
public sealed record ComplaintAnswer(
    string Question, string Answer, string Why, string Certainty, string Unseen, string Outlook)
{
    private const int TrucksMax = 3;

    /// <summary>The answer for one obligation.</summary>
    /// <param name="visits">To the point, around the obligation.</param>
    /// <param name="evidence">About the point, around the obligation.</param>
    /// <param name="trucks">What was known of each relevant truck.</param>
    public static ComplaintAnswer Of(
        ObligationOutcome outcome, IReadOnlyList<Visit> visits, IReadOnlyList<EvidenceUse> evidence,
        IReadOnlyList<TruckWatch> trucks, ObligationPlan plan, Instant evaluation)
    {
        var due = outcome.Obligation;
        var (clock, rules) = (new LocalWords(due), plan.Rules);
        string Named(Visit visit) => $"Truck {TruckNames.Of(plan.Registry, visit.TruckId, visit.Arrive)}";
        return new ComplaintAnswer(
            $"Was {due.Point.Name} ({due.Point.Id}) emptied in the window {LocalWords.NameOf(due.Window.Key)} "
                + Text($"of {due.ServiceDate:yyyy-MM-dd}, ")
                + $"{clock.Of(due.Start)} to {clock.Of(due.End)}?",
            AnswerOf(outcome, trucks, Named, clock, evaluation), WhyOf(outcome, visits, evidence, trucks, Named, clock, evaluation, rules),
            CertaintyOf(outcome, evidence, trucks, rules), UnseenOf(outcome, visits, trucks, Named, clock),
            outcome.Final
                ? "This is final. Should something that comes late change it still, that is listed as a restatement (更正)."
                : $"This may still change, until  {clock.Of(due.AcceptUntil + rules.FinalAfter)}, by what arrives late.");
    }

    private static string AnswerOf(
        ObligationOutcome outcome, IReadOnlyList<TruckWatch> trucks, Func<Visit, string> named, LocalWords clock,
        Instant evaluation)
    {
        var due = outcome.Obligation;
        var between = $"between {clock.Of(due.AcceptFrom)} and {clock.Of(due.AcceptUntil)}";
        return outcome.Verdict switch
        {
            Verdict.OnTime => $"ON_TIME (按时): yes. {Collected(outcome, named, clock)}, in time.",
            Verdict.Early => $"EARLY (提前): yes, but too early. {Collected(outcome, named, clock)}, {Off(outcome)} before the window.",
            Verdict.Late => $"LATE (迟收): yes, but late. {Collected(outcome, named, clock)}, {Off(outcome)} after the window.",
            Verdict.Missed => $"MISSED (漏收): no. No collection took place {between}, and we would have seen one.",
            Verdict.Undetermined when trucks.Any(t => t.Tracked) =>
                $"UNDETERMINED (数据缺失): nobody can tell. No collection was seen {between}, but a truck could have collected unseen.",
            Verdict.Undetermined =>
                $"UNDETERMINED (数据缺失): nobody can tell. No collection was seen {between}, and no truck to come is tracked.",
            Verdict.Excused => "EXCUSED (免责): no, for an approved reason.",
            Verdict.Cancelled => "CANCELLED (取消): no collection was to take place.",
            _ => Explanation.Open(outcome.Verdict, due, clock, evaluation),
        };
    }

    private static string Collected(
        ObligationOutcome outcome, Func<Visit, string> named, LocalWords clock)
    {
        var visit = outcome.Primary!;
        var who = visit.TruckId.Length == 0 ? "Somebody" : named(visit);
        return (visit.IsWord ? $"By people's word, {char.ToLowerInvariant(who[0])}{who[1..]}" : who)
            + $" collected at {clock.Of(visit.Decision)}" + (outcome.Substituted ? " instead of the planned truck" : "");
    }

    private static string Off(ObligationOutcome outcome) => LocalWords.Of(outcome.Deviation!.Value.Duration());

    private static string WhyOf(
        ObligationOutcome outcome, IReadOnlyList<Visit> visits, IReadOnlyList<EvidenceUse> evidence, IReadOnlyList<TruckWatch> trucks,
        Func<Visit, string> named, LocalWords clock, Instant evaluation, SanitationRules rules)
    {
        var due = outcome.Obligation;
        List<string> parts = [];
        if ((due.Cancellation ?? (outcome.Primary is null ? due.Excuse : null)) is { } exception)
        {
            parts.Add(Explanation.Declared(exception, clock));
            parts.Add(outcome.Verdict == Verdict.Excused && evaluation >= due.AcceptUntil ? Otherwise(trucks) : "");
        }
        else if (outcome.Primary is { } primary)
        {
            var others = visits.Count(v => v.Role == VisitRole.Duplicate && v.ObligationId == due.Id);
            parts.Add(VisitWords.Seen(primary, evidence, clock, rules));
            parts.Add(others == 0 ? "" : Text($"{others} more {(others == 1 ? "visit" : "visits")} in that time changed nothing."));
        }
        else
        {
            parts.Add(outcome.Verdict is Verdict.Missed ? Of(trucks) : "");
            parts.Add(Next(visits, due, named, clock));
        }
        var refused = evidence.Count(e => !e.Accepted);
        parts.Add(refused == 0 ? ""
            : Text($"{refused} {(refused == 1 ? "piece" : "pieces")} of evidence did not count; the list says why."));
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    /// <summary>What an excuse stands for: a miss that we would have seen, or blindness.</summary>
    private static string Otherwise(IReadOnlyList<TruckWatch> trucks) => trucks.Any(t => t.CouldHaveComeUnseen)
        ? $"Without that it would be UNDETERMINED: {Of([.. trucks.Where(t => t.CouldHaveComeUnseen)])}"
        : trucks.Any(t => t.Tracked) ? $"Without that it would be MISSED: {Of(trucks)}"
        : "Without that it would be UNDETERMINED: no truck to come is tracked.";

    /// <summary>Who waited for a truck wants to know when one came.</summary>
    private static string Next(
        IReadOnlyList<Visit> visits, Obligation due, Func<Visit, string> named, LocalWords clock)
    {
        var next = visits.Where(v => v.Role is VisitRole.Primary or VisitRole.Extra && v.Decision >= due.AcceptUntil)
            .MinBy(v => v.Decision);
        var counts = next?.ObligationId is { } other ? $"counts for {other}" : "counts for no window";
        var who = next?.TruckId.Length > 0 ? $"{named(next)} collected next" : "The next collection was";
        return next is null ? "" : $"{who} at {clock.Of(next.Decision)}, which {counts}.";
    }

    private static string CertaintyOf(
        ObligationOutcome outcome, IReadOnlyList<EvidenceUse> evidence, IReadOnlyList<TruckWatch> trucks,
        SanitationRules rules) => outcome switch
    {
        { Verdict: Verdict.Cancelled or Verdict.Excused } => "",
        { Primary: { } visit } => VisitWords.Certainty(visit, outcome.Obligation, evidence, rules),
        { Verdict: Verdict.Missed } => Text($"Sure as far as trackers go: {trucks.Count} ")
            + (trucks.Count == 1 ? "truck was to come or could have, and was in sight."
                : "trucks were to come or could have, and each was in sight."),
        { Verdict: Verdict.Undetermined } => "Not sure at all, so this is not called missed.",
        _ => "",
    };

    private static string UnseenOf(
        ObligationOutcome outcome, IReadOnlyList<Visit> visits, IReadOnlyList<TruckWatch> trucks, Func<Visit, string> named,
        LocalWords clock)
    {
        List<string> parts = outcome.Verdict == Verdict.Undetermined ? [Of([.. trucks.Where(t => t.CouldHaveComeUnseen)])] : [];
        if (outcome.Primary is null)
        {
            var due = outcome.Obligation;
            parts.AddRange(visits.Where(v => v.Role == VisitRole.Transit && due.Accepts(v.Decision)).Take(TrucksMax)
                .Select(v => Passed(v, named, clock)));
        }
        return string.Join(' ', parts.Where(p => p.Length > 0));
    }

    private static string Passed(Visit visit, Func<Visit, string> named, LocalWords clock) =>
        $"{named(visit)} was there at {clock.Of(visit.Decision)}, but "
            + (visit.Stopped > TimeSpan.Zero ? $"stood for {LocalWords.Of(visit.Stopped)} only." : "was not seen standing long enough.");

    private static string Of(IReadOnlyList<TruckWatch> trucks) => string.Join(' ', trucks.Take(TrucksMax).Select(t => t.Reason))
        + (trucks.Count > TrucksMax ? Text($" So it is with {trucks.Count - TrucksMax} more trucks.") : "");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
