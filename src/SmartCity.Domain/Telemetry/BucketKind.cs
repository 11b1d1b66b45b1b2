namespace SmartCity.Domain.Telemetry;

/// <summary>How a period is cut, in local time. Numbers are those of the wire (Bucket in common.proto).</summary>
public enum BucketKind : byte
{
    /// <summary>The whole period in one.</summary>
    Whole = 0,

    /// <summary>Local hours; the hour that a clock change repeats is two.</summary>
    Hour = 1,

    /// <summary>Local days of 23, 24 or 25 hours.</summary>
    Day = 2,

    /// <summary>Weeks from Monday.</summary>
    Week = 3,

    /// <summary>Calendar months.</summary>
    Month = 4,

    /// <summary>All days folded onto 0..23.</summary>
    HourOfDay = 5,

    /// <summary>All weeks folded onto 1 (Monday) .. 7.</summary>
    DayOfWeek = 6,
}
