using System.Globalization;

namespace SmartCity.Domain.Sanitation;

/// <summary>Tells a person what a visit was and whether it counted.</summary>
internal static class VisitWords
{
    /// <param name="evidence">About the point: who said what.</param>
    public static string Of(
        Visit visit, Obligation obligation, IReadOnlyList<EvidenceUse> evidence, LocalWords clock, SanitationRules rules) =>
        (visit.IsWord ? Said(visit, evidence, clock, rules) : $"{Who(visit)} {What(visit, clock, rules)}")
            + $" {Proof(visit, obligation)} {Role(visit, obligation, clock)}";

    /// <summary>What was seen of a visit by a truck that was just named, or by nobody known.</summary>
    public static string Seen(Visit visit, IReadOnlyList<EvidenceUse> evidence, LocalWords clock, SanitationRules rules) =>
        visit.IsWord ? Said(visit, evidence, clock, rules)
            : $"{(visit.TruckId.Length > 0 ? "It" : Who(visit))} {What(visit, clock, rules)}";

    /// <summary>How sure it is that the visit was a collection.</summary>
    public static string Certainty(
        Visit visit, Obligation obligation, IReadOnlyList<EvidenceUse> evidence, SanitationRules rules) => visit.Grade switch
    {
        _ when visit.IsWord && WordsOf(visit, evidence).Any(e => IsElsewhere(e, rules)) =>
            "Doubtful: people say so, and the truck's own tracker contradicts them. ",
        EvidenceGrade.A => "Sure. ",
        EvidenceGrade.B when visit.IsWord => "As sure as people's word: no device shows it. ",
        EvidenceGrade.B => "Quite sure. ",
        _ when visit.Probable => "Only probable. ",
        _ => "Fairly sure. ",
    } + Proof(visit, obligation);

    private static string Who(Visit visit) =>
        visit.TruckId.Length > 0 ? $"Truck {visit.TruckId}" : "Somebody, by the point's own sensors,";

    private static IEnumerable<EvidenceUse> WordsOf(Visit visit, IReadOnlyList<EvidenceUse> evidence) => evidence.Where(
        e => e is { Accepted: true, Visit: { } of } && of.Id == visit.Id
            && e.Record.Type is Telemetry.EvidenceType.Manual or Telemetry.EvidenceType.Photo);

    private static bool IsElsewhere(EvidenceUse use, SanitationRules rules) => use.TrackerM > rules.EvidenceMaxM;

    /// <summary>What people say of a visit that no device shows, and whether the truck's tracker agrees.</summary>
    private static string Said(Visit visit, IReadOnlyList<EvidenceUse> evidence, LocalWords clock, SanitationRules rules)
    {
        var truck = visit.TruckId.Length > 0 ? $"truck {visit.TruckId}" : "somebody";
        return string.Join(' ', WordsOf(visit, evidence).Select(e =>
            $"{e.Record.CrewId ?? "The crew"} says that {truck} collected at {clock.Of(e.Record.Stamp.Time)}"
                + (e.Record.Type == Telemetry.EvidenceType.Photo ? " and sent a picture" : "")
                + (e.AcceptedBy is { } by ? $", and {by} accepted it" : "")
                + (e.TrackerM is not { } metres ? "."
                    : IsElsewhere(e, rules) ? Text($"; the truck's tracker was {metres:N0} m away then, which contradicts it.")
                    : Text($"; the truck's tracker was {metres:N0} m away then."))));
    }

    private static string What(Visit visit, LocalWords clock, SanitationRules rules)
    {
        var until = visit.Depart is { } depart ? $" to {clock.Of(depart)}" : ", and was not seen leaving";
        var seen = visit.MinDistanceM is { } metres
            ? Text($", came as near as {metres:0} m and stood {LocalWords.Of(visit.Stopped)} ")
                + Text($"({visit.Fixes} positions; at most {rules.StoppedMaxKmh:0.#} km/h counts as standing)")
            : ", shown by evidence without positions";
        var load = (visit.Lifts, visit.NetKg) switch
        {
            (0, null) => "",
            (var lifts, null) => Text($"; {lifts} bins lifted"),
            (0, { } kg) => Text($"; {kg:0.#} kg taken"),
            var (lifts, kg) => Text($"; {lifts} bins lifted, {kg:0.#} kg taken"),
        };
        return $"was there from {clock.Of(visit.Arrive)}{until}{seen}{load}.";
    }

    private static string Proof(Visit visit, Obligation obligation) => visit.Grade switch
    {
        EvidenceGrade.A => "Proof A: a tag or a weight of this point.",
        EvidenceGrade.B when visit.Lifts == 0 && visit.Stopped < obligation.Point.MinDwell =>
            "Proof B: a supervisor accepted a confirmation or picture.",
        EvidenceGrade.B => Text($"Proof B: the lift moved there, or it stood at least {obligation.Point.MinDwell.TotalSeconds:0} s."),
        EvidenceGrade.C => visit.Probable ? "Proof C, from one kind of evidence only." : "Proof C, from two kinds of evidence.",
        _ => Text($"Proof D: it passed without standing the {obligation.Point.MinDwell.TotalSeconds:0} s that a collection takes."),
    };

    private static string Role(Visit visit, Obligation obligation, LocalWords clock) => visit.Role switch
    {
        VisitRole.Primary when visit.ObligationId == obligation.Id => $"This visit counts, with {clock.Of(visit.Decision)} as its time.",
        VisitRole.Primary => $"It serves {visit.ObligationId} instead.",
        VisitRole.Duplicate => "It changes nothing: another visit already counts.",
        VisitRole.Extra => $"It is in no window: its time is {clock.Of(visit.Decision)}.",
        _ => "It serves nothing.",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
