using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>What an exception does to an obligation. Those declared too late for their kind act as <see cref="Excuse"/>.</summary>
public enum ExceptionKind : byte
{
    /// <summary>免责: not served, it is not held against anybody. Served, its verdict stands.</summary>
    Excuse = 1,

    /// <summary>取消: nothing is due, and a visit is EXTRA.</summary>
    Cancel = 2,

    /// <summary>The window is earlier or later.</summary>
    ShiftWindow = 3,

    /// <summary>延期: on time, and accepted, for longer after the window.</summary>
    ExtendGrace = 4,
}

/// <summary>Somebody declared that obligations are to be judged otherwise. It holds from its approval on.</summary>
/// <param name="Reason">A word like <c>SNOW_EMERGENCY</c>; <see cref="VehicleBreakdown"/> never excuses.</param>
/// <param name="PointIds">At these points. Null: at all, unless one of <see cref="Within"/>, <see cref="RouteIds"/> and
/// <see cref="TruckIds"/> says where.</param>
/// <param name="WindowKey">Only in this window; null: in all.</param>
/// <param name="First">The first service date, inclusive.</param>
/// <param name="Last">The last service date, inclusive.</param>
/// <param name="DeclaredBy">Who declared it, at <paramref name="Declared"/>.</param>
public sealed record ObligationException(
    string Id, ExceptionKind Kind, string Reason, IReadOnlySet<string>? PointIds, string? WindowKey, DateOnly First, DateOnly Last,
    string DeclaredBy, Instant Declared)
{
    /// <summary>The reason that is the operator's own affair: another truck has to come.</summary>
    public const string VehicleBreakdown = "VEHICLE_BREAKDOWN";

    /// <summary>The most that <see cref="By"/> may be.</summary>
    public static readonly TimeSpan ByMax = TimeSpan.FromDays(1);

    /// <summary>At the points that lie there when their window starts.</summary>
    public ScopedPoints? Within { get; init; }

    /// <summary>What was to be served on these routes.</summary>
    public IReadOnlySet<string>? RouteIds { get; init; }

    /// <summary>What was assigned to these trucks.</summary>
    public IReadOnlySet<string>? TruckIds { get; init; }

    /// <summary>Who approved it; counts only when it is not who declared it.</summary>
    public string? Approver { get; init; }

    /// <summary>When it was approved; null while it is not.</summary>
    public Instant? Approved { get; init; }

    /// <summary>Whether the approver is a supervisor, whom a late declaration needs.</summary>
    public bool IsBySupervisor { get; init; }

    /// <summary>How far a window moves (negative: earlier), or how much longer grace and acceptance are.</summary>
    public TimeSpan By { get; init; }

    /// <summary>When it was rejected or withdrawn: it holds no longer. Null while it was not.</summary>
    public Instant? Ended { get; init; }

    /// <summary>Who rejected or withdrew it.</summary>
    public string? EndedBy { get; init; }

    /// <summary>Whether that was a withdrawal, approved or not; else a rejection.</summary>
    public bool IsWithdrawn { get; init; }

    /// <summary>Whether an obligation is among those it is about.</summary>
    public bool Covers(Obligation due) => CoversDayOf(due) && (WindowKey is null || WindowKey == due.Window.Key);

    /// <summary>The same, whatever the window.</summary>
    public bool CoversDayOf(Obligation due) => due.ServiceDate >= First && due.ServiceDate <= Last
        && (PointIds is null && Within is null && RouteIds is null && TruckIds is null
            || PointIds?.Contains(due.Point.Id) == true || Within?.Contains(due.Point.Id, due.Start) == true
            || (due.Assignment.RouteId is { } route && RouteIds?.Contains(route) == true)
            || (due.Assignment.TruckId is { } truck && TruckIds?.Contains(truck) == true));

    /// <summary>Whether it was declared so long after the cutoff that only a supervisor may excuse the obligation.</summary>
    public bool NeedsSupervisor(Obligation due, SanitationRules rules) => Declared > due.AcceptUntil + rules.SupervisorAfter;

    internal bool IsApprovedAt(Instant evaluation) =>
        Approver is not null && Approver != DeclaredBy && Approved is { } approved && approved >= Declared && approved <= evaluation
        && !(Ended <= evaluation);
}
