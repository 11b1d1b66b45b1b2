using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Where a truck is by its last usable fix.</summary>
/// <param name="Time">When the fix was made.</param>
/// <param name="SpeedKmh">As measured, else as the way from the fix before implies; null when neither is known.</param>
/// <param name="PointId">The collection point it stands at: the nearest one whose fence it is in, if it is slow enough.</param>
/// <param name="ParkedFor">How long it may say nothing more because it stands; null while it drives.</param>
public readonly record struct Whereabout(
    Instant Time, GeoPoint Place, double? SpeedKmh, string? PointId, TimeSpan? ParkedFor);

/// <summary>Says where trucks are, by the same rules as the visits: which fixes are usable, and what standing means.</summary>
public sealed class Whereabouts
{
    private readonly SanitationRules rules;
    private readonly FenceIndex fences;

    /// <summary>Knows the points of a registry.</summary>
    public Whereabouts(RegistrySnapshot registry, SanitationRules rules)
    {
        this.rules = rules;
        fences = new FenceIndex(registry, rules, 0);
    }

    /// <summary>Where a truck is at a moment; null without a usable fix up to then.</summary>
    /// <param name="positions">The truck's last positions, in any order. The list is sorted in place.</param>
    public Whereabout? Of(string truckId, List<PositionRecord> positions, Instant at)
    {
        var track = TruckTrack.Of(truckId, positions, rules, at);
        if (track.Count == 0)
        {
            return null;
        }
        var fix = track.Fixes[^1];
        double? speed = float.IsNaN(fix.SpeedKmh) ? null : fix.SpeedKmh;
        return speed <= rules.StoppedMaxKmh
            ? new Whereabout(fix.Time, fix.Place, speed, PointAt(fix), rules.BlindParked)
            : new Whereabout(fix.Time, fix.Place, speed, null, null);
    }

    private string? PointAt(in Fix fix)
    {
        (string? Id, double Metres) nearest = (null, double.MaxValue);
        foreach (var fence in fences.Near(fix.Lat, fix.Lon))
        {
            var metres = fence.MetresTo(fix.Lat, fix.Lon);
            if (metres <= fence.Point.RadiusM && metres < nearest.Metres && fence.IsInForceAt(fix.Time))
            {
                nearest = (fence.Point.Id, metres);
            }
        }
        return nearest.Id;
    }
}
