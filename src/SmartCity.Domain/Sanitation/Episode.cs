using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>One fix inside a fence.</summary>
/// <param name="Run">The run of stopped fixes it belongs to; -1 while driving.</param>
internal readonly record struct Sighting(int FixIndex, Instant Time, float Metres, int Run);

/// <summary>One stay of a truck inside the fence of one point.</summary>
internal sealed class Episode(Fence fence)
{
    public Fence Fence => fence;

    public List<Sighting> Sightings { get; } = new(8);

    /// <summary>When it was first seen outside; null while nothing shows that it left.</summary>
    public Instant? Left { get; set; }

    /// <summary>The first fix outside of the hysteresis, while it is not yet clear that it left.</summary>
    public Instant? OutsideSince { get; set; }

    public Instant First => Sightings[0].Time;

    public Instant Last => Sightings[^1].Time;
}
