using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Registry;

/// <summary>When a version of an asset holds: [From, Until), without end when Until is null.</summary>
public readonly record struct Validity(Instant From, Instant? Until)
{
    /// <summary>Whether the version holds at <paramref name="at"/>.</summary>
    public bool Contains(Instant at) => at >= From && (Until is not { } until || at < until);
}

/// <summary>One version of something the city owns. Versions of one id do not overlap.</summary>
public interface IAsset
{
    /// <summary>Unique in its kind, over all versions of the same thing.</summary>
    string Id { get; }

    /// <summary>When this version holds.</summary>
    Validity Validity { get; }
}

/// <summary>The level of an area.</summary>
public enum AreaKind : byte
{
    /// <summary>区</summary>
    District = 1,

    /// <summary>街道</summary>
    Subdistrict = 2,

    /// <summary>小区</summary>
    Compound = 3,

    /// <summary>网格</summary>
    Grid = 4,
}

/// <summary>What a pile charges.</summary>
public enum PileKind : byte
{
    /// <summary>Sockets for e-bikes.</summary>
    EbikeAc = 1,

    /// <summary>Lockers for e-bike batteries.</summary>
    EbikeCabinet = 2,

    /// <summary>AC posts for cars.</summary>
    EvAc = 3,

    /// <summary>DC posts for cars.</summary>
    EvDc = 4,
}

/// <summary>A place on earth, WGS-84 degrees.</summary>
public readonly record struct GeoPoint(double Lat, double Lon);

/// <summary>A district, subdistrict, compound or grid.</summary>
/// <param name="ParentId">A subdistrict's district; a compound's or grid's subdistrict.</param>
/// <param name="GridId">A compound's grid.</param>
public sealed record Area(string Id, Validity Validity, AreaKind Kind, string Name, string? ParentId, string? GridId) : IAsset;

/// <summary>A charging pile. Its ports are numbered from 1 to <paramref name="Ports"/>.</summary>
/// <param name="RatedPortPowerW">The most one port gives, W; null when not known.</param>
/// <param name="ReportInterval">How often it is heard at the latest.</param>
public sealed record Pile(
    string Id, Validity Validity, string Name, string CompoundId, PileKind Kind, int Ports, double? RatedPortPowerW,
    TimeSpan ReportInterval, string? Vendor, string? Model, GeoPoint? Location) : IAsset;

/// <summary>A collection truck.</summary>
/// <param name="RouteId">The route it drives by default.</param>
/// <param name="Tracked">It carries a tracker.</param>
/// <param name="PositionInterval">How often the tracker sends while driving.</param>
public sealed record Truck(
    string Id, Validity Validity, string Plate, string? DistrictId, string? RouteId, bool Tracked, TimeSpan PositionInterval)
    : IAsset;

/// <summary>A tour of trucks over points.</summary>
public sealed record Route(string Id, Validity Validity, string Name, string? DistrictId) : IAsset;

/// <summary>A place where garbage is collected.</summary>
/// <param name="RadiusM">The fence around it, m.</param>
/// <param name="MinDwell">How long a truck has to stand there to have served it.</param>
public sealed record CollectionPoint(
    string Id, Validity Validity, string Name, string CompoundId, GeoPoint Location, double RadiusM, TimeSpan MinDwell,
    int Households) : IAsset;

/// <summary>A bin with a tag, at a point.</summary>
public sealed record Bin(string Id, Validity Validity, string PointId, string Epc, double? VolumeL) : IAsset;

/// <summary>A daily span of local time in which points are to be served. Validity is in service dates here: From and Until
/// are the local midnights of the first date in and the first date out.</summary>
/// <param name="Key">MORNING, NOON, EVENING or any other word; several versions may share it over the seasons.</param>
/// <param name="Start">Local wall time.</param>
/// <param name="End">Local wall time; not after the start: on the next day.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="EarlyTolerance">Still on time before the start.</param>
/// <param name="LateGrace">Still on time after the end.</param>
/// <param name="AcceptBefore">How early a visit may still count as EARLY.</param>
/// <param name="AcceptAfter">How late a visit may still count as LATE.</param>
public sealed record CollectionWindow(
    string Id, Validity Validity, string Key, TimeOnly Start, TimeOnly End, string TimeZone, TimeSpan EarlyTolerance,
    TimeSpan LateGrace, TimeSpan AcceptBefore, TimeSpan AcceptAfter) : IAsset;

/// <summary>A point is to be served in a window on these weekdays.</summary>
/// <param name="Weekdays">Bit 0 is Monday, bit 6 is Sunday.</param>
/// <param name="Sequence">The stop's place in the route.</param>
public sealed record Assignment(
    string Id, Validity Validity, string PointId, string WindowKey, string? RouteId, string? TruckId, byte Weekdays, int Sequence)
    : IAsset;
