using System.Globalization;
using SmartCity.Cli.Asking;
using SmartCity.Cli.Showing;
using SmartCity.Protocol.V1;

namespace SmartCity.Cli.Sanitation;

/// <summary>A verdict as one would explain it to whoever complained: the answer first, then the proof, then the rule.</summary>
internal static class Explanation
{
    public static IEnumerable<string> Lines(ExplainObligationResponse answer, TimeZoneInfo zone) =>
    [
        .. Verdict(answer.Obligation, zone),
        .. Section("Why", answer.Reasons),
        .. Section("Trucks at the point", answer.Visits.Select(v => Visit(v, zone))),
        .. Section("Evidence", answer.Evidence.Select(e => Evidence(e, zone))),
        .. Section("Trucks that should have come", Unserved(answer).Select(t => Truck(t, zone))),
        .. Section("Rule", [Tolerances.Line(answer.Obligation, zone)]),
        "",
        answer.Quality is null ? "" : Footer.Line(answer.Quality, zone),
    ];

    /// <summary>The same as values and sentences, one a row: what a program or a spreadsheet takes.</summary>
    public static IEnumerable<(string Part, string Text)> Rows(ExplainObligationResponse answer, TimeZoneInfo zone) =>
    [
        .. CsvText.Fields(answer.Obligation, zone),
        .. answer.Reasons.Select(reason => ("reason", reason)),
        .. answer.Visits.Select(visit => ("visit", Visit(visit, zone))),
        .. answer.Evidence.Select(evidence => ("evidence", Evidence(evidence, zone))),
        .. Unserved(answer).Select(truck => ("truck", Truck(truck, zone))),
    ];

    // Of a collection that took place, or still may, it decides nothing who could have come unseen.
    private static Google.Protobuf.Collections.RepeatedField<TruckWatch> Unserved(ExplainObligationResponse answer) =>
        answer.Obligation.Verdict is Protocol.V1.Verdict.Missed or Protocol.V1.Verdict.Undetermined ? answer.Trucks : [];

    private static IEnumerable<string> Verdict(Obligation o, TimeZoneInfo zone)
    {
        var point = o.PointName.Length > 0 ? $"{o.PointName} ({o.PointId})" : o.PointId;
        yield return $"{point}, {o.ServiceDate} {o.WindowKey}, {Say.Minute(o.WindowStart, zone)}-{Say.Minute(o.WindowEnd, zone)}";
        yield return $"{CityWords.Of(o.Verdict)}: {Meaning(o, zone)}";
        if (o.Probable)
        {
            yield return "  The proof is one weak piece only.";
        }
        if (o.Substituted)
        {
            yield return $"  Another truck than the planned {Say.Text(o.PlannedTruckId)} came.";
        }
        if (!o.Final)
        {
            yield return "  This may still change.";
        }
    }

    private static string Meaning(Obligation o, TimeZoneInfo zone)
    {
        var served = $"truck {o.PrimaryVisit?.TruckId} collected at {Say.Time(o.PrimaryVisit?.DecisionTime, zone)}";
        return o.Verdict switch
        {
            Protocol.V1.Verdict.OnTime => $"{served}.",
            Protocol.V1.Verdict.Early => $"{served}, {Off(o)} too early.",
            Protocol.V1.Verdict.Late => $"{served}, {Off(o)} too late.",
            Protocol.V1.Verdict.Missed => "no truck collected, and we would have seen one.",
            Protocol.V1.Verdict.Undetermined => "we do not know: a truck could have come while we could not see it.",
            Protocol.V1.Verdict.Excused => "not collected, for an accepted reason.",
            Protocol.V1.Verdict.Cancelled => "no collection was to take place.",
            Protocol.V1.Verdict.Upcoming => "the time has not come yet.",
            Protocol.V1.Verdict.Pending => $"not collected yet; in time until {Say.Time(o.OnTimeUntil, zone)}.",
            Protocol.V1.Verdict.Overdue => $"not collected in time; late still counts until {Say.Time(o.AcceptUntil, zone)}.",
            _ => "the server gave no verdict.",
        };
    }

    private static string Off(Obligation o) => Say.Span(o.HasDeviationS ? Math.Abs(o.DeviationS) : null);

    private static string Visit(Visit v, TimeZoneInfo zone) =>
        $"{Say.Time(v.ArriveTime, zone)} to {(v.DepartTime is null ? "now" : Say.Clock(v.DepartTime, zone))}  {v.TruckId}  "
        + $"{CityWords.Of(v.Role)}, proof {Words.Upper(v.Grade)}, stopped {Say.Span(v.StoppedSeconds)}"
        + (v.HasMinDistanceM ? $", nearest {Say.Number(v.MinDistanceM, 0)} m" : "")
        + (v.Lifts > 0 ? $", {v.Lifts.ToString(CultureInfo.InvariantCulture)} lifts" : "")
        + (v.HasNetKg ? $", {Say.Number(v.NetKg, 0)} kg" : "");

    private static string Evidence(EvidenceUse e, TimeZoneInfo zone) =>
        $"{Say.Time(e.Time, zone)}  {e.TruckId}  {CityWords.Of(e.Type)}"
        + (e.Epc.Length > 0 ? $" {e.Epc}" : "")
        + (e.HasNetKg ? $" {Say.Number(e.NetKg, 0)} kg" : "")
        + (e.HasDistanceM ? $" at {Say.Number(e.DistanceM, 0)} m" : "")
        + $": {(e.Accepted ? "counts" : "does not count")}, {e.Reason} (received {Say.Time(e.ReceivedTime, zone)})";

    private static string Truck(TruckWatch t, TimeZoneInfo zone)
    {
        var blind = $"between {Say.Time(t.BlindFrom, zone)} and {Say.Time(t.BlindUntil, zone)}";
        var sight = !t.Tracked ? "carries no tracker"
            : t.CouldHaveComeUnseen ? $"could have come unseen {blind}"
            : "was in sight, or too far away to come";
        return $"{t.TruckId}: {sight}; {Say.Count(t.FixesInWindow)} positions in the window."
            + (t.Reason.Length > 0 ? $" {t.Reason}" : "");
    }

    private static IEnumerable<string> Section(string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        return all.Count == 0 ? [] : ["", $"{title}:", .. all.Select(line => $"  {line}")];
    }
}
