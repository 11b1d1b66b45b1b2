using SmartCity.Domain.Registry;
using SmartCity.Domain.Telemetry;

namespace SmartCity.Domain.Sanitation;

/// <summary>A time in which nobody saw a truck: between two of its fixes, before its first or after its last.</summary>
internal readonly record struct BlindGap(Fix? Before, Fix? After)
{
    public Instant From => Before?.Time ?? Instant.Min;

    public Instant Until => After?.Time ?? Instant.Max;
}

/// <summary>The times in which one truck was out of sight, and what it could have done meanwhile.</summary>
internal sealed class BlindGaps
{
    private readonly List<BlindGap> gaps = [];
    private readonly SanitationRules rules;

    public BlindGaps(TruckTrack track, RegistrySnapshot registry, SanitationRules rules, Instant evaluation)
    {
        (Track, this.rules) = (track, rules);
        var versions = registry.TruckVersions(track.TruckId);
        var fixes = track.Fixes;
        if (fixes.Length == 0)
        {
            gaps.Add(new BlindGap(null, null));
            return;
        }
        gaps.Add(new BlindGap(null, fixes[0]));
        for (var i = 1; i < fixes.Length; i++)
        {
            var gap = fixes[i].Time - fixes[i - 1].Time;
            if (gap > Allowed(versions, fixes[i - 1].Time) && !IsParked(fixes[i - 1], fixes[i], rules))
            {
                gaps.Add(new BlindGap(fixes[i - 1], fixes[i]));
            }
        }
        if (evaluation - fixes[^1].Time > Allowed(versions, fixes[^1].Time))
        {
            gaps.Add(new BlindGap(fixes[^1], null));
        }
    }

    public TruckTrack Track { get; }

    /// <summary>The gap that left the most time for the minimum dwell inside the acceptance interval; null when none did.</summary>
    public BlindGap? FindChance(Obligation obligation)
    {
        (BlindGap? Gap, TimeSpan Time) best = (null, TimeSpan.MinValue);
        for (var i = FirstEndingAfter(obligation.AcceptFrom); i < gaps.Count && gaps[i].From < obligation.AcceptUntil; i++)
        {
            var time = TimeAt(obligation, gaps[i]);
            if (time >= obligation.Point.MinDwell && time > best.Time)
            {
                best = (gaps[i], time);
            }
        }
        return best.Gap;
    }

    /// <summary>How long the truck can have been at the point inside the acceptance interval, driving straight there and on.</summary>
    private TimeSpan TimeAt(Obligation obligation, BlindGap gap)
    {
        var from = obligation.AcceptFrom;
        var until = obligation.AcceptUntil;
        if (gap.Before is { } before)
        {
            from = Instant.Later(from, before.Time + Drive(before.Place, obligation.Point.Location));
        }
        if (gap.After is { } after)
        {
            until = Instant.Earlier(until, after.Time - Drive(obligation.Point.Location, after.Place));
        }
        return until - from;
    }

    private TimeSpan Drive(GeoPoint from, GeoPoint to) =>
        TimeSpan.FromHours(Geo.Metres(from, to) / 1000 / rules.UnseenSpeedKmh);

    private TimeSpan Allowed(IReadOnlyList<Truck> versions, Instant at)
    {
        var allowed = rules.BlindMin;
        foreach (var version in versions)
        {
            if (version.Validity.Contains(at) && version.PositionInterval * rules.BlindIntervals > allowed)
            {
                allowed = version.PositionInterval * rules.BlindIntervals;
            }
        }
        return allowed;
    }

    /// <summary>Whether two successive fixes show a parked truck, whose tracker reports seldom.</summary>
    public static bool IsParked(in Fix before, in Fix after, SanitationRules rules) =>
        after.Time - before.Time <= rules.BlindParked && before.SpeedKmh <= rules.StoppedMaxKmh && after.SpeedKmh <= rules.StoppedMaxKmh
        && Geo.Metres(before.Place, after.Place) <= rules.ParkedMaxM;

    private int FirstEndingAfter(Instant at)
    {
        var (low, high) = (0, gaps.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = gaps[middle].Until <= at ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
