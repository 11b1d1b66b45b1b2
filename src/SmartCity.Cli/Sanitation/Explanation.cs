using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary>A verdict as one would explain it to whoever complained: the answer in plain sentences, then the lists that prove
/// it.</summary>
internal static class Explanation
{
    public static IEnumerable<string> Lines(ExplainObligationResponse answer, TimeZoneInfo zone) =>
    [
        .. Sentences(answer.Answer ?? new PlainAnswer()),
        .. Section("Trucks at the point 到点车辆", answer.Visits.Select(v => Visit(v, answer.Obligation, zone))),
        .. Section("Evidence 证据", answer.Evidence.Select(e => Evidence(e, zone))),
        .. Section("Trucks that should have come 应到车辆", Unserved(answer).Select(t => Truck(t, zone))),
        .. Section("Exceptions 例外", answer.Exceptions.Select(e => Exception(e, zone))),
        .. Section("Confirmed by people 人工确认", answer.Confirmations.Select(c => Confirmation(c, zone))),
        .. Section("What was known when 更正记录", answer.History.Select(h => Change(h, zone))),
        .. Section("Rule 规则", [Tolerances.Line(answer.Obligation, zone)]),
        "",
        answer.Quality is null ? "" : Footer.Line(answer.Quality, zone),
    ];

    /// <summary>The same as values and sentences, one a row: what a program or a spreadsheet takes.</summary>
    public static IEnumerable<(string Part, string Text)> Rows(ExplainObligationResponse answer, TimeZoneInfo zone) =>
    [
        .. CsvText.Fields(answer.Obligation, zone),
        .. answer.Answer is { } plain ? CsvText.Fields(plain, zone) : [],
        .. answer.Reasons.Select(reason => ("reason", reason)),
        .. answer.Visits.Select(visit => ("visit", Visit(visit, answer.Obligation, zone))),
        .. answer.Evidence.Select(evidence => ("evidence", Evidence(evidence, zone))),
        .. Unserved(answer).Select(truck => ("truck", Truck(truck, zone))),
        .. answer.Exceptions.Select(exception => ("exception", Exception(exception, zone))),
        .. answer.Confirmations.Select(confirmation => ("confirmation", Confirmation(confirmation, zone))),
        .. answer.History.Select(change => ("history", Change(change, zone))),
    ];

    private static IEnumerable<string> Sentences(PlainAnswer plain)
    {
        yield return plain.Question;
        yield return plain.Answer;
        (string Lead, string Text)[] parts =
            [("Why 原因", plain.Why), ("How sure 把握", plain.Certainty), ("Not seen 未见", plain.Unseen), ("May it change 能否更正", plain.Outlook)];
        foreach (var (lead, text) in parts.Where(part => part.Text.Length > 0))
        {
            yield return $"  {lead}: {text}";
        }
    }

    // Of a collection that took place, or still may, it decides nothing who could have come unseen.
    private static Google.Protobuf.Collections.RepeatedField<TruckWatch> Unserved(ExplainObligationResponse answer) =>
        answer.Obligation.Verdict is Protocol.V1.Verdict.Missed or Protocol.V1.Verdict.Undetermined ? answer.Trucks : [];

    private static string Visit(Visit v, Obligation asked, TimeZoneInfo zone) =>
        (v.OnlySaid ? $"{Say.Time(v.ArriveTime, zone)}, only people say so  {Who(v.TruckId)}  "
            : $"{Say.Time(v.ArriveTime, zone)} to {(v.DepartTime is null ? "now" : Say.Clock(v.DepartTime, zone))}  {Who(v.TruckId)}  ")
        + $"{CityWords.Of(v.Role)}, proof {CityWords.Of(v.Grade)}{(v.OnlySaid ? "" : $", stopped {Say.Span(v.StoppedSeconds)}")}"
        + (v.HasMinDistanceM ? $", nearest {Say.Number(v.MinDistanceM, 0)} m" : "")
        + (v.Lifts > 0 ? $", {v.Lifts.ToString(CultureInfo.InvariantCulture)} lifts" : "")
        + (v.HasNetKg ? $", {Say.Number(v.NetKg, 0)} kg" : "")
        + (v.ObligationId.Length > 0 && v.ObligationId != asked.ObligationId ? $", counts for {v.ObligationId}" : "");

