using SmartCity.Domain.Registry;
using SmartCity.Domain.Sanitation;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Tests.Oracle.Sanitation;

/// <summary>Where a truck says it is.</summary>
internal sealed record Seen(double Lat, double Lon, double? SpeedKmh, double? AccuracyM, bool? Valid);

/// <summary>A piece of evidence.</summary>
internal sealed record Proof(
    EvidenceType Type, string? PointId, string? Epc, double? NetKg, int? Count, double? Lat, double? Lon);

/// <summary>How full a bin of a point is.</summary>
internal sealed record Filled(string Bin, double? Ratio);

/// <summary>A supervisor believes one piece of evidence.</summary>
internal sealed record Believed(int Truck, int? Boot, long Sequence, ushort Index, long At);

/// <summary>What the registry says, as plain lists of versions.</summary>
internal sealed record OracleRegistry(
    IReadOnlyList<Area> Areas, IReadOnlyList<Truck> Trucks, IReadOnlyList<CollectionPoint> Points, IReadOnlyList<Bin> Bins,
    IReadOnlyList<CollectionWindow> Windows, IReadOnlyList<Assignment> Assignments);

/// <summary>One question with all that is known. Devices below <see cref="FirstPoint"/> are trucks, the others points.</summary>
internal sealed record OracleTown(
    int Seed, OracleRegistry Registry, DateOnly First, DateOnly Last, long Evaluation, IReadOnlyList<Delivery> Deliveries,
    IReadOnlyList<ObligationException> Exceptions, IReadOnlyList<Believed> Believed)
{
    public const int FirstPoint = 10;

    public IEnumerable<string> PointIds => Registry.Points.Select(p => p.Id).Distinct().Order(StringComparer.Ordinal);

    public static string NameOf(int device) => device < FirstPoint ? $"T{device}" : $"P{device - FirstPoint}";

    public static int NumberOf(string id) => id[1] - '0';

    public static bool Holds(IAsset version, long ms) =>
        ms >= version.Validity.From.Milliseconds && (version.Validity.Until is not { } until || ms < until.Milliseconds);

    public CollectionPoint? PointAt(string id, long ms) => Registry.Points.FirstOrDefault(p => p.Id == id && Holds(p, ms));

    /// <summary>Metres on a globe.</summary>
    public static double Metres(double lat1, double lon1, double lat2, double lon2)
    {
        const double Radians = Math.PI / 180;
        var (north, east) = (Math.Sin((lat2 - lat1) * Radians / 2), Math.Sin((lon2 - lon1) * Radians / 2));
        var chord = (north * north) + (Math.Cos(lat1 * Radians) * Math.Cos(lat2 * Radians) * east * east);
        return 2 * 6_371_008.8 * Math.Asin(Math.Min(1, Math.Sqrt(chord)));
    }
}
