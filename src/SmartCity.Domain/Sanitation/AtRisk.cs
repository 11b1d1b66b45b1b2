using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

// Numbers are those of the wire (protos/smartcity/v1/sanitation_live.proto); a test compares them.

/// <summary>What is to be expected of an open obligation, the worst first.</summary>
public enum CollectionRisk : byte
{
    /// <summary>Expected at or after the cutoff.</summary>
    Miss = 1,

    /// <summary>No truck is seen to be on its way.</summary>
    Unknown = 2,

    /// <summary>Expected late, before the cutoff.</summary>
    Late = 3,

    /// <summary>Expected shortly before it is late.</summary>
    Tight = 4,

    /// <summary>Expected in time.</summary>
    OnTrack = 5,
}

/// <summary>Why an open obligation is at risk; the first that fits.</summary>
public enum RiskCause : byte
{
    /// <summary>It is not.</summary>
    None = 0,

    /// <summary>No truck is assigned, and none drives its route.</summary>
    NoTruck = 1,

    /// <summary>None of its trucks carries a tracker.</summary>
    NotTracked = 2,

    /// <summary>None of its trucks is heard.</summary>
    Silent = 3,

    /// <summary>The route went on to later stops and left it out.</summary>
    Passed = 4,

    /// <summary>Its truck stands still for long.</summary>
    Standing = 5,

    /// <summary>Its window began, and its route has served no stop.</summary>
    NotStarted = 6,

    /// <summary>The route is behind.</summary>
    Behind = 7,
}

/// <summary>How an expected time was found.</summary>
public enum EtaMethod : byte
{
    /// <summary>None was found.</summary>
    None = 0,

    /// <summary>The pace of the route in this window times the stops left.</summary>
    Progress = 1,

    /// <summary>Straight lines at a stated speed, and the median dwell at the stops left.</summary>
    Distance = 2,
}

/// <summary>The numbers behind what is expected.</summary>
public sealed record AtRiskRules
{
    /// <summary>As delivered.</summary>
    public static AtRiskRules Default { get; } = new();

    /// <summary>How far ahead to look: windows that open, and deadlines of what nobody is seen to come for.</summary>
    public TimeSpan Horizon { get; init; } = TimeSpan.FromHours(1);

    /// <summary>What is expected so shortly before it would be late is at risk.</summary>
    public TimeSpan Slack { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How fast a truck comes on in a straight line through a town, km/h.</summary>
    public double SpeedKmh { get; init; } = 15;

    /// <summary>A route has a pace once it has served so many stops of the window.</summary>
    public int PaceStopsMin { get; init; } = 3;

    /// <summary>A truck at work that stands for longer may have broken down.</summary>
    public TimeSpan StandingMin { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>How many trucks are named for a point that none is planned for.</summary>
    public int NearestMax { get; init; } = 3;
}

/// <summary>One truck that may come to a point.</summary>
/// <param name="IsPlanned">Assigned, on the route, or at work on it in this window.</param>
/// <param name="IsSilent">Not heard for so long that nobody knows where it is.</param>
/// <param name="PositionTime">Its last usable fix; null without one.</param>
/// <param name="DistanceM">From there to the point, in a straight line.</param>
/// <param name="Eta">When it is expected; null unless it is planned and seen.</param>
/// <param name="DirectArrival">When it would be there if it drove there at once.</param>
/// <param name="StopsServed">Of this route and window.</param>
public sealed record TruckOutlook(
    string TruckId, string Plate, bool IsPlanned, bool IsTracked, bool IsSilent, Instant? PositionTime, Instant? StandingSince,
    double? DistanceM, EtaMethod Method, Instant? Eta, Instant? DirectArrival, int StopsServed);

/// <summary>An open obligation and what is to be expected of it.</summary>
/// <param name="Eta">When it is expected to be served; null when no truck is seen to be on its way.</param>
/// <param name="Reason">Why it is at risk, for a person.</param>
/// <param name="Certainty">How <paramref name="Eta"/> was found and how sure it is, for a person.</param>
/// <param name="Unseen">What was not seen since it could be served; empty: nothing.</param>
/// <param name="Trucks">The soonest first.</param>
public sealed record AtRisk(
    ObligationOutcome Outcome, CollectionRisk Risk, RiskCause Cause, Instant? Eta, EtaMethod Method, string Reason,
    string Certainty, string Unseen, IReadOnlyList<TruckOutlook> Trucks)
{
    /// <summary>From what is expected to the end of on time; negative: late.</summary>
    public TimeSpan? MarginOnTime => Eta is { } eta ? Outcome.Obligation.OnTimeUntil - eta : null;

    /// <summary>From what is expected to the cutoff; negative: missed.</summary>
    public TimeSpan? MarginCutoff => Eta is { } eta ? Outcome.Obligation.AcceptUntil - eta : null;
}