    private static string Evidence(EvidenceUse e, TimeZoneInfo zone) =>
        $"{Say.Time(e.Time, zone)}  {Source(e)}"
        + (e.Epc.Length > 0 ? $" {e.Epc}" : "")
        + (e.HasNetKg ? $" {Say.Number(e.NetKg, 0)} kg" : "")
        + (e.HasDistanceM ? $" at {Say.Number(e.DistanceM, 0)} m" : "")
        + $", {(e.Entered ? "entered" : "received")} {Say.Time(e.ReceivedTime, zone)}. {e.Reason}"
        + (e.EvidenceId.Length > 0 ? $" [{e.EvidenceId}]" : "")
        + string.Concat(e.Decisions.Select(d => $" {Decided(d, zone)}"));

    // Of what sensors at the point measured only that bins were emptied is evidence.
    private static string Source(EvidenceUse e) => e switch
    {
        { Entered: true } => $"{e.MadeBy}  {CityWords.Of(e.Type)}",
        { TruckId: "" } => "the point's sensor  BIN_LEVEL 桶位",
        _ => $"{e.TruckId}  {CityWords.Of(e.Type)}",
    };

    private static string Truck(TruckWatch t, TimeZoneInfo zone)
    {
        var blind = $"between {Say.Time(t.BlindFrom, zone)} and {Say.Time(t.BlindUntil, zone)}";
        var sight = !t.Tracked ? "carries no tracker"
            : t.CouldHaveComeUnseen ? $"could have come unseen {blind}"
            : "was in sight, or too far away to come";
        return $"{t.TruckId}: {sight}; {Say.Count(t.FixesInWindow)} positions in the window.";
    }

    private static string Exception(ExceptionUse use, TimeZoneInfo zone)
    {
        var e = use.Exception;
        return $"{e.ExceptionId}  {CityWords.Of(e.Kind)}, {e.Reason}, declared by {e.DeclaredBy} {Say.Time(e.DeclaredTime, zone)}. "
            + string.Concat(e.Decisions.Select(d => $"{Decided(d, zone)} ")) + use.Effect;
    }

    private static string Confirmation(CollectionConfirmation c, TimeZoneInfo zone) =>
        $"{c.ConfirmationId}  {c.ConfirmedBy} says it was served {Say.Time(c.CollectedTime, zone)}"
        + (c.TruckId.Length > 0 ? $" by {c.TruckId}" : "")
        + $", entered {Say.Time(c.RecordedTime, zone)}."
        + (c.Note.Length > 0 ? $" \"{c.Note}\"" : "")
        + string.Concat(c.Decisions.Select(d => $" {Decided(d, zone)}"));

    private static string Decided(DecisionRecord d, TimeZoneInfo zone) =>
        $"{Words.Upper(d.Decision)} by {d.DecidedBy}{(d.AsSupervisor ? " (supervisor)" : "")} {Say.Time(d.DecidedTime, zone)}"
        + (d.Reason.Length > 0 ? $": {d.Reason.TrimEnd('.')}." : ".");

    private static string Change(VerdictChange h, TimeZoneInfo zone) =>
        $"{Say.Time(h.Time, zone)}  {CityWords.Of(h.Verdict)}{(h.Probable ? ", probable" : "")}"
        + $"{(h.Restatement ? ", restated" : "")}. {h.Reason}";

    private static string Who(string truckId) => truckId.Length > 0 ? truckId : "no truck named";

    private static IEnumerable<string> Section(string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return all.Count == 0 ? [] : ["", $"{title}:", .. all.Select(line => $"  {line}")];
    }
}
