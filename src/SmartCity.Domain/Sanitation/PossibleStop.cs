using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>A time in which a truck that was seen at a point may have stood there, by fixes too far apart to tell.</summary>
/// <param name="Before">The last fix that shows it elsewhere or driving; null: there is none.</param>
/// <param name="After">The next such fix; null: there is none. All fixes between the two stand at the point.</param>
/// <param name="From">The earliest that it can have stood there, coming straight from the fix before.</param>
/// <param name="Until">The latest, leaving straight for the fix after.</param>
/// <param name="FirstInside">The first of these fixes inside the fence.</param>
/// <param name="LastInside">The last of these fixes inside the fence.</param>
internal sealed record PossibleStop(
    string TruckId, Fence Fence, Fix? Before, Fix? After, Instant From, Instant Until, Instant FirstInside, Instant LastInside)
{
    /// <summary>How much of the acceptance interval it can have stood there.</summary>
    public TimeSpan TimeIn(Obligation obligation) =>
        Instant.Earlier(Until, obligation.AcceptUntil) - Instant.Later(From, obligation.AcceptFrom);

    /// <summary>Whether that is enough for a collection, and for braking before it.</summary>
    public bool MayServe(Obligation obligation) => TimeIn(obligation) > Fence.Point.MinDwell;
}

/// <summary>Finds the times in which a truck may have stood in a fence that it was seen in. However short a gap between two fixes is:
/// who was there needed no time to come.</summary>
internal sealed class PossibleStops(TruckTrack track, StopRuns runs, SanitationRules rules)
{
    /// <summary>The times around the fixes of one stay that leave the minimum dwell, by time.</summary>
    public IEnumerable<PossibleStop> Of(Episode episode)
    {
        var sightings = episode.Sightings;
        var (first, next) = (sightings[0].FixIndex, 0);
        var before = FixAt(first - 1);
        (Instant First, Instant Last)? inside = null;
        var stops = 0;
        for (var i = first; i <= sightings[^1].FixIndex + 1; i++)
        {
            Sighting? sighting = next < sightings.Count && sightings[next].FixIndex == i ? sightings[next++] : null;
            inside = sighting is { Time: var time } ? (inside?.First ?? time, time) : inside;
            if (sighting is { } seen && runs.IsStopAt(seen, episode.Fence))
            {
                stops++;
                continue;
            }
            if (inside is { } span && Between(episode.Fence, before, FixAt(i), stops, span) is { } possible)
            {
                yield return possible;
            }
            (before, stops, inside) = (FixAt(i), 0, sighting is { Time: var at } ? (at, at) : null);
        }
    }

    private PossibleStop? Between(Fence fence, Fix? before, Fix? after, int stops, (Instant First, Instant Last) inside)
    {
        if (stops == 0 && before is { } b && after is { } a && BlindGaps.IsParked(b, a, rules))
        {
            return null;
        }
        var from = before is { } come ? come.Time + Drive(come, fence) : Instant.Min;
        var until = after is { } go ? go.Time - Drive(go, fence) : Instant.Max;
        return before is not null && after is not null && until - from <= fence.Point.MinDwell
            ? null
            : new PossibleStop(track.TruckId, fence, before, after, from, until, inside.First, inside.Last);
    }

    private TimeSpan Drive(in Fix fix, Fence fence) =>
        TimeSpan.FromHours(Geo.Metres(fix.Place, fence.Point.Location) / 1000 / rules.UnseenSpeedKmh);

    private Fix? FixAt(int index) => index >= 0 && index < track.Count ? track.Fixes[index] : null;
}
