namespace SmartCity.Domain.Sanitation;

// Numbers are those of the wire (protos/smartcity/v1/sanitation.proto); a test compares them.

/// <summary>The state of one obligation.</summary>
public enum Verdict : byte
{
    /// <summary>未到时段: nobody could serve it yet.</summary>
    Upcoming = 1,

    /// <summary>待收: may be served, and still on time.</summary>
    Pending = 2,

    /// <summary>超时未收: can still be served late.</summary>
    Overdue = 3,

    /// <summary>按时</summary>
    OnTime = 4,

    /// <summary>提前</summary>
    Early = 5,

    /// <summary>迟收</summary>
    Late = 6,

    /// <summary>漏收: nobody came, and we would have seen it.</summary>
    Missed = 7,

    /// <summary>数据缺失: nobody was seen collecting, and somebody could have come, or stood there, unseen.</summary>
    Undetermined = 8,

    /// <summary>免责: not served for an approved reason.</summary>
    Excused = 9,

    /// <summary>取消: was not to be served.</summary>
    Cancelled = 10,
}

/// <summary>How good the proof of a visit is, the better the higher.</summary>
public enum EvidenceGrade : byte
{
    /// <summary>No proof at all.</summary>
    None = 0,

    /// <summary>A pass without a stop: serves nothing.</summary>
    D = 1,

    /// <summary>Serves; only probable when it is alone.</summary>
    C = 2,

    /// <summary>Stopped long enough, or the lift moved there.</summary>
    B = 3,

    /// <summary>A tag or a weight of this point.</summary>
    A = 4,
}

/// <summary>What a visit means for the obligations of its point.</summary>
public enum VisitRole : byte
{
    /// <summary>It serves an obligation.</summary>
    Primary = 1,

    /// <summary>Its obligation is served by another visit.</summary>
    Duplicate = 2,

    /// <summary>In no window.</summary>
    Extra = 3,

    /// <summary>Drove past.</summary>
    Transit = 4,
}
