using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Says in words why a piece of evidence counted, or why it did not.</summary>
internal static class EvidenceWords
{
    public static EvidenceUse Of(in EvidenceRecord record, in JudgedEvidence judged, SanitationRules rules)
    {
        double? metres = float.IsNaN(judged.Metres) ? null : judged.Metres;
        return new EvidenceUse(
            record, judged.Fence?.Point.Id, metres, judged.Finding.GradeOf(), judged.Finding.IsAccepted(),
            Reason(record, judged.Finding, metres, rules));
    }

    /// <summary>A bin that was emptied is nobody's record; it is shown as one of no truck.</summary>
    public static EvidenceUse Of(FillDrop drop)
    {
        var (before, after) = (drop.Before.FillRatio ?? 0, drop.Reading.FillRatio ?? 0);
        var record = new EvidenceRecord(
            drop.Reading.Stamp with { Device = "" }, EvidenceType.Unknown, drop.PointId, null, null, null, null, null, null, null);
        var minutes = (drop.Seen - drop.After).TotalMinutes;
        return new EvidenceUse(record, drop.PointId, null, EvidenceGrade.C, true, Text(
            $"Counts weakly: bin {drop.Reading.BinId} of the point fell from {before:0%} to {after:0%} full within {minutes:0} min."));
    }

    private static string Reason(in EvidenceRecord record, Finding finding, double? metres, SanitationRules rules)
    {
        var where = metres is { } m ? Text($"{m:0} m from the point") : "at a place that nobody recorded";
        var most = IsCapture(record) ? rules.CaptureMaxM : rules.EvidenceMaxM;
        return finding switch
        {
            Finding.Tag => Text($"Counts fully: tag {record.Epc} belongs to a bin of this point and was lifted {where}."),
            Finding.Weight => Text($"Counts fully: {record.NetKg:0.#} kg were weighed {where}."),
            Finding.Lift => $"Counts: the lift moved {where}.",
            Finding.UnplacedWeight => Text($"Counts weakly: {record.NetKg:0.#} kg were weighed, but {where}."),
            Finding.UnplacedLift => $"Counts weakly: the lift moved, but {where}.",
            Finding.Manual => $"Counts weakly: {Who(record)} confirmed the collection {where}, while it could be served.",
            Finding.Photo => $"Counts weakly: a picture was taken {where}, while it could be served.",
            Finding.Accepted => $"Counts: a supervisor accepted it; made {where}.",
            Finding.Undatable => "Does not count: the device's clock was wrong and nothing tells when this happened.",
            Finding.Unreadable => "Does not count: its type is not known here.",
            Finding.NoTag => "Does not count: a lift with a tag reader, but without the tag's number.",
            Finding.UnknownTag => $"Does not count: tag {record.Epc} was not registered to any bin at that time.",
            Finding.UnknownPoint => $"Does not count: it names the point {record.PointId}, which is not registered.",
            Finding.NotInService => "Does not count: its point was not in service at that time.",
            Finding.TooFar => Text($"Does not count: made {where}; at most {most:0} m are allowed{Unless(record)}."),
            Finding.TooLight => record.NetKg is { } kg
                ? Text($"Does not count: {kg:0.#} kg are less than the {rules.NetMinKg:0.#} kg that tell a weight from noise.")
                : "Does not count: a weighing without a weight.",
            Finding.NoPlace => $"Does not count: nothing tells where it was made{Unless(record)}.",
            Finding.NowhereNear => "Does not count: it names no point, and none was near.",
            Finding.EnteredLate =>
                $"Does not count: entered when the collection could be served no more{Unless(record)}.",
            Finding.Rejected => "Does not count: a supervisor rejected it.",
            _ => $"Does not count: made when no window of the point could be served{Unless(record)}.",
        };
    }

    /// <summary>What people call such a record.</summary>
    public static string NameOf(EvidenceType type) => type switch
    {
        EvidenceType.RfidLift => "Tag read",
        EvidenceType.WeightDelta => "Weighing",
        EvidenceType.LiftActuation => "Lift stroke",
        EvidenceType.Manual => "Confirmation",
        EvidenceType.Photo => "Picture",
        _ => "Reading",
    };

    private static string Who(in EvidenceRecord record) =>
        (record.Stamp.Flags & StampFlags.Entered) != 0 ? record.CrewId ?? "a person" : "the crew";

    /// <summary>Only what people make can be believed by people.</summary>
    private static string Unless(in EvidenceRecord record) => IsCapture(record) ? ", unless a supervisor accepts it" : "";

    private static bool IsCapture(in EvidenceRecord record) => record.Type is EvidenceType.Manual or EvidenceType.Photo;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
