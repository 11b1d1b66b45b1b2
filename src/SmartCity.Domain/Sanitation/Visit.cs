using System.Globalization;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>One truck at one point.</summary>
/// <param name="TruckId">Empty when only the point's own sensors tell that somebody came.</param>
/// <param name="Arrive">The first fix inside, or the first evidence.</param>
/// <param name="Depart">The last fix inside, or the last evidence; null while nothing shows that it left.</param>
/// <param name="Decision">t, the instant that decides early, on time or late.</param>
/// <param name="Stopped">How long it was seen standing.</param>
/// <param name="MinDistanceM">The nearest fix to the point; null without fixes.</param>
/// <param name="Fixes">Fixes inside.</param>
/// <param name="Probable">One weak piece of evidence alone proves it.</param>
/// <param name="Lifts">Bins lifted: distinct tags, or strokes of the lift when they are more.</param>
/// <param name="NetKg">Weight taken; null when nothing was weighed.</param>
public sealed record Visit(
    string TruckId, string PointId, Instant Arrive, Instant? Depart, Instant Decision, TimeSpan Stopped, double? MinDistanceM,
    int Fixes, EvidenceGrade Grade, bool Probable, int Lifts, double? NetKg)
{
    /// <summary>What it means for the obligations of the point.</summary>
    public VisitRole Role { get; init; }

    /// <summary>The obligation it serves, or would serve if another visit did not; null for EXTRA and TRANSIT.</summary>
    public string? ObligationId { get; init; }

    /// <summary>Only what people say tells of it: no position, no sensor, no reading.</summary>
    public bool IsWord { get; init; }

    /// <summary>How many of the point's bins were lifted: 2 all or nearly, 1 some, 0 unknown.</summary>
    internal int Completeness { get; init; }

    /// <summary>Unique: truck, point and arrival.</summary>
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{TruckId}/{PointId}/{Arrive.Milliseconds}");
}
