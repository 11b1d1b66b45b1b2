namespace SmartCity.Domain.Sanitation;

/// <summary>What one fix inside a fence, or one piece of evidence, says about a visit.</summary>
internal enum Finding : byte
{
    None = 0,

    // Fixes
    Driving,
    Stop,
    LoneStop,

    // Evidence that counts
    Tag,
    Weight,
    Lift,
    UnplacedWeight,
    UnplacedLift,
    Manual,
    Photo,
    Accepted,
    FillDrop,

    // Evidence that does not
    Undatable,
    Unreadable,
    NoTag,
    UnknownTag,
    UnknownPoint,
    NotInService,
    TooFar,
    TooLight,
    NoPlace,
    NowhereNear,
    OutsideWindows,
    EnteredLate,
    Rejected,
}

internal static class Findings
{
    public static bool IsFix(this Finding finding) => finding is Finding.Driving or Finding.Stop or Finding.LoneStop;

    public static bool IsStop(this Finding finding) => finding is Finding.Stop or Finding.LoneStop;

    public static bool IsAccepted(this Finding finding) => finding is >= Finding.Tag and <= Finding.FillDrop;

    /// <summary>Whether the crew was at work at that moment, which dates a visit.</summary>
    public static bool IsWork(this Finding finding) => finding is >= Finding.Tag and <= Finding.UnplacedLift;

    /// <summary>Whether somebody says so, and no device measured it.</summary>
    public static bool IsWord(this Finding finding) => finding is Finding.Manual or Finding.Photo or Finding.Accepted;

    /// <summary>What it is worth alone. Stops are worth what their dwell is.</summary>
    public static EvidenceGrade GradeOf(this Finding finding) => finding switch
    {
        Finding.Tag or Finding.Weight => EvidenceGrade.A,
        Finding.Lift or Finding.Accepted => EvidenceGrade.B,
        Finding.LoneStop or Finding.UnplacedWeight or Finding.UnplacedLift => EvidenceGrade.C,
        Finding.Manual or Finding.Photo or Finding.FillDrop => EvidenceGrade.C,
        Finding.Driving or Finding.Stop => EvidenceGrade.D,
        _ => EvidenceGrade.None,
    };
}
