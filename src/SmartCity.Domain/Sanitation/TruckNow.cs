using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>Where a truck is, as far as anybody knows.</summary>
/// <param name="Last">Its last usable fix.</param>
/// <param name="IsSilent">That fix is so old that the truck may be anywhere.</param>
/// <param name="StandingSince">Since when it stands where it is; null while it drives.</param>
internal sealed record TruckNow(Truck Truck, Fix? Last, bool IsSilent, Instant? StandingSince)
{
    /// <summary>Whether somebody knows where it is.</summary>
    public bool IsSeen => Last is not null && !IsSilent;

    public static TruckNow Of(Truck truck, TruckTrack track, SanitationRules rules, Instant evaluation)
    {
        var fixes = track.Fixes;
        if (fixes.Length == 0)
        {
            return new TruckNow(truck, null, true, null);
        }
        var last = fixes[^1];
        var allowed = truck.PositionInterval * rules.BlindIntervals;
        allowed = allowed > rules.SilentMin ? allowed : rules.SilentMin;
        if (last.SpeedKmh <= rules.StoppedMaxKmh && rules.BlindParked > allowed)
        {
            // Trackers of parked trucks report seldom.
            allowed = rules.BlindParked;
        }
        Instant? since = null;
        for (var i = fixes.Length - 1; i >= 0 && fixes[i].SpeedKmh <= rules.StoppedMaxKmh
            && Geo.Metres(fixes[i].Place, last.Place) <= rules.ParkedMaxM; i--)
        {
            since = fixes[i].Time;
        }
        return new TruckNow(truck, last, evaluation - last.Time > allowed, since);
    }
}
